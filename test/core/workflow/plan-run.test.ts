import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInputs } from "../../../src/core/workflow/inputs.ts";
import { planRun } from "../../../src/core/workflow/plan-run.ts";
import { codeOf } from "../../support/code-of.ts";
import { template } from "./support.ts";

const INPUTS = `inputs:
  - {name: what}
  - {name: places, type: list, default: []}
  - {name: check, default: ""}
`;

function plan(steps: string, ...given: string[]) {
  const read = template(`${INPUTS}steps:\n${steps}`);
  return planRun(
    read,
    readInputs(read, given.some((text) => text.startsWith("what=")) ? given : ["what=it", ...given]),
  );
}

describe("R3-41: the tasks of a run", () => {
  it("have the needs of their steps, their texts with the inputs, and results still to be filled in", () => {
    const { tasks } = plan(
      `  - {id: a, title: "A {{inputs.what}}", prompt: "Do {{inputs.what}}.", role: tester, retries: 2, timeout: 5m, conversation: new}
  - {id: b, needs: a, prompt: "After {{steps.a.result}}", check: 'run "{{inputs.what}}" -x', worktree: true, onFailure: fix}
`,
      "what=the {{steps.a.result}}",
    );

    expect(tasks).toEqual([
      {
        ...{
          key: "a",
          stepId: "a",
          title: "A the {{steps.a.result}}",
          text: "Do the {{'{{'}}steps.a.result}}.",
          role: "tester",
        },
        ...{
          needs: [],
          check: null,
          retries: 2,
          timeoutMs: 300_000,
          worktree: false,
          conversation: "new",
          onFailure: "none",
        },
      },
      {
        ...{ key: "b", stepId: "b", title: "b", text: "After {{steps.a.result}}", role: null },
        ...{
          needs: ["a"],
          check: ["run", "the {{steps.a.result}}", "-x"],
          retries: 0,
          timeoutMs: null,
          worktree: true,
          conversation: null,
          onFailure: "fix",
        },
      },
    ]);
  });

  it("are as many as a fan-out has items; who needs the step needs all of them", () => {
    const { tasks, skipped } = plan(
      `  - {id: a, prompt: p}
  - {id: b, needs: a, parallel: inputs.places, title: "To {{item}}", prompt: "{{item}}"}
  - {id: c, needs: b, parallel: [x, y], prompt: p}
`,
      "places=eu, us",
      "what=x",
    );
    expect(tasks.map(({ title, needs }) => [title, needs])).toEqual([
      ["a", []],
      ["To eu", ["a"]],
      ["To us", ["a"]],
      ["c: x", ["b#0", "b#1"]],
      ["c: y", ["b#0", "b#1"]],
    ]);
    expect(skipped).toEqual([]);
  });

  it("are not made for what the inputs leave out; who needs that waits for what it would have waited for", () => {
    const { tasks, skipped } = plan(`  - {id: a, prompt: p}
  - {id: b, needs: a, prompt: p, when: 'inputs.what == "more"'}
  - {id: c, needs: b, prompt: p, parallel: inputs.places}
  - {id: d, needs: [c], prompt: "{{steps.b.result}}"}
  - {id: e, needs: d, prompt: p, when: 'steps.b.state == "skipped" and inputs.what == "more"'}
`);
    expect(tasks.map(({ key, needs }) => [key, needs])).toEqual([
      ["a", []],
      ["d", ["a"]],
      ["e", ["d"]],
    ]);
    expect(skipped).toEqual([
      { step: "b", because: 'its condition does not hold: inputs.what == "more"' },
      { step: "c", because: "the input places is empty" },
    ]);
  });

  it("are checked by a command line that an input gives, or not at all where it gives none", async () => {
    const step = `  - {id: a, prompt: p, check: "{{ inputs.check }}"}\n`;
    expect(plan(step, "check=npm run 'all tests'").tasks[0]?.check).toEqual(["npm", "run", "all tests"]);
    expect(plan(step).tasks[0]?.check).toBeNull();
    expect(await codeOf((async () => plan(step, "check=it's"))())).toBe("WORKFLOW_INPUT_INVALID");
  });

  it("are not thousands", async () => {
    const items = Array.from({ length: 50 }, (_, index) => `places=${index}`);
    const steps = ["a", "b", "c", "d", "e"]
      .map((id) => `  - {id: ${id}, prompt: p, parallel: inputs.places}\n`)
      .join("");
    expect(await codeOf((async () => plan(steps, ...items))())).toBe("WORKFLOW_INPUT_INVALID");
  });

  it("R3-04: have exactly the needs of the template, for any template", () => {
    const shape = fc.array(fc.record({ needs: fc.array(fc.nat(20), { maxLength: 4 }), items: fc.nat(3) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(shape, (steps) => {
        const ids = steps.map((_, index) => `s${index}`);
        const needsOf = steps.map(({ needs }, index) =>
          index === 0 ? [] : [...new Set(needs.map((need) => need % index))],
        );
        const yaml = steps.map(({ items }, index) => {
          const parallel =
            items === 0 ? "" : `, parallel: [${Array.from({ length: items }, (_, item) => `i${item}`).join(", ")}]`;
          return `  - {id: ${ids[index]}, prompt: p, needs: [${needsOf[index]?.map((need) => ids[need]).join(", ")}]${parallel}}\n`;
        });
        const { tasks } = plan(yaml.join(""));
        for (const [index, id] of ids.entries()) {
          const own = tasks.filter(({ stepId }) => stepId === id);
          expect(own).toHaveLength(Math.max(1, steps[index]?.items ?? 0));
          const wanted = tasks
            .filter(({ stepId }) => needsOf[index]?.some((need) => ids[need] === stepId))
            .map(({ key }) => key);
          for (const task of own) expect([...task.needs].sort()).toEqual([...wanted].sort());
        }
        expect(new Set(tasks.map(({ key }) => key)).size).toBe(tasks.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe("inputs", () => {
  const read = template(`${INPUTS}steps: [{id: a, prompt: p}]`);

  it("are text or lists, given once with commas or several times, and have defaults", () => {
    expect(readInputs(read, ["what=a=b\nc", "places= x, y ,,x"])).toEqual({
      what: "a=b\nc",
      places: ["x", "y"],
      check: "",
    });
    expect(readInputs(read, ["what=a", "places=x, y", "places=z"])).toMatchObject({ places: ["x, y", "z"] });
  });

  it.each([
    [[], "what is missing"],
    [["what= "], "what is missing"],
    [["what=a", "what=b"], "what is given 2 times and is no list"],
    [["what=a", "plces=x"], 'there is no input "plces", did you mean places'],
    [["what=a", "constructor=x"], 'there is no input "constructor"'],
    [["what"], '"what" is not NAME=VALUE; what is missing'],
  ])("%j: %s", async (given, message) => {
    expect(() => readInputs(read, given)).toThrow(message);
    expect(await codeOf((async () => readInputs(read, given))())).toBe("WORKFLOW_INPUT_INVALID");
  });
});
