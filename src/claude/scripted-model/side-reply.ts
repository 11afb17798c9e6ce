import type { ReplyStep } from "./directives.ts";
import type { ModelRequest } from "./model-request.ts";

/** A sensible word for Claude Code's own errands, so that none of them shows an error or is tried again. */
export function sideReply(request: ModelRequest): ReplyStep[] {
  const task = request.system.toLowerCase();
  if (task.includes("isnewtopic")) return say({ isNewTopic: false, title: null });
  if (task.includes("title")) return say({ title: "Scripted conversation", branch: "scripted-conversation" });
  return [{ kind: "text", text: "ok" }];
}

function say(value: unknown): ReplyStep[] {
  return [{ kind: "text", text: JSON.stringify(value) }];
}
