import * as z from "zod";
import { nameKey, spelt, splitList } from "./front-matter.ts";
import type { MarkdownFile } from "./ports/markdown-source.ts";
import { NO_PROTOCOL, PREPEND, type Protocol, type ProtocolOrigin } from "./protocol.ts";

/** A file that cannot be used, and the line (from 1) that says why. */
export interface ProtocolProblem {
  origin: ProtocolOrigin;
  file: string;
  line: number;
  message: string;
  /** What the protocol would be called; the file's own name where it does not tell. */
  name: string;
}

/** Reads a working protocol. Without front matter the file's name is its name, and all of it is the text. */
export function readProtocol(file: MarkdownFile, origin: ProtocolOrigin): Protocol | ProtocolProblem {
  const fileName = (file.path.split(/[\\/]/).at(-1) ?? "").replace(/\.md$/i, "");
  const problem = (line: number, message: string, name = fileName): ProtocolProblem => {
    return { origin, file: file.path, line, message, name };
  };
  if (file.problem) return problem(file.problem.line, file.problem.message);
  const lineOf = (key: string) => file.matter?.lineOf([key]) ?? 1;
  const { fields, keys } = file.matter ? spelt(file.matter, Object.keys(FIELDS.shape)) : NOTHING;
  // An empty front matter is null, and says nothing.
  if (fields === undefined && file.matter?.value != null)
    return problem(2, "the front matter is no list of keys with values");

  const parsed = FIELDS.safeParse(fields ?? {});
  const name = parsed.data?.name ?? (typeof fields?.name === "string" ? fields.name : fileName);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: "not valid" };
    const field = String(path[0]);
    const key = keys.get(field) ?? field;
    return problem(lineOf(key), `${key}: ${message}`, name);
  }
  if (nameKey(name) === "") return problem(lineOf("name"), "the name holds no letter");
  if (nameKey(name) === NO_PROTOCOL)
    return problem(lineOf("name"), `${NO_PROTOCOL} is what is said to have no protocol`, name);

  const text = file.body.trim();
  if (text === "") return problem(1, "the file holds no text", name);
  const message = (parsed.data.message ?? messageSection(text)).trim();
  const { prepend } = parsed.data;
  if (message === "" && prepend != null && prepend !== "never")
    return problem(lineOf(keys.get("prepend") ?? "prepend"), "there is no section ## Message to prepend", name);
  return {
    name,
    aliases: parsed.data.aliases ?? [],
    description: (parsed.data.description ?? "").replace(/\s+/g, " ").trim(),
    prepend: message === "" ? "never" : (prepend ?? "always"),
    taskFiles: parsed.data.taskFiles ?? false,
    onFailure: parsed.data.onFailure ?? "none",
    origin,
    file: file.path,
    text,
    message,
  };
}

export function isProtocolProblem(read: Protocol | ProtocolProblem): read is ProtocolProblem {
  return "line" in read;
}

const NOTHING = { fields: undefined, keys: new Map<string, string>() };

const line = z
  .string("write a text")
  .max(100, "write 100 characters or fewer")
  .regex(/^\P{Cc}+$/u, "write one line");

const FIELDS = z.object({
  name: line.nullish(),
  aliases: z.preprocess(splitList, z.array(line, "write a list, or names with commas between").nullish()),
  description: z.string("write a text").nullish(),
  prepend: z.enum(PREPEND, `write one of ${PREPEND.join(", ")}`).nullish(),
  message: z.string("write a text").max(4_000, "write 4000 characters or fewer").nullish(),
  taskFiles: z.boolean("write true or false").nullish(),
  onFailure: z.enum(["none", "fix"], "write none or fix").nullish(),
});

/** What stands below the heading `## Message`, up to the next heading of its level or above. */
function messageSection(text: string): string {
  const lines = text.split(/\r?\n/);
  const fenced = insideFences(lines);
  const isHeading = (index: number, pattern: RegExp) => !fenced[index] && pattern.test(lines[index] ?? "");
  const start = lines.findIndex((_, index) => isHeading(index, /^##[ \t]+message[ \t]*#*[ \t]*$/i));
  if (start < 0) return "";
  const length = lines.slice(start + 1).findIndex((_, index) => isHeading(start + 1 + index, /^#{1,2}[ \t]/));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** Whether each line stands in a code fence, where a heading is none. */
function insideFences(lines: readonly string[]): boolean[] {
  let fence: string | undefined;
  return lines.map((text) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence === undefined) {
      fence = mark;
      return mark !== undefined;
    }
    if (mark?.startsWith(fence) && text.trim() === mark) fence = undefined;
    return true;
  });
}
