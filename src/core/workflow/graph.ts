import type { RunView } from "./run.ts";
import type { StepState } from "./step-state.ts";
import type { WorkflowView } from "./template.ts";

export interface GraphNode {
  id: string;
  title: string;
  role: string | null;
  needs: readonly string[];
  /** Of several tasks how many there are, or how many of them are done. */
  count: string | null;
  /** It may be left out. */
  isConditional: boolean;
  /** Null in a template. */
  state: StepState | null;
}

/** The steps of a workflow or run; who is needed stands before those who need it. */
export type WorkflowGraph = readonly GraphNode[];

export function graphOfTemplate({ steps }: Pick<WorkflowView, "steps">): WorkflowGraph {
  return inOrder(
    steps.map(({ id, title, role, needs, parallel, when }) => {
      const items = parallel && ("items" in parallel ? String(parallel.items.length) : parallel.input);
      const count = items === null ? null : `× ${items}`;
      return { id, title: title === id ? "" : title, role, needs, count, isConditional: when !== null, state: null };
    }),
  );
}

export function graphOfRun({ steps }: Pick<RunView, "steps">): WorkflowGraph {
  return inOrder(
    steps.map(({ id, title, role, needs, state, tasks, done }) => {
      const count = tasks.length > 1 ? `${done}/${tasks.length}` : null;
      return { id, title: title === id ? "" : title, role, needs, count, isConditional: false, state };
    }),
  );
}

/** Steps as early as their needs allow, else in the order of the file. */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const ordered: GraphNode[] = [];
  const placed = new Set<string>();
  const left = [...nodes];
  while (left.length > 0) {
    const next = left.findIndex(({ needs }) => needs.every((need) => placed.has(need)));
    const [node] = left.splice(Math.max(0, next), 1);
    if (!node) break;
    placed.add(node.id);
    ordered.push(node);
  }
  return ordered;
}

/** Without needs that follow from others: where a → b → c is drawn, a → c says nothing more. */
export function withoutDetours(graph: WorkflowGraph): GraphNode[] {
  const before = new Map<string, Set<string>>();
  for (const { id, needs } of graph) {
    before.set(id, new Set(needs.flatMap((need) => [need, ...(before.get(need) ?? [])])));
  }
  return graph.map((node) => ({
    ...node,
    needs: node.needs.filter((need) => !node.needs.some((other) => other !== need && before.get(other)?.has(need))),
  }));
}
