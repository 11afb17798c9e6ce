import type { GetPromptResult, Prompt } from "@modelcontextprotocol/sdk/types.js";

type Arguments = Readonly<Record<string, string>>;

interface ReadyPrompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly { name: string; description: string; required: boolean }[];
  /** Tools that its text speaks of. */
  needs: readonly string[];
  text(args: Arguments): string;
}

const READY_PROMPTS: readonly ReadyPrompt[] = [
  {
    name: "delegate",
    title: "Delegate work to a team of agents",
    description:
      "Splits a task into parts that do not touch, queues each with its needs and its check, waits and brings the results together.",
    arguments: [
      { name: "task", description: "What is to be achieved, and how one sees that it is", required: true },
      {
        name: "agents",
        description: "How many agents at most (default: as many as the task has independent parts)",
        required: false,
      },
      { name: "session", description: "Session to work in (default: the one of this folder)", required: false },
    ],
    needs: ["task_submit", "task_wait", "task_show", "task_retry", "agent_respond"],
    text: ({ task, agents, session }) => `Get this done with a team of Claude Code agents:

<task>
${task}
</task>

1. Look at the codebase first, as far as you need to split the task. Make parts that can be worked on at the same time without touching the same files${agents ? `, at most ${agents}` : ""}. If it does not split, use one agent and say so.
2. Show me the split in one line for each part, then go on without waiting for me.
3. ${session ? `Work in session ${session}.` : "Work in the session of this folder; create it if there is none."} task_submit each part: a title, the role that suits it, a text that stands on its own (the goal of its part, the files it owns, the files it must not touch), the parts that it needs first, and, wherever a command can tell whether the part is done, that command as its check. Agents are found or spawned for the parts; they know nothing of this conversation, and get the results of what their part needed.
4. task_wait for all of them, again and again until they have ended. When one waits for a decision, decide it if the task settles it, with agent_respond or agent_send; ask me otherwise. When one has failed, read why with task_show before you task_retry it.
5. task_show every result. Check the claims that matter against the files; do not repeat them unseen.
6. Report to me: what was achieved, what each part came to, what you checked yourself, what is left. Leave the agents in place until I say otherwise.`,
  },
  {
    name: "collect",
    title: "Collect what the agents have done",
    description: "Reads where every agent stands, brings the answers together and names what needs a person.",
    arguments: [
      { name: "session", description: "Session to look at (default: all that you can see)", required: false },
      { name: "question", description: "What you want to know in particular", required: false },
    ],
    needs: ["status", "agent_read", "task_list", "task_show"],
    text: ({
      session,
      question,
    }) => `Tell me where the agents ${session ? `of session ${session} ` : ""}stand${question ? `, and answer this from their work: ${question}` : ""}.

1. Call status${session ? ` for ${session}` : ""}. Take those that need attention first: agents, and tasks that ask something or failed (task_list, task_show).
2. agent_read the latest answer of each agent that has one. Do not interrupt an agent that is working, and send nothing.
3. Report, the most urgent first:
   - who waits for a decision, with the question in one sentence and what you would decide
   - who failed, with the cause
   - who is done, with the result in two or three sentences and where to find it
   - who is still working, since when, and on what
4. Say where two agents contradict each other or touched the same files. Keep apart what an agent claims and what you have checked.`,
  },
  {
    name: "review",
    title: "Have a change reviewed by fresh eyes",
    description:
      "Starts reviewers that have not seen the work being done, and brings their verified findings together.",
    arguments: [
      {
        name: "change",
        description: "What to review: a branch, a commit range, files, or the uncommitted changes (default)",
        required: false,
      },
      {
        name: "focus",
        description: "What to look for in particular, for example security, tests or performance",
        required: false,
      },
      { name: "session", description: "Session to work in (default: the one of this folder)", required: false },
    ],
    needs: ["agent_spawn", "agent_wait", "agent_read"],
    text: ({
      change,
      focus,
      session,
    }) => `Have ${change ? `this change reviewed: ${change}` : "the uncommitted changes of this codebase reviewed"}.

1. ${session ? `In session ${session}, start` : "Start"} two agents with agent_spawn in permission mode \`plan\`, so that they read and do not write. One looks for defects: wrong results, lost data, races, unhandled failures. The other looks at what a maintainer pays for: unclear structure, missing tests, claims in comments and documents that are not true.${focus ? ` Both pay particular attention to: ${focus}.` : ""}
2. Give each the change and how to see it, the purpose of the change as far as you know it, and this form for a finding: file and line, what goes wrong and on which input, how sure it is, the smallest remedy. Ask them to report nothing that they could not trace in the code, and that finding nothing is a good answer.
3. agent_wait for both and agent_read their answers.
4. Check each finding in the code yourself. Drop what does not hold, and merge what is the same.
5. Report the findings that hold, the worst first, each with its evidence; then, in one line each, those you dropped and why. Change no file.`,
  },
];

/** The ready-made prompts whose tools the client has. */
export function listPrompts(tools: ReadonlySet<string>): Prompt[] {
  return usable(tools).map(({ name, title, description, arguments: args }) => ({
    name,
    title,
    description,
    arguments: args.map((argument) => ({ ...argument })),
  }));
}

/** A prompt with its arguments filled in; a string says what is wrong with the request. */
export function getPrompt(name: string, args: Arguments, tools: ReadonlySet<string>): GetPromptResult | string {
  const prompt = usable(tools).find((one) => one.name === name);
  if (!prompt) return `Unknown prompt: ${name}`;
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value.trim() !== ""));
  const missing = prompt.arguments.find((argument) => argument.required && !Object.hasOwn(given, argument.name));
  if (missing) return `Prompt ${name} needs the argument ${missing.name}`;
  return {
    description: prompt.description,
    messages: [{ role: "user", content: { type: "text", text: prompt.text(given) } }],
  };
}

function usable(tools: ReadonlySet<string>): readonly ReadyPrompt[] {
  return READY_PROMPTS.filter(({ needs }) => needs.every((tool) => tools.has(tool)));
}
