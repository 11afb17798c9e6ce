import { basename, join } from "node:path";
import { EventSplitter } from "../spool/event-splitter.ts";
import type { HookEvent } from "../spool/hook-event.ts";
import { blocks, type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { isObject, parseObject, stringOf } from "../transcript/json-fields.ts";
import { linesForward } from "../transcript/lines.ts";
import { parseRecord } from "../transcript/record.ts";
import { newToolUse, type ToolUse, type Verdict } from "./tool-use.ts";

/**
 * All uses of tools by an agent, by their ids: from the whole spool, and from the transcripts that it names. Both are
 * streamed. A read that a rule forbids fires no hook at all (2.1.197, 2.1.330), so that the transcript alone tells of it.
 */
export async function gatherUses(openBytes: OpenBytes, spool: string): Promise<ToolUse[]> {
  const uses = new Map<string, ToolUse>();
  const transcripts = new Set<string>();
  await withBytes(openBytes, spool, undefined, async (source) => {
    const splitter = new EventSplitter(0, { isInside: false });
    const take = (events: readonly HookEvent[]) => {
      for (const event of events) {
        if (event.transcriptPath !== null) transcripts.add(transcriptOf(event, event.transcriptPath));
        takeEvent(uses, event);
      }
    };
    for await (const block of blocks(source, 0, source.size)) take(splitter.push(block));
    take(splitter.finish());
  });
  for (const path of transcripts) await takeTranscript(openBytes, path, uses);
  return [...uses.values()];
}

/** Subagents have transcripts of their own, beside that of the conversation (claude-code-facts §4). */
function transcriptOf({ subagentId }: HookEvent, conversation: string): string {
  if (subagentId === null) return conversation;
  return join(conversation.replace(/\.jsonl$/, ""), "subagents", `agent-${basename(subagentId)}.jsonl`);
}

function takeEvent(uses: Map<string, ToolUse>, event: HookEvent): void {
  const { tool } = event;
  if (!tool) return;
  if (event.name === "PermissionRequest") {
    // It does not tell the id of the use; PreToolUse came just before it (claude-code-facts §3.4).
    const asking = [...uses.values()].findLast((use) => !use.request && !use.hasRun && isSame(use, tool));
    if (asking) asking.request = event;
    return;
  }
  if (tool.useId === null) return;
  const use = uses.get(tool.useId) ?? newToolUse(tool.useId, tool.name, tool.input);
  uses.set(tool.useId, use);
  use.mode = event.permissionMode ?? use.mode;
  if (event.name === "PostToolUse" || event.name === "PostToolUseFailure") use.hasRun = true;
  if (event.name === "PermissionDenied") use.refusal = event.reason ?? "";
}

function isSame(use: ToolUse, tool: { name: string; input: unknown }): boolean {
  return use.name === tool.name && JSON.stringify(use.input) === JSON.stringify(tool.input);
}

async function takeTranscript(openBytes: OpenBytes, path: string, uses: Map<string, ToolUse>): Promise<void> {
  await withBytes(openBytes, path, undefined, async (source) => {
    for await (const line of linesForward(source, 0)) {
      if (!line.bytes.includes('"tool_use')) continue;
      const record = parseRecord(line);
      if (record?.type === "assistant") {
        for (const block of record.blocks) {
          if (block.kind !== "tool_use") continue;
          const use = uses.get(block.id) ?? newToolUse(block.id, block.name, block.input);
          use.at = record.at;
          uses.set(block.id, use);
        }
      } else if (record?.type === "user") {
        for (const { toolUseId, isError, text } of record.results) {
          const use = uses.get(toolUseId);
          if (use) use.result = { isError, text, verdict: verdictOf(line.bytes) };
        }
      }
    }
  });
}

function verdictOf(bytes: Buffer): Verdict | null {
  if (!bytes.includes('"permissionDecision"')) return null;
  const verdict = parseObject(bytes.toString("utf8"))?.permissionDecision;
  if (!isObject(verdict)) return null;
  const word = (name: string) => stringOf(verdict[name]) ?? "";
  return {
    isAccepted: verdict.decision === "accept",
    source: word("source"),
    reasonType: word("reasonType"),
    reasonCode: word("reasonCode"),
    ruleSource: word("ruleSource"),
  };
}
