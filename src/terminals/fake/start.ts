import type { Key } from "../../core/ports/terminal-backend.ts";
import { end } from "./life.ts";
import type { Moment } from "./moment.ts";
import type { Start } from "./state.ts";

/** As the start dialogs of 2.1.329 stand on the screen: without digits, and the refusal under the mark. */
export const TRUST_OPTIONS = ["No, exit", "Yes, I trust this folder"] as const;

/** No start dialog stands before this (claude-code-facts §1.4). */
const FIRST_DIALOG_MS = 700;
/** The rest of the start, once the folder is trusted. */
const AFTER_TRUST_MS = 300;

/**
 * How the agent's environment wants it to start: `FAKE_CLAUDE_START=2s` takes that long, `FAKE_CLAUDE_START=trust` asks
 * whether the folder is trusted. Without it the agent is ready at once.
 */
export function startOf(environment: string, now: number): Start | undefined {
  const wanted = /^export FAKE_CLAUDE_START='?(?:(trust)|(\d{1,6})(ms|s))'?$/m.exec(environment);
  if (!wanted) return undefined;
  if (wanted[1] !== undefined) return { dueAt: now + FIRST_DIALOG_MS, trust: { isShown: false, selected: 0 } };
  return { dueAt: now + Number(wanted[2]) * (wanted[3] === "s" ? 1000 : 1) };
}

export function pressAtStart(moment: Moment, begun: Start, key: Key): void {
  const { trust } = begun;
  if (!trust?.isShown) return;
  if (key === "Up" || key === "Down") trust.selected = 1 - trust.selected;
  else if (key === "Escape" || key === "C-c" || (key === "Enter" && trust.selected === 0)) end(moment, 1, "other");
  else if (key === "Enter") moment.state.start = { dueAt: moment.at + AFTER_TRUST_MS };
}
