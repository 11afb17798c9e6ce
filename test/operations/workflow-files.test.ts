import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES, toAppError } from "../../src/core/errors.ts";
import { workflowList } from "../../src/operations/workflow/list.ts";
import { workflowRun } from "../../src/operations/workflow/run.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

const GOOD = "name: good\naliases: [nice]\nsteps:\n  - id: only\n    prompt: Do it\n";
const step = (name: string, rest: string) => `name: ${name}\nsteps:\n  - id: a\n    prompt: Do it\n${rest}`;

/** Name of the workflow (and of its file), its text, and where and how it is refused. */
const BROKEN: [string, string | Uint8Array, RegExp][] = [
  ["key", step("key", "    promt: Do it\n"), /:5:5: a step has no key "promt"\. Did you mean prompt\?/],
  ["type", step("type", "    retries: many\n"), /:5:14: retries is a whole number from 0 to 10/],
  ["cycle", step("cycle", "    needs: [b]\n  - {id: b, prompt: x, needs: [a]}\n"), /:5:12: .* a → b → a\. Take one/],
  ["self", step("self", "    needs: [a]\n"), /:5:12: these steps wait for each other: a → a/],
  ["need", step("need", "  - {id: b, prompt: x, needs: [aa]}\n"), /:5:32: there is no step "aa"\. Did you mean a\?/],
  ["placeholder", step("placeholder", "    title: '{{steps.b.reslt}}'\n"), /:5:13: .* stands for nothing\. Known: /],
  ["when", step("when", "    when: steps.b.state == (\n"), /:5:11: when: .*For example/],
  ["tab", "name: tab\nsteps:\n\t- id: a\n", /:3:1: indent with blanks, not with tabs/],
  ["id", step("id", "  - {id: a, prompt: x}\n"), /:5:10: "a" is the id of an earlier one, too/],
  ["twice", step("twice", "    prompt: Do that\n"), /:5:5: this key is there twice/],
  ["empty", "", /:1:1: the file is empty/],
  ["list", "- a\n- b\n", /:1:1: a workflow is a list of keys with values/],
  ["role", step("role", "    role: reviwer\n"), /:5:11: there is no role "reviwer"\. Did you mean reviewer\?/],
  ["unclosed", 'name: unclosed\nsteps:\n  - id: a\n    prompt: "Do it\n', /:5:1: Missing closing "quote/],
  ["check", step("check", "    check: make 'x\n"), /:5:12: a quote of the check is not closed/],
  ["timeout", step("timeout", "    timeout: 5 years\n"), /:5:14: "5 years" is no duration\. Write 90s/],
  ["none", "name: none\nsteps: []\n", /:2:8: a workflow has at least one step/],
  [
    "later",
    step("later", "  - {id: b, prompt: '{{steps.a.result}}'}\n"),
    /:5:22: b does not wait for a\. Add a to the needs/,
  ],
  ["two", "name: two\n---\nname: three\n", /:2:1: the file holds more than one document/],
  ["bytes", new Uint8Array([0xff, 0xfe, 0x00]), /:1:1: the file is not UTF-8 text/],
  ["second", GOOD, /:1:1: .*good\.yaml has the name good, too, and is used\. Give it another name/],
  // What would hide a built-in one is not passed over: that one was not meant.
  ["bug-fix", step("bug-fix", "    promt: Do it\n"), /:5:5: a step has no key "promt"/],
];

let world: FakeWorld;
beforeAll(async () => {
  world = await openFakeWorld();
  const folder = join(world.root, ".claude-orch/workflows");
  await mkdir(join(folder, "folder.yaml"), { recursive: true });
  await writeFile(join(folder, "good.yaml"), GOOD);
  for (const [name, text] of BROKEN) await writeFile(join(folder, `${name}.yaml`), text);
});
afterAll(() => world.dispose());

describe("R3-25: a workflow's file that is wrong", () => {
  it("is listed with file, line and column, and hides neither the others nor the built-in ones", async () => {
    const { workflows, problems } = await world.call(workflowList, {});
    const said = problems.map(
      ({ file, line, column, message, hint }) => `${file}:${line}:${column}: ${message}. ${hint ?? ""}`,
    );
    for (const [name, , expected] of BROKEN) {
      const own = said.filter((text) => text.startsWith(join(world.root, `.claude-orch/workflows/${name}.yaml:`)));
      expect(own.join("\n"), name).toMatch(expected);
    }
    expect(workflows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["good", "code-review", "code-refactoring", "feature-development"]),
    );
    expect((await world.call(workflowRun, { workflow: "nice" })).run.state).toBe("running");
  });

  it("the examples in the help of workflow run are ones that run", async () => {
    for (const example of workflowRun.cli?.examples ?? []) {
      const words = [...example.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
      const input = words.filter((_, index) => words[index - 1] === "--input");
      const { run } = await world.call(workflowRun, { workflow: words[2], input });
      expect(run.state, example).toBe("running");
    }
  });

  it.each(BROKEN.filter(([name]) => name !== "second"))(
    "%s is not run: exit 2, file and line, and a hint",
    async (name, _, expected) => {
      const error = toAppError(await world.call(workflowRun, { workflow: name }).catch((thrown: unknown) => thrown));
      expect(error).toMatchObject({ code: "WORKFLOW_FILE_INVALID", exitCode: EXIT_CODES.usage });
      expect(error.message).toMatch(expected);
      expect(error.hint).toContain("claude-orch workflow list");
    },
  );
});
