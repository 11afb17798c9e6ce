import { cut, width } from "../text-width.ts";
import { type GraphNode, type WorkflowGraph, withoutDetours } from "./graph.ts";
import type { StepState } from "./step-state.ts";

const COLUMNS = 80;
const GAP = "  ";
/** With more lines side by side there would be no room for words. */
const MAX_LANES = 20;

/** What stands for a step in the picture. */
export const STEP_MARKS: Readonly<Record<StepState | "step" | "condition", string>> = {
  ...{ step: "●", condition: "◇" },
  ...{ done: "●", failed: "×", cancelled: "×", skipped: "-" },
  ...{ running: "◐", waiting: "◐", checking: "◐", queued: "○", blocked: "○" },
};

/** How a state is shown; without it, as it is. */
type PaintState = (text: string, state: StepState) => string;

/**
 * The steps from top to bottom in at most 80 columns, each on a line of its own; a line leads from each step down to those
 * that need it.
 */
export function drawGraph(graph: WorkflowGraph, paint: PaintState = (text) => text): string {
  const rows = drawLanes(withoutDetours(graph));
  const widest = Math.max(...rows.map(({ lanes }) => lanes.length));
  const words = rows.flatMap(({ node }) => (node ? [wordsOf(node)] : []));
  const columns = [0, 1, 2, 3].map((index) => Math.max(0, ...words.map((cells) => width(cells[index] ?? ""))));
  return rows
    .map(({ lanes, node }) => {
      if (!node) return lanes.trimEnd();
      const cells = wordsOf(node).map((cell, index) => cell + " ".repeat((columns[index] ?? 0) - width(cell)));
      const filled = cells.filter((_, index) => (columns[index] ?? 0) > 0);
      const text = [...filled, node.title.replace(/\s+/g, " ")].join(GAP);
      const line = cut(`${lanes.padEnd(widest)}${GAP}${text}`, COLUMNS).trimEnd();
      if (node.state === null) return line;
      // Lines and ids take one column a character, so that the state begins here.
      const start = widest + GAP.length + (columns[0] ?? 0) + GAP.length;
      const end = start + node.state.length;
      return line.slice(0, start) + paint(line.slice(start, end), node.state) + line.slice(end);
    })
    .join("\n");
}

function wordsOf({ id, state, role, count }: GraphNode): string[] {
  return [cut(id, 24), state ?? "", cut(role ?? "", 18), cut(count ?? "", 14)];
}

interface Row {
  lanes: string;
  /** Null: only lines. */
  node: GraphNode | null;
}

/** Each lane leads to one step that is drawn later. */
function drawLanes(nodes: readonly GraphNode[]): Row[] {
  const rows: Row[] = [];
  const lanes: (string | undefined)[] = [];
  const free = (from: number) => {
    const found = lanes.findIndex((lane, index) => lane === undefined && index >= from);
    return found < 0 ? lanes.length : found;
  };
  for (const node of nodes) {
    const arriving = lanes.flatMap((lane, index) => (lane === node.id ? [index] : []));
    const [own = free(0)] = arriving;
    if (arriving.length > 1)
      rows.push({ lanes: bend(lanes, { own, others: arriving.slice(1), corner: "╯", tee: "┴" }), node: null });
    for (const index of arriving) lanes[index] = undefined;
    lanes[own] = node.id;
    rows.push({ lanes: picture(lanes.map((lane, index) => (index === own ? markOf(node) : lane && "│"))), node });
    const [first, ...others] = nodes.filter(({ needs }) => needs.includes(node.id));
    lanes[own] = first?.id;
    const leaving = others.map(({ id }) => {
      const index = free(own + 1);
      lanes[index] = id;
      return index;
    });
    if (leaving.length > 0)
      rows.push({ lanes: bend(lanes, { own, others: leaving, corner: "╮", tee: "┬" }), node: null });
    if (lanes.length > MAX_LANES) return nodes.map((each) => ({ lanes: markOf(each), node: needsInWords(each) }));
  }
  return rows;
}

/** A line across, from a step's own lane to the others; lanes in between are crossed. */
function bend(
  lanes: readonly (string | undefined)[],
  { own, others, corner, tee }: { own: number; others: readonly number[]; corner: string; tee: string },
): string {
  const last = Math.max(...others);
  const marks = lanes.map((lane, index) => {
    if (index === own) return "├";
    if (index === last) return corner;
    if (others.includes(index)) return tee;
    if (index > own && index < last) return lane === undefined ? "─" : "┼";
    return lane && "│";
  });
  return picture(marks, { from: own, to: last });
}

function picture(marks: readonly (string | undefined)[], across = { from: 0, to: 0 }): string {
  return marks
    .map((mark, index) => (mark ?? " ") + (index >= across.from && index < across.to ? "─" : " "))
    .join("")
    .trimEnd();
}

function markOf({ state, isConditional }: GraphNode): string {
  return STEP_MARKS[state ?? (isConditional ? "condition" : "step")];
}

function needsInWords(node: GraphNode): GraphNode {
  return node.needs.length === 0 ? node : { ...node, title: `after ${node.needs.join(", ")}  ${node.title}` };
}
