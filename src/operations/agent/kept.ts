import type { Agent } from "../../core/agent.ts";
import type { Context } from "../context.ts";
import { backendOf } from "./observe.ts";

/** Paths of the transcripts of all conversations of an agent: they outlive it. */
export async function keptTranscripts(context: Context, agent: Agent): Promise<string[]> {
  const program = await context.program(await backendOf(context, agent));
  const conversations = await context.store.conversations.list(agent.id);
  const paths = await Promise.all(conversations.map(({ id }) => program.transcriptPath(agent, id)));
  return paths.filter((path) => path !== undefined);
}
