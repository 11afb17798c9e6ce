import * as z from "zod";
import { PERMISSION_MODES, type PermissionMode } from "./agent.ts";
import { AppError } from "./errors.ts";
import { nameKey, spelt, splitList } from "./front-matter.ts";
import { parsePolicyRule } from "./policy-rule.ts";
import type { MarkdownFile } from "./ports/markdown-source.ts";
import { type Role, type RoleOrigin, roleKey } from "./role.ts";
import { POLICY_EFFECTS } from "./session.ts";

/** A file that cannot be used, and the line (from 1) that says why. */
export interface RoleProblem {
  origin: RoleOrigin;
  file: string;
  line: number;
  message: string;
  /** What the role would be called; the file's own name where it does not tell. */
  name: string;
}

/**
 * Reads a role. Keys that we do not obey are told in its notes and refuse nothing, for Claude Code has others from version
 * to version. Undefined where the file is none: in Claude Code's folders a Markdown file without a name is not an agent, there or here.
 */
export function readRole(file: MarkdownFile, origin: RoleOrigin): Role | RoleProblem | undefined {
  const fileName = (file.path.split(/[\\/]/).at(-1) ?? "").replace(/\.md$/i, "");
  const isOurFormat = origin !== "project-agents" && origin !== "user-agents";
  const problem = (line: number, message: string, name = fileName): RoleProblem => {
    return { origin, file: file.path, line, message, name };
  };
  if (file.problem) return problem(file.problem.line, file.problem.message);
  if (!file.matter) return isOurFormat ? problem(1, "there is no front matter between two lines of ---") : undefined;
  const { fields, keys, unknown } = spelt(file.matter, Object.keys(FIELDS.shape));
  if (fields === undefined) return problem(2, "the front matter is no list of keys with values");
  if (fields.name == null && !isOurFormat) return undefined;

  const parsed = FIELDS.safeParse(fields);
  const name = parsed.data?.name ?? (typeof fields.name === "string" ? fields.name : fileName);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: "not valid" };
    const [first, ...rest] = path.map((part) => (typeof part === "symbol" ? String(part) : part));
    const key = keys.get(String(first)) ?? String(first);
    return problem(file.matter.lineOf([key, ...rest]), `${[key, ...rest].join(".")}: ${message}`, name);
  }
  if (roleKey(name) === "") return problem(file.matter.lineOf(["name"]), "the name holds no letter");
  return toRole({ ...parsed.data, name }, { file, origin, unknown });
}

export function isProblem(read: Role | RoleProblem): read is RoleProblem {
  return "line" in read;
}

const list = (item: z.ZodType<string>) =>
  z.preprocess(splitList, z.array(item, "write a list, or names with commas between").nullish());
/** These go into a command line and into settings: nothing that could be taken for something else. */
const toolName = z
  .string("write the names of tools")
  .regex(/^(?:\*|[A-Za-z][\w.*-]*(?:\([^\p{Cc}]*\))?)$/u, "this is no name of a tool");
const modelName = z
  .string("write a model's name")
  .regex(/^[A-Za-z0-9][\w.:/@[\]-]*$/, "this is no name of a model")
  .nullish();
const line = z
  .string("write a text")
  .max(100, "write 100 characters or fewer")
  .regex(/^\P{Cc}+$/u, "write one line");

function rule(effect: "allow" | "ask" | "deny") {
  return z.string("write permission rules").superRefine((text, issues) => {
    try {
      parsePolicyRule(text, effect);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      issues.addIssue({ code: "custom", message: error.message });
    }
  });
}

const FIELDS = z.object({
  name: line.nullish(),
  aliases: list(line),
  description: z.string("write a text").nullish(),
  model: modelName,
  // `manual` is what newer versions of Claude Code call `default`.
  permissionMode: z.preprocess(
    (mode) => (mode === "manual" ? "default" : mode),
    z.enum(PERMISSION_MODES, `write one of ${PERMISSION_MODES.join(", ")}`).nullish(),
  ),
  // Claude Code passes over what is no colour of its own; so do we.
  color: z.string().nullish().catch(null),
  tools: list(toolName),
  disallowedTools: list(rule("deny")),
  permissions: z
    .object(
      { allow: list(rule("allow")), ask: list(rule("ask")), deny: list(rule("deny")) },
      "write allow, ask or deny below it",
    )
    .nullish(),
  limits: z
    .object(
      {
        maxAgents: z.number("write a number").int("write a whole number").positive("write 1 or more").nullish(),
        maxTokens: z.number("write a number").int("write a whole number").positive("write 1 or more").nullish(),
        maxCost: z.number("write a number of US dollars").positive("write more than 0").nullish(),
      },
      "write maxAgents, maxTokens or maxCost below it",
    )
    .nullish(),
  spawn: z.boolean("write true or false").nullish(),
});

function toRole(
  fields: z.output<typeof FIELDS> & { name: string },
  { file, origin, unknown }: { file: MarkdownFile; origin: RoleOrigin; unknown: readonly string[] },
): Role {
  const mode = fields.permissionMode ?? null;
  return {
    name: fields.name,
    aliases: fields.aliases ?? [],
    description: (fields.description ?? "").replace(/\s+/g, " ").trim(),
    model: fields.model == null || fields.model === "inherit" ? null : fields.model,
    permissionMode: mode === "bypassPermissions" ? null : mode,
    tools: toolsOf(fields.tools ?? null),
    disallowedTools: fields.disallowedTools ?? [],
    rules: POLICY_EFFECTS.flatMap((effect) =>
      (fields.permissions?.[effect] ?? []).map((text) => ({ effect, rule: text })),
    ),
    limits: {
      maxAgents: fields.limits?.maxAgents ?? null,
      maxTokens: fields.limits?.maxTokens ?? null,
      maxCost: fields.limits?.maxCost ?? null,
    },
    spawn: fields.spawn ?? false,
    color: fields.color ?? null,
    origin,
    file: file.path,
    notes: [...notesOn(mode), ...notesOnKeys(unknown)],
    prompt: file.body.trim(),
  };
}

/** What a tool may be used for is a matter of rules; here only whether it is there. */
function toolsOf(tools: readonly string[] | null): string[] | null {
  if (tools === null || tools.includes("*")) return null;
  return [...new Set(tools.map((tool) => tool.replace(/\(.*$/s, "")))];
}

/** A file of a codebase that somebody cloned must not be able to switch every question off. */
function notesOn(mode: PermissionMode | null): string[] {
  if (mode !== "bypassPermissions") return [];
  return ["permissionMode bypassPermissions is not taken from a file: ask for it with agent spawn --permission-mode"];
}

/** What Claude Code (2.1.330) reads in an agent's file when it is a subagent. An agent of ours is a Claude Code of its own. */
const OF_SUBAGENTS: readonly string[] = [
  "background",
  "effort",
  "hooks",
  "initialPrompt",
  "isolation",
  "maxTurns",
  "mcpServers",
  "memory",
  "skills",
].map(nameKey);

function notesOnKeys(unknown: readonly string[]): string[] {
  const isOfSubagents = (key: string) => OF_SUBAGENTS.includes(nameKey(key));
  const theirs = unknown.filter(isOfSubagents);
  const others = unknown.filter((key) => !isOfSubagents(key));
  return [
    ...(theirs.length === 0
      ? []
      : [
          `${theirs.join(", ")}: not obeyed; only where Claude Code runs this file as a subagent, and in its own settings`,
        ]),
    ...(others.length === 0 ? [] : [`${others.join(", ")}: not known, and not obeyed`]),
  ];
}
