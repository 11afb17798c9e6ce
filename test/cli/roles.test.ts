import { expect, it } from "vitest";
import { renderExplained, renderRole } from "../../src/cli/render/role.ts";
import { width } from "../../src/core/text-width.ts";
import { plainOutput } from "../support/plain-output.ts";
import { role } from "../support/role.ts";

const TOOLS = ["Read", "Glob", "Grep", "LSP", "Bash", "TodoWrite", "TaskCreate", "TaskGet", "ToolSearch", "Skill"];
const READER = role({ tools: TOOLS, file: `/a-${"long-".repeat(20)}path/worker.md` });

it("role show and explain fold a list of tools at blanks, below its first word, and leave paths whole", () => {
  const output = plainOutput({ columns: 50 });
  const default_ = { value: null, from: "default" };
  renderRole({ role: READER }, output);
  renderExplained(
    {
      role: READER,
      session: null,
      model: default_,
      permissionMode: { value: "default", from: "default" },
      tools: { value: TOOLS, from: "role" },
      rules: [],
      otherwise: "Claude Code asks",
      notes: [],
    },
    output,
  );

  for (const text of output.written.data) {
    const lines = text.split("\n");
    const [file = "", ...others] = lines.filter((line) => line.includes("/a-long"));
    expect([file.includes(READER.file), others]).toEqual([true, []]);
    for (const line of lines.filter((one) => one !== file)) expect(width(line)).toBeLessThanOrEqual(50);
    const first = lines.findIndex((line) => line.trimStart().startsWith("tools"));
    expect(lines[first + 1]?.search(/\S/)).toBe(lines[first]?.indexOf("Read"));
    const folded = lines.slice(first).join(" ").replace(/\s+/g, " ");
    expect(folded).toContain(TOOLS.join(", "));
  }
});

it("role show folds nothing in a pipe", () => {
  const output = plainOutput({ columns: 50, isTerminal: false });
  renderRole({ role: READER }, output);
  expect(output.written.data[0]).toContain(TOOLS.join(", "));
});
