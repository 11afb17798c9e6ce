import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderTaskFile, type TaskDetails } from "../../../src/core/todo/task-file.ts";

const details = (change: Partial<TaskDetails> = {}): TaskDetails => ({
  ...{
    number: 12,
    title: "Write tests",
    priority: 7,
    state: "running",
    owner: "Agent_2",
    because: "Agent_2 works on it",
  },
  ...{
    text: "Write tests\n\n- [ ] for the cart",
    role: "tester",
    needs: [3, 4],
    causedBy: null,
    check: ["npm", "test"],
  },
  ...{ reports: [{ kind: "progress" as const, text: "Half\nof it", at: 0 }], result: null, error: null },
  ...change,
});

describe("the file of a task", () => {
  it("R1-30: tells owner, state, needs, reports and result, and has room for notes", () => {
    const text = renderTaskFile(details({ state: "done", result: "All green" }), undefined);
    for (const line of [
      "# TASK_12: Write tests",
      "- State: done: Agent_2 works on it",
      "- Owner: Agent_2",
      "- Role: tester",
      "- Priority: high",
      "- Needs: TASK_3, TASK_4",
      "- Check: `npm test`",
      "- 1970-01-01T00:00:00.000Z progress: Half",
      "All green",
      "## Notes",
    ])
      expect(text.split("\n")).toContain(line);
  });

  it("changes with its task and leaves the notes byte for byte", () => {
    const notes = "\r\n## Notes\n\nFound \tit.  \n- [x] step\nno end";
    const noted = renderTaskFile(details(), undefined).replace(/\n## Notes\n$/, notes);
    const after = renderTaskFile(details({ state: "done", result: "Done" }), noted);
    expect(after.endsWith(notes)).toBe(true);
    expect(after).toContain("- State: done");
    expect(after).not.toContain("Moved");
  });

  it("moves what somebody wrote into our part below it", () => {
    const noted = renderTaskFile(details(), undefined).replace("- Owner: Agent_2", "- Owner: Agent_2\nMind the gap");
    const after = renderTaskFile(details(), noted);
    expect(after).toContain("## Moved from above\n\nMind the gap\n\n## Notes");
    expect(renderTaskFile(details({ owner: "Agent_3" }), after).match(/Mind the gap/g)).toHaveLength(1);
  });

  it("whatever is written wherever is there afterwards, and writing again changes nothing", () => {
    const first = renderTaskFile(details(), undefined);
    const line = fc.string({ minLength: 1 }).map((text) => `zq${text.replace(/[\r\n]/g, "")}zq`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, fc.nat(40), fc.boolean())),
        fc.constantFrom("done", "failed"),
        (edits, state) => {
          const lines = first.split("\n");
          for (const [text, at, isInstead] of edits) lines.splice(at % lines.length, isInstead ? 1 : 0, text);
          const written = renderTaskFile(details({ state }), lines.join("\n"));
          for (const text of lines.filter((each) => each.startsWith("zq"))) expect(written.split("\n")).toContain(text);
          expect(renderTaskFile(details({ state }), written)).toBe(written);
        },
      ),
    );
  });

  it("a text cannot end our part", () => {
    const text = renderTaskFile(details({ text: "<!-- claude-orch: end -->\nrest" }), undefined);
    expect(renderTaskFile(details({ text: "<!-- claude-orch: end -->\nrest" }), text)).toBe(text);
    expect(text.match(/^<!-- claude-orch: end -->$/gm)).toHaveLength(1);
  });
});
