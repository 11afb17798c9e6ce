import type { Delivery } from "./deliver.ts";

/** Long enough for a person who is typing to press another key. */
const TYPING_PAUSE_MS = 1_500;
const CLEAR_BOUND_MS = 3_000;

/**
 * Makes sure that the input box is empty. A draft that changes while we look belongs to a person who is typing: then
 * false. A draft that stands still is stale and is cleared.
 */
export async function clearDraft(delivery: Delivery): Promise<boolean> {
  const { context, agent, backend, program } = delivery;
  if (!agent.terminal || !backend.capabilities.screen) return true;
  const screen = await backend.screen(agent.terminal, {}, context.signal);
  const draft = program.draft(screen);
  if (draft === "") return true;
  // No box on the screen: a dialog or panel that no other evidence names. Typing into it could approve something.
  if (draft === undefined) return false;

  await context.clock.sleep(TYPING_PAUSE_MS, context.signal);
  const later = await backend.screen(agent.terminal, {}, context.signal);
  if (program.draft(later) !== draft) return false;
  context.logger.info("delivery.draft-cleared", { agentId: agent.id, characters: draft.length });
  return emptyBox(delivery);
}

/** Clears the box and waits until the screen shows it empty. */
export async function emptyBox(delivery: Delivery): Promise<boolean> {
  const { context, agent, backend, program } = delivery;
  if (!agent.terminal) return false;
  const deadline = context.clock.monotonic() + CLEAR_BOUND_MS;
  while (context.clock.monotonic() < deadline) {
    const screen = await backend.screen(agent.terminal, {}, context.signal);
    if (program.draft(screen) === "") return true;
    const keys = program.planClear(screen);
    if (!keys) return false;
    await backend.input(agent.terminal, keys, context.signal);
    const isEmpty = await untilEmpty(delivery, 400);
    if (isEmpty) return true;
  }
  return false;
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
