import { join } from "node:path";
import type { SpokenStep } from "../core/scripted-prompt.ts";
import { ACTS, type Act, FORGOTTEN } from "./acts.ts";

/** What the scripted model says or does next; a tool is really used by Claude Code. */
export type ScriptStep = SpokenStep | { kind: "tool"; name: string; input: Record<string, unknown> };

export interface Stage {
  /** The folder that the agents work in. */
  project: string;
  /** The finished app: path in the project → text. */
  app: ReadonlyMap<string, string>;
}

/** What a model would answer to a prompt of this play; undefined for every other prompt. */
export function scriptedReply(prompt: string, stage: Stage): ScriptStep[] | undefined {
  const act = ACTS.find((one) => prompt.startsWith(one.prompt));
  if (act) return work(act, stage);
  // Only what the check's output names is repaired.
  if (prompt.startsWith("The check of ") && prompt.includes(FORGOTTEN.foundBy)) return repair(stage);
  return undefined;
}

function work(act: Act, { project, app }: Stage): ScriptStep[] {
  const writing = act.files.map((file) =>
    use("Write", { file_path: join(project, file), content: firstDraft(file, app) }),
  );
  return [...writing, report(act.tells), { kind: "text", text: `Done: ${act.files.join(", ")}.` }];
}

function repair({ project }: Stage): ScriptStep[] {
  const file_path = join(project, FORGOTTEN.file);
  return [
    // Claude Code edits only what was read in the same conversation.
    use("Read", { file_path }),
    use("Edit", { file_path, old_string: FORGOTTEN.without, new_string: FORGOTTEN.with }),
    report(FORGOTTEN.tells),
    { kind: "text", text: "Repaired." },
  ];
}

function firstDraft(file: string, app: Stage["app"]): string {
  const text = app.get(file) ?? "";
  return file === FORGOTTEN.file ? text.replace(FORGOTTEN.with, FORGOTTEN.without) : text;
}

function report(text: string): ScriptStep {
  return use("mcp__claude-orch__task_report", { kind: "result", text });
}

function use(name: string, input: Record<string, unknown>): ScriptStep {
  return { kind: "tool", name, input };
}
