import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnderWay, type Task } from "../core/task.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import { taskReport } from "../operations/task/report.ts";
import { ACTS, type Act } from "./acts.ts";

const CHECK = "check.mjs";

/** A stand-in leaves nothing to look at: it fails once on purpose. What a failing check leads to is real. */
const CHECK_TEXT = `import { existsSync, writeFileSync } from "node:fs";
const mark = new URL("./failed-once", import.meta.url);
if (!existsSync(mark)) {
  writeFileSync(mark, "");
  process.stderr.write("This check fails once, on purpose.\\n");
  process.exitCode = 1;
}
`;

/** Stand-ins are the agents where Claude Code or tmux is missing: they play a part, use no tools, and build no app. */
export async function prepareStandIns(project: string): Promise<void> {
  await writeFile(join(project, CHECK), CHECK_TEXT);
}

/** The act as a stand-in plays it: its prompt says what to answer, and only the last check has a point. It takes long enough to be reported on. */
export function standInAct(act: Act): Pick<Act, "prompt" | "check"> {
  return {
    prompt: `${act.prompt} [[sleep 500ms]] [[reply ${words(act)}]]`,
    check: act === ACTS.at(-1) ? `node ${CHECK}` : "node --version",
  };
}

/** A stand-in has no MCP client: what it would report is reported in its name. */
export async function reportInItsName(context: Context, task: Task): Promise<void> {
  const act = ACTS.find(({ title }) => title === task.title);
  const agentId = task.attempts.at(-1)?.agentId;
  if (!act || !agentId || !isUnderWay(task.state)) return;
  const principal = { kind: "worker" as const, agentId, sessionId: task.sessionId };
  const caller = { ...context.caller, principal };
  await callOperation(taskReport, { kind: "result", text: words(act), task: task.id }, { ...context, caller });
}

function words({ tells }: Act): string {
  return `I only play a part and wrote nothing; else I would say: ${tells}`;
}
