import { relative } from "node:path";
import { agentRespond } from "../operations/agent/respond.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import { inbox } from "../operations/inbox/inbox.ts";

/** As a person would from the inbox: edits in the project are allowed; nothing else is expected, and so it is denied. */
export async function answerAsked(context: Context, project: string, say: (line: string) => void): Promise<void> {
  const { items } = await callOperation(inbox, { session: "demo" }, context);
  for (const { agent, request } of items) {
    if (!agent || !request) continue;
    const file = relative(project, pathOf(request.input));
    const isExpected = request.tool === "Edit" && !file.startsWith("..");
    const answer = isExpected ? { allow: true } : { deny: true };
    await callOperation(agentRespond, { agent: agent.id, request: request.requestId, ...answer }, context);
    const said = isExpected ? `asks to edit ${file}: allowed` : `asks: ${request.summary}: denied`;
    say([`${agent.name} ${said}`, ...changedLines(request.diff ?? "")].join("\n       "));
  }
}

/** What names no file is no edit in the project. */
function pathOf(input: unknown): string {
  const { file_path: path } = (input ?? {}) as { file_path?: unknown };
  return typeof path === "string" ? path : "/";
}

function changedLines(diff: string): string[] {
  return diff.split("\n").filter((line) => /^[+-](?![+-])/.test(line));
}
