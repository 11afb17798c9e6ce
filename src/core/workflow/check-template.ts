import { nearNames } from "../near-names.ts";
import { findCycle } from "../task-graph.ts";
import { partsOf } from "./condition.ts";
import type { PromptTemplate, Reference } from "./placeholders.ts";
import type { Problems, YamlPath } from "./problems.ts";
import { STEP_STATES } from "./step-state.ts";
import type { WorkflowStep, WorkflowTemplate } from "./template.ts";

/** The roles that steps may name. */
export interface KnownRoles {
  has(name: string): boolean;
  names: readonly string[];
}

/** One task per item: more than that is a mistake rather than a plan. */
export const MAX_ITEMS = 50;

/** Everything about a template that needs more than one of its fields to be known. */
export function checkTemplate(template: WorkflowTemplate, roles: KnownRoles, problems: Problems): void {
  checkNames(template, problems);
  const known = new Map(template.steps.map((step, index) => [step.id, { step, index }]));
  const isSound = checkNeeds(template, known, problems);
  for (const [index, step] of template.steps.entries()) {
    const path = ["steps", index];
    if (step.role !== null && !roles.has(step.role)) {
      problems.add([...path, "role"], `there is no role ${JSON.stringify(step.role)}`, hintAt(step.role, roles.names));
    }
    checkParallel(template, step, path, problems);
    // Who comes before whom is unknown as long as needs are wrong: complaining about it would be noise.
    checkReferences({ template, step, path, before: isSound ? stepsBefore(step, known) : undefined }, problems);
  }
}

type Known = ReadonlyMap<string, { step: WorkflowStep; index: number }>;

function checkNames({ inputs, steps, aliases }: WorkflowTemplate, problems: Problems): void {
  for (const [key, names, list] of [
    ["name", inputs.map(({ name }) => name), "inputs"],
    ["id", steps.map(({ id }) => id), "steps"],
  ] as const) {
    for (const [index, name] of names.entries()) {
      const first = names.indexOf(name);
      if (name === "" || first === index) continue;
      const hint = "Give it another one.";
      problems.add([list, index, key], `${JSON.stringify(name)} is the ${key} of an earlier one, too`, { hint });
    }
  }
  for (const [index, alias] of aliases.entries()) {
    if (!/^\P{Cc}{1,100}$/u.test(alias)) problems.add(["aliases", index], "an alias is one line of text");
  }
}

/** False where who comes before whom cannot be told. */
function checkNeeds({ steps }: WorkflowTemplate, known: Known, problems: Problems): boolean {
  let isSound = true;
  for (const [index, step] of steps.entries()) {
    for (const [position, need] of step.needs.entries()) {
      const path = ["steps", index, "needs", position];
      if (step.needs.indexOf(need) !== position) problems.add(path, `${need} is needed twice`);
      if (known.has(need)) continue;
      isSound = false;
      const names = steps.map(({ id }) => id).filter((id) => id !== step.id);
      problems.add(path, `there is no step ${JSON.stringify(need)}`, hintAt(need, names));
    }
  }
  const cycle = findCycle(steps);
  const [first] = cycle ?? [];
  const found = first === undefined ? undefined : known.get(first);
  if (!cycle || !found) return isSound;
  const hint = "Take one of these needs away.";
  problems.add(["steps", found.index, "needs"], `these steps wait for each other: ${cycle.join(" → ")}`, { hint });
  return false;
}

function stepsBefore(step: WorkflowStep, known: Known): Set<string> {
  const before = new Set<string>();
  const open = [...step.needs];
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    if (before.has(need)) continue;
    before.add(need);
    open.push(...(known.get(need)?.step.needs ?? []));
  }
  return before;
}

function checkParallel({ inputs }: WorkflowTemplate, { parallel }: WorkflowStep, path: YamlPath, problems: Problems) {
  if (parallel === null) return;
  const here = [...path, "parallel"];
  if ("items" in parallel) {
    const { items } = parallel;
    if (items.length === 0) problems.add(here, "there is nothing to be done in parallel");
    if (items.length > MAX_ITEMS) problems.add(here, `parallel has at most ${MAX_ITEMS} items`);
    for (const [index, item] of items.entries()) {
      if (item.trim() === "") problems.add([...here, index], "this item is empty");
      else if (items.indexOf(item) !== index) problems.add([...here, index], `${JSON.stringify(item)} is there twice`);
    }
    return;
  }
  const input = inputs.find(({ name }) => name === parallel.input);
  if (!input) {
    const names = inputs.map(({ name }) => name);
    problems.add(here, `there is no input ${JSON.stringify(parallel.input)}`, hintAt(parallel.input, names));
  } else if (input.type !== "list") {
    problems.add(here, `the input ${input.name} is no list`, { hint: `Give the input ${input.name} type: list.` });
  }
}

interface Checked {
  template: WorkflowTemplate;
  step: WorkflowStep;
  path: YamlPath;
  /** Ids of the steps before this one; undefined where that cannot be told. */
  before: ReadonlySet<string> | undefined;
}

type Allowed = readonly Reference["kind"][];

function checkReferences(checked: Checked, problems: Problems): void {
  const { step, path } = checked;
  const everything: Allowed = ["input", "item", "result", "state"];
  checkText(checked, step.prompt, [...path, "prompt"], everything, problems);
  checkText(checked, step.title, [...path, "title"], ["input", "item"], problems);
  for (const [index, word] of (step.check ?? []).entries()) {
    const place = Array.isArray(step.check) && step.check.length > 0 ? [...path, "check", index] : [...path, "check"];
    checkText(checked, word, place, ["input", "item"], problems);
  }
  for (const part of step.when ? partsOf(step.when.condition) : []) {
    if (part.kind === "reference") {
      const complaint = complaintAbout(checked, part.reference, everything);
      if (complaint) problems.add([...path, "when"], complaint.message, { ...complaint.more, passage: part.source });
    } else if (part.kind === "==" || part.kind === "!=") {
      for (const [one, other] of [[part.left, part.right] as const, [part.right, part.left] as const]) {
        if (one.kind !== "reference" || one.reference.kind !== "state" || other.kind !== "text") continue;
        if (STEP_STATES.some((state) => state === other.text)) continue;
        const hint = `A step that has ended is ${STEP_STATES.join(", ")}.`;
        problems.add([...path, "when"], `no step ends as ${JSON.stringify(other.text)}`, { hint, passage: other.text });
      }
    }
  }
}

function checkText(checked: Checked, text: PromptTemplate, path: YamlPath, allowed: Allowed, problems: Problems): void {
  const seen = new Map<string, number>();
  for (const part of text.parts) {
    if (part.kind === "text") continue;
    const occurrence = seen.get(part.source) ?? 0;
    seen.set(part.source, occurrence + 1);
    const spot = { passage: part.source, occurrence };
    if (part.kind === "unknown") {
      const hint =
        "Known: {{inputs.NAME}}, {{item}}, {{steps.ID.result}}, {{steps.ID.state}}; {{'{{'}} stands for two brackets.";
      problems.add(path, `${part.source} stands for nothing`, { ...spot, hint });
      continue;
    }
    const complaint = complaintAbout(checked, part.reference, allowed);
    if (complaint) problems.add(path, complaint.message, { ...complaint.more, ...spot });
  }
}

interface Complaint {
  message: string;
  more: { hint?: string };
}

function complaintAbout(
  { template, step, before }: Checked,
  reference: Reference,
  allowed: Allowed,
): Complaint | undefined {
  if (!allowed.includes(reference.kind)) {
    return { message: "only inputs and {{item}} are known here", more: { hint: "Results are known in the prompt." } };
  }
  switch (reference.kind) {
    case "item":
      if (step.parallel !== null) return undefined;
      return { message: "{{item}} is known only in a step with parallel", more: {} };
    case "input": {
      const names = template.inputs.map(({ name }) => name);
      if (names.includes(reference.name)) return undefined;
      return { message: `there is no input ${JSON.stringify(reference.name)}`, more: hintAt(reference.name, names) };
    }
    case "result":
    case "state": {
      const names = template.steps.map(({ id }) => id).filter((id) => id !== step.id);
      const wanted = reference.step;
      if (wanted === step.id) return { message: `${wanted} cannot ask about itself`, more: {} };
      if (!names.includes(wanted)) {
        return { message: `there is no step ${JSON.stringify(wanted)}`, more: hintAt(wanted, names) };
      }
      if (before === undefined || before.has(wanted)) return undefined;
      return {
        message: `${step.id} does not wait for ${wanted}`,
        more: { hint: `Add ${wanted} to the needs of ${step.id}.` },
      };
    }
  }
}

function hintAt(wanted: string, names: readonly string[]): { hint?: string } {
  const near = nearNames(wanted, names);
  if (near.length > 0) return { hint: `Did you mean ${near.join(" or ")}?` };
  return names.length > 0 ? { hint: `Known: ${names.join(", ")}.` } : {};
}
