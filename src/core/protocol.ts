import * as z from "zod";

/** Where working protocols are looked for; the first place that has one of a name wins. */
export const PROTOCOL_ORIGINS = [
  "project", // <root>/.claude-orch/protocols
  "user", // <our home>/protocols
  "built-in",
] as const;
export type ProtocolOrigin = (typeof PROTOCOL_ORIGINS)[number];

/** Before which prompts a protocol's message stands: all, the first one of a conversation, or none. */
export const PREPEND = ["always", "first", "never"] as const;

/** What is said instead of a name to have none. */
export const NO_PROTOCOL = "none";

export const protocolView = z.object({
  name: z.string(),
  aliases: z.array(z.string()).describe("Other names by which it is found; case, spaces, - and _ do not matter"),
  description: z.string().describe("What it is for, in one line"),
  prepend: z
    .enum(PREPEND)
    .describe("Before which prompts its message stands: always, first (of a conversation), never"),
  taskFiles: z
    .boolean()
    .describe("Whether the tasks of its sessions are mirrored to .claude-orch/TODO.md and .claude-orch/tasks"),
  onFailure: z.enum(["none", "fix"]).describe("What a failed task of its sessions leads to, when nothing else is said"),
  origin: z.enum(PROTOCOL_ORIGINS).describe("Which place it was found in"),
  file: z.string().describe("Absolute path of its file"),
});

/** A way of working that all agents of a session share: one Markdown file. */
export type Protocol = z.infer<typeof protocolView> & {
  /** The whole text, for the system prompt of its agents. */
  text: string;
  /** What stands before prompts; "" when nothing does. */
  message: string;
};

/** The prompt with the protocol's message before it. */
export function withProtocol({ message }: Pick<Protocol, "message">, prompt: string): string {
  return message === "" ? prompt : `${message}\n\n${prompt}`;
}

/**
 * Texts that a protocol's message is never put before: what starts with a slash means a command of Claude Code, or a path,
 * and a sentence in front would make it another prompt.
 */
export function isSentBare(prompt: string): boolean {
  return prompt.trimStart().startsWith("/");
}
