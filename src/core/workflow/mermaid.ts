import type { GraphNode, WorkflowGraph } from "./graph.ts";
import type { StepState } from "./step-state.ts";

const CLASSES: readonly { name: string; style: string; states: readonly StepState[] }[] = [
  { name: "done", style: "fill:#d3f9d8,stroke:#2b8a3e,color:#000", states: ["done"] },
  { name: "active", style: "fill:#d0ebff,stroke:#1864ab,color:#000", states: ["running", "checking"] },
  { name: "waiting", style: "fill:#fff3bf,stroke:#e67700,color:#000", states: ["waiting"] },
  { name: "failed", style: "fill:#ffe3e3,stroke:#c92a2a,color:#000", states: ["failed"] },
  { name: "idle", style: "fill:#f1f3f5,stroke:#868e96,color:#000", states: ["queued", "blocked"] },
  {
    name: "left",
    style: "fill:#fff,stroke:#adb5bd,color:#868e96,stroke-dasharray:4",
    states: ["skipped", "cancelled"],
  },
];

/** The steps as a Mermaid flowchart, for documents; those of a run coloured by their states. */
export function toMermaid(graph: WorkflowGraph): string {
  const names = new Map(graph.map(({ id }, index) => [id, `s${index + 1}`]));
  const nameOf = (id: string) => names.get(id) ?? "";
  const used = CLASSES.filter(({ states }) => graph.some(({ state }) => state !== null && states.includes(state)));
  return [
    "flowchart TD",
    ...graph.map((node) => `  ${nameOf(node.id)}${shape(node)}`),
    ...graph.flatMap(({ id, needs }) => needs.map((need) => `  ${nameOf(need)} --> ${nameOf(id)}`)),
    ...used.map(({ name, style }) => `  classDef ${name} ${style}`),
    ...used.map(({ name, states }) => {
      const members = graph.filter(({ state }) => state !== null && states.includes(state));
      return `  class ${members.map(({ id }) => nameOf(id)).join(",")} ${name}`;
    }),
  ].join("\n");
}

function shape({ id, title, role, count, state, isConditional }: GraphNode): string {
  const facts = [role, count, state].filter((fact) => fact !== null).join(" · ");
  const lines = [`<b>${escaped(id)}</b>`, escaped(title), escaped(facts)].filter((line) => line !== "");
  const text = `"${lines.join("<br/>")}"`;
  return isConditional ? `{{${text}}}` : `[${text}]`;
}

/** Mermaid has entities of its own, without the ampersand; brackets of HTML would be taken for tags. */
function escaped(text: string): string {
  return text
    .replace(/[#"<>&`\\]/g, (character) => `#${character.codePointAt(0)};`)
    .replace(/\s+/g, " ")
    .trim();
}
