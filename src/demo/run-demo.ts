import { agentRead } from "../operations/agent/read.ts";
import { agentSend } from "../operations/agent/send.ts";
import { agentSpawn } from "../operations/agent/spawn.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import { sessionCreate } from "../operations/session/create.ts";
import { sessionDelete } from "../operations/session/delete.ts";

export interface DemoResult {
  backend: string;
  /** Why it is not real Claude Code in tmux, when it is not. */
  note: string | null;
  answers: { agent: string; answer: string; deliveredVia: string | null }[];
  seconds: number;
}

interface Act {
  agent: string;
  role: string;
  /** Prompt of the act, given the answer of the one before. */
  task: (before: string) => string;
}

/** A manager's task passed from one agent to the next; what each says is scripted in the prompt itself. */
const ACTS: readonly Act[] = [
  {
    agent: "backend",
    role: "backend",
    task: () =>
      "Design the API of a task list. [[reply Three calls: GET /tasks, POST /tasks, PATCH /tasks/:id to tick one off.]]",
  },
  {
    agent: "frontend",
    role: "frontend",
    task: (before) =>
      `The API is: ${before} Build the page for it. [[reply One page: a list, a text field that posts, a box per task that patches.]]`,
  },
  {
    agent: "tester",
    role: "tester",
    task: (before) =>
      `The page is: ${before} Say how to test it. [[reply Add a task, tick it, reload: it is still ticked. Three checks, all of them end to end.]]`,
  },
];

/** Runs the demo in a throw-away home and cleans everything up, whatever happens. */
export async function runDemo(options: { signal: AbortSignal; say: (line: string) => void }): Promise<DemoResult> {
  const { openDemoWorld } = await import("../compose-demo.ts");
  const world = await openDemoWorld(options.signal);
  const { context } = world;
  const startedAt = context.clock.monotonic();
  try {
    options.say(
      world.note === null
        ? `Real Claude Code ${world.claudeVersion} in tmux, a scripted model on ${world.modelUrl}.`
        : `${world.note} The demo uses scripted agents instead.`,
    );
    await callOperation(
      sessionCreate,
      { root: world.project, name: "demo", trust: true, backend: world.backend },
      context,
    );
    options.say("Spawning three agents …");
    await Promise.all(
      ACTS.map(({ agent, role }) => callOperation(agentSpawn, { name: agent, role, session: "demo" }, context)),
    );

    const answers: DemoResult["answers"] = [];
    for (const act of ACTS) {
      const { message } = await callOperation(
        agentSend,
        { agent: act.agent, text: act.task(answers.at(-1)?.answer ?? ""), wait: true, timeout: "30s" },
        context,
      );
      options.say(`${act.agent}: ${message.state}, proved by its transcript`);
      answers.push({ agent: act.agent, answer: await lastAnswer(context, act.agent), deliveredVia: message.via });
    }
    const seconds = Math.round((context.clock.monotonic() - startedAt) / 100) / 10;
    return { backend: world.backend, note: world.note, answers, seconds };
  } finally {
    await callOperation(sessionDelete, { session: "demo", force: true }, world.cleanUpContext).catch(() => undefined);
    await world.dispose();
    options.say("Cleaned up.");
  }
}

/** Read back from the transcript, as anybody would later. */
async function lastAnswer(context: Context, agent: string): Promise<string> {
  const { answer } = await callOperation(agentRead, { agent }, context);
  return answer?.text ?? "";
}
