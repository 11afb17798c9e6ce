import type { Agent } from "../../../core/agent.ts";
import type { Context } from "../../context.ts";
import { settleAnswers } from "../delivery/answer.ts";
import { recover } from "../delivery/recover.ts";
import { backendOf } from "../observe.ts";

/**
 * Settles what was under way when an agent's process ended: messages that were being delivered, and turns that were cut
 * off. Before the agent is opened again: afterwards it would look idle, and these messages unfinished for good. What is
 * only queued stays queued. The caller holds the agent's lease.
 */
export async function settleCutOff(context: Context, agent: Agent): Promise<void> {
  const name = await backendOf(context, agent);
  const [backend, program] = [await context.backend(name), await context.program(name)];
  // Its input box is gone with its process, whatever a terminal may still show.
  const delivery = { context, agent: { ...agent, terminal: null }, backend, program };
  for (;;) {
    const message = await context.store.messages.head(agent.id);
    if (!message || message.state === "queued") break;
    if ((await recover(delivery, message)).outcome !== "settled") break;
  }
  await settleAnswers(context, agent);
}
