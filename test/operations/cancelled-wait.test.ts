import { afterEach, beforeEach, expect, it } from "vitest";
import type { AppError } from "../../src/core/errors.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { broadcast } from "../../src/operations/broadcast.ts";
import { taskSubmit } from "../../src/operations/task/submit.ts";
import { workflowRun } from "../../src/operations/workflow/run.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;
beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

/** The error of a call that a person leaves by Ctrl-C as soon as `isUnderWay`. */
async function interrupted(
  call: (context: FakeWorld["context"]) => Promise<unknown>,
  isUnderWay: () => Promise<boolean>,
): Promise<AppError> {
  const stop = new AbortController();
  const ended = call({ ...world.context, signal: stop.signal }).then(
    () => undefined,
    (error: AppError) => error,
  );
  await waitFor("its start", async () => ((await isUnderWay()) ? true : undefined));
  stop.abort();
  const error = await ended;
  if (!error) throw new Error("it was not interrupted");
  return error;
}

const messagesOf = (agentId: string) => world.context.store.messages.list(agentId);

it("a prompt that an agent works on is named, and not to be sent again", async () => {
  const agent = await world.spawn("a");
  const error = await interrupted(
    (context) => world.call(agentSend, { agent: agent.id, text: "[[sleep 2s]]", wait: true }, context),
    async () => (await messagesOf(agent.id)).some(({ state }) => state === "recorded"),
  );

  const [message] = await messagesOf(agent.id);
  expect(error).toMatchObject({ code: "CANCELLED", details: { messageId: message?.id, state: "recorded" } });
  expect(error.hint).toContain(`Do not send it again`);
  expect(error.hint).toContain(`claude-orch agent read ${agent.id} --message ${message?.id} --wait`);
});

it("a prompt that was taken back may be sent again", async () => {
  const agent = await world.spawn("a");
  await world.call(agentSend, { agent: agent.id, text: "[[sleep 2s]]" });
  const error = await interrupted(
    (context) => world.call(agentSend, { agent: agent.id, text: "later", wait: true }, context),
    async () => (await messagesOf(agent.id)).length === 2,
  );
  expect([error.code, error.hint]).toEqual(["CANCELLED", expect.stringContaining("Run it again")]);
});

it("a broadcast tells whom it had reached", async () => {
  const [busy, idle] = await Promise.all([world.spawn("busy"), world.spawn("idle")]);
  await world.call(agentSend, { agent: busy.id, text: "[[sleep 3s]]" });
  const error = await interrupted(
    (context) => world.call(broadcast, { text: "hello all" }, context),
    async () => (await messagesOf(idle.id)).some(({ state }) => state === "recorded" || state === "answered"),
  );
  expect(error).toMatchObject({ code: "CANCELLED", details: { reached: ["idle"] } });
  expect(error.hint).not.toContain("Run it again");
});

it("a task and a run stay in the queue, and the error names them", async () => {
  const { tasks } = world.context.store;
  const submitted = await interrupted(
    (context) => world.call(taskSubmit, { text: "work", wait: true, role: "tester" }, context),
    async () => (await tasks.list({})).length === 1,
  );
  expect(submitted).toMatchObject({ code: "CANCELLED", message: expect.stringContaining("task team/1 stays") });
  expect(submitted.hint).toContain("claude-orch task wait team/1");

  const run = await interrupted(
    (context) => world.call(workflowRun, { workflow: "bug-fix", input: ["description=x"], wait: true }, context),
    async () => (await tasks.list({})).length > 1,
  );
  expect(run).toMatchObject({ code: "CANCELLED", details: { runId: expect.stringMatching(/^wfr_/) } });
  expect(run.hint).toContain(`claude-orch workflow show ${run.details.runId}`);
});
