import type { Screen } from "../../../core/ports/terminal-backend.ts";
import type { Delivery } from "./deliver.ts";
import { isDraftOf } from "./is-draft-of.ts";

/** Long enough for a person who is typing to press another key. */
const TYPING_PAUSE_MS = 1_500;
const CLEAR_BOUND_MS = 3_000;
/** A text of ours that was left in the box is one of the newest. */
const OWN_MESSAGES = 20;

/**
 * Makes sure that the input box is empty. A draft that changes while we look belongs to a person who is typing: then
 * false. One that stands still is cleared when it is a text of ours that was left behind; a person's is put aside, and
 * Claude Code gives it back after our prompt.
 */
export async function clearDraft(
  delivery: Delivery,
  screen: Screen | undefined,
  options: { isWorking?: boolean } = {},
): Promise<boolean> {
  const { context, agent, backend, program } = delivery;
  if (!agent.terminal || !backend.capabilities.screen) return true;
  const draft = screen && program.draft(screen);
  if (draft === "") return true;
  // No box on the screen: a dialog or panel that no other evidence names. Typing into it could approve something.
  if (draft === undefined) return false;

  await context.clock.sleep(TYPING_PAUSE_MS, context.signal);
  const later = await backend.screen(agent.terminal, {}, context.signal);
  if (program.draft(later) !== draft) return false;
  const isOwn = (await ownTexts(delivery)).some((text) => isDraftOf(draft, text));
  context.logger.info("delivery.draft-cleared", { agentId: agent.id, characters: draft.length, isOwn });
  if (!isOwn || options.isWorking) {
    await backend.input(agent.terminal, program.planStash(), context.signal);
    if (await untilEmpty(delivery, 400)) return true;
  }
  // The keys that empty the box would stop the turn.
  if (options.isWorking) return false;
  return emptyBox(delivery);
}

/** Clears the box if what stands in it is a text of ours. */
export async function clearOwnDraft(delivery: Delivery): Promise<void> {
  if (await boxHolds(delivery, await ownTexts(delivery))) await emptyBox(delivery);
}

/** True when one of these texts demonstrably stands in the input box. */
export async function boxHolds(delivery: Delivery, texts: readonly string[]): Promise<boolean> {
  const { context, program } = delivery;
  // Asked for while a delivery is proved, which is not cancellable.
  const screen = await peek({ ...delivery, context: { ...context, signal: new AbortController().signal } });
  const draft = screen && program.draft(screen);
  return draft !== undefined && texts.some((text) => isDraftOf(draft, text));
}

async function ownTexts({ context, agent }: Delivery): Promise<string[]> {
  const messages = await context.store.messages.list(agent.id, { limit: OWN_MESSAGES });
  return messages.map(({ sentText, text }) => sentText ?? text);
}

/** What the terminal shows now, or undefined when it cannot be read. */
export async function peek({ context, agent, backend }: Delivery): Promise<Screen | undefined> {
  if (!agent.terminal || !backend.capabilities.screen) return undefined;
  return backend.screen(agent.terminal, {}, context.signal).catch(() => undefined);
}

/**
 * Clears the box and waits until the screen shows it empty. The keys are sent once, however long the screen takes: a busy
 * machine may draw it late, and a second Ctrl-C within a second ends Claude Code (claude-code-facts §5.3).
 */
export async function emptyBox(delivery: Delivery): Promise<boolean> {
  const { context, agent, backend, program } = delivery;
  if (!agent.terminal) return false;
  const screen = await backend.screen(agent.terminal, {}, context.signal);
  if (program.draft(screen) === "") return true;
  const keys = program.planClear(screen);
  if (!keys) return false;
  await backend.input(agent.terminal, keys, context.signal);
  return untilEmpty(delivery, CLEAR_BOUND_MS);
}

async function untilEmpty(delivery: Delivery, maxMs: number): Promise<boolean> {
  const { context, agent, backend, program } = delivery;
  if (!agent.terminal) return false;
  const deadline = context.clock.monotonic() + maxMs;
  do {
    if (program.draft(await backend.screen(agent.terminal, {}, context.signal)) === "") return true;
    await context.clock.sleep(25, context.signal);
  } while (context.clock.monotonic() < deadline);
  return false;
}
