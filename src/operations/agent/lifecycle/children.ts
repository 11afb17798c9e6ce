import type { Agent } from "../../../core/agent.ts";
import type { Context } from "../../context.ts";

/** All agents below one, each after the one that it works for; each once, whatever the store says. */
export async function descendantsOf(context: Context, agent: Agent): Promise<Agent[]> {
  const all = await context.store.agents.list(agent.sessionId);
  const found: Agent[] = [agent];
  for (const parent of found) {
    found.push(...all.filter((one) => one.parentId === parent.id && !found.some(({ id }) => id === one.id)));
  }
  return found.slice(1);
}

interface Left {
  children: { id: string; name: string }[];
  childrenWorkFor: { id: string; name: string } | null;
}

/**
 * Removes an agent's row. Those that work for it work for whom it worked for from then on: nobody is left with a parent
 * that there is none of, and what they may do stays within the rights of somebody who is there.
 */
export async function removeFromTree(context: Context, agent: Agent): Promise<Left> {
  return context.store.transaction(async ({ agents }) => {
    const heir = agent.parentId === null ? undefined : await agents.get(agent.parentId);
    const children = (await agents.list(agent.sessionId)).filter(({ parentId }) => parentId === agent.id);
    for (const { id } of children) await agents.update(id, { parentId: heir?.id ?? null });
    await agents.remove(agent.id);
    const isHandedOver = heir !== undefined && children.length > 0;
    return {
      children: children.map(({ id, name }) => ({ id, name })),
      childrenWorkFor: isHandedOver ? { id: heir.id, name: heir.name } : null,
    };
  });
}
