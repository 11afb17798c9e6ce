import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { width } from "../../../src/core/text-width.ts";
import { drawGraph } from "../../../src/core/workflow/draw-graph.ts";
import { type GraphNode, graphOfTemplate } from "../../../src/core/workflow/graph.ts";
import { toMermaid } from "../../../src/core/workflow/mermaid.ts";
import { toWorkflowView } from "../../../src/operations/workflow/template-view.ts";
import { template } from "./support.ts";

const node = (id: string, needs: string[], more: Partial<GraphNode> = {}): GraphNode => ({
  ...{ id, needs, title: "", role: null, count: null, isConditional: false, state: null },
  ...more,
});
const graph = (text: string) => graphOfTemplate(toWorkflowView(template(text)));

describe("the picture of a workflow", () => {
  it("leads from each step down to those that need it", () => {
    const drawn = drawGraph(
      graph(`steps:
  - {id: plan, title: Plan it, role: reviewer, prompt: p}
  - {id: test, needs: plan, role: tester, prompt: p, parallel: [a, b]}
  - {id: build, needs: plan, prompt: p}
  - {id: docs, needs: [build], when: "true", prompt: p}
  - {id: end, needs: [plan, test, docs], prompt: p}
`),
    );
    expect(drawn.split("\n")).toEqual([
      "●    plan   reviewer       Plan it",
      "├─╮",
      "● │  test   tester    × 2",
      "│ ●  build",
      "│ ◇  docs",
      "├─╯",
      "●    end",
    ]);
  });

  it("crosses lines where it must, and puts who is needed first whatever the file says", () => {
    const drawn = drawGraph(
      graph(`steps:
  - {id: d, needs: [a, c], prompt: p}
  - {id: e, needs: [b, c], prompt: p}
  - {id: a, prompt: p}
  - {id: b, prompt: p}
  - {id: c, prompt: p}
`),
    );
    expect(drawn.split("\n")).toEqual([
      "●        a",
      "│ ●      b",
      "│ │ ●    c",
      "│ │ ├─╮",
      "├─┼─╯ │",
      "● │   │  d",
      "  ├───╯",
      "  ●      e",
    ]);
  });

  it("tells states, and shows them in colours where somebody paints them", () => {
    const nodes = [
      node("a", [], { state: "done" }),
      node("b", ["a"], { state: "failed", count: "1/2", title: "B" }),
      node("c", ["b"], { state: "blocked" }),
    ];
    expect(drawGraph(nodes, (text, state) => `<${state} ${text}>`).split("\n")).toEqual([
      "●  a  <done done>",
      "×  b  <failed failed>   1/2  B",
      "○  c  <blocked blocked>",
    ]);
  });

  it("has each step on a line of its own in the order of needs, and never more than 80 columns", () => {
    const shapes = fc.array(
      fc.record({
        needs: fc.array(fc.nat(40), { maxLength: 5 }),
        title: fc.string({ maxLength: 90, unit: "grapheme" }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(shapes, (steps) => {
        const nodes = steps.map(({ needs, title }, index) =>
          node(`step${index}`, index === 0 ? [] : [...new Set(needs.map((need) => `step${need % index}`))], {
            title: title.replace(/\p{Cc}/gu, ""),
          }),
        );
        const lines = drawGraph(nodes).split("\n");
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(80);
        const order = lines.flatMap((line) => /^[●│ ]*●[│ ]* (step\d+)( |$)/.exec(line)?.[1] ?? []);
        expect(order).toEqual(nodes.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });
});

it("Mermaid has every step with its needs, coloured by state, and nothing that a title could break", () => {
  const nodes = [
    node("a", [], { role: "tester", title: 'Say "hi" <b>', state: "done" }),
    node("b", ["a"], { isConditional: true, count: "× 2", state: "skipped" }),
  ];
  expect(toMermaid(nodes).split("\n")).toEqual([
    "flowchart TD",
    '  s1["<b>a</b><br/>Say #34;hi#34; #60;b#62;<br/>tester · done"]',
    '  s2{{"<b>b</b><br/>× 2 · skipped"}}',
    "  s1 --> s2",
    "  classDef done fill:#d3f9d8,stroke:#2b8a3e,color:#000",
    "  classDef left fill:#fff,stroke:#adb5bd,color:#868e96,stroke-dasharray:4",
    "  class s1 done",
    "  class s2 left",
  ]);
});
