import type { Entry } from "../../core/transcript.ts";
import { agentError } from "../state/api-errors.ts";
import { unwrapPasted } from "./pasted-content.ts";
import type { AssistantRecord, TranscriptRecord, UserRecord } from "./record.ts";
import { TurnLinks } from "./turns.ts";

/** Who wrote a prompt, by its prompt id and text. */
export type PromptAuthor = (promptId: string | null, text: string) => "orchestrator" | "person" | "agent";

/** Turns transcript records, given in file order, into entries. */
export class EntryBuilder {
  readonly #include: ReadonlySet<"tools" | "thinking">;
  readonly #authorOf: PromptAuthor;
  readonly #links = new TurnLinks();
  readonly #toolNames = new Map<string, string>();
  #lastMessageId: string | null = null;

  constructor(include: ReadonlySet<"tools" | "thinking">, authorOf: PromptAuthor) {
    this.#include = include;
    this.#authorOf = authorOf;
  }

  /** The entries of one record; none for what is not part of the conversation. */
  add(record: TranscriptRecord): Entry[] {
    if (record.isSidechain) return [];
    const promptId = this.#links.add(record)?.promptId ?? null;
    const base = { id: record.uuid ?? `@${record.offset}`, promptId, at: isoTime(record.at) };
    switch (record.type) {
      case "user":
        return this.#user(base, record);
      case "assistant":
        return this.#assistant(base, record);
      case "attachment":
        if (record.prompt === null) return [];
        return [
          record.isNotification ? { ...base, kind: "notice", text: record.prompt } : this.#prompt(base, record.prompt),
        ];
      case "system": {
        const isNotice = record.subtype === "compact_boundary" || record.subtype === "informational";
        return isNotice && record.text !== "" ? [{ ...base, kind: "notice", text: record.text }] : [];
      }
    }
  }

  #user(base: EntryBase, record: UserRecord): Entry[] {
    switch (record.role) {
      case "prompt":
        return [this.#prompt(base, record.text)];
      case "tool_result":
        if (!this.#include.has("tools")) return [];
        return record.results.map(({ toolUseId, isError, text }, index) => ({
          ...base,
          id: partId(base.id, index),
          kind: "tool_result",
          text,
          tool: { id: toolUseId, name: this.#toolNames.get(toolUseId) ?? "", isError },
        }));
      case "interruption":
        return [{ ...base, kind: "interruption", text: record.text }];
      case "notification":
      case "shell":
      case "command":
      case "compact_summary":
        return [{ ...base, kind: "notice", text: record.text }];
      case "notice":
        return [];
    }
  }

  #prompt(base: EntryBase, received: string): Entry {
    const text = unwrapPasted(received);
    return { ...base, kind: "prompt", text, from: this.#authorOf(base.promptId, text) };
  }

  #assistant(base: EntryBase, record: AssistantRecord): Entry[] {
    for (const block of record.blocks) if (block.kind === "tool_use") this.#toolNames.set(block.id, block.name);
    const shown = record.blocks.filter(
      ({ kind }) => kind === "text" || this.#include.has(kind === "thinking" ? "thinking" : "tools"),
    );
    const entries = shown.map((block, index): Entry => {
      const common = { ...base, id: partId(base.id, index), ...(record.model === null ? {} : { model: record.model }) };
      if (block.kind === "tool_use") {
        return { ...common, kind: "tool_use", tool: { id: block.id, name: block.name, input: block.input } };
      }
      if (record.apiError === null) return { ...common, kind: block.kind, text: block.text };
      const { kind, retryAt } = agentError(record.apiError, block.text, record.at ?? 0, record.limitResetsAt);
      const error = { kind, ...(retryAt === undefined ? {} : { retryAt }) };
      return { ...common, kind: "error", text: block.text, error };
    });
    // The usage stands on each line of a message; it is shown once.
    const [first] = entries;
    if (first && record.usage && record.apiError === null && record.messageId !== this.#lastMessageId) {
      first.usage = record.usage;
      this.#lastMessageId = record.messageId;
    }
    return entries;
  }
}

type EntryBase = Pick<Entry, "id" | "promptId" | "at">;

function partId(id: string, index: number): string {
  return index === 0 ? id : `${id}#${index}`;
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
