import * as z from "zod";
import type { Agent } from "../../core/agent.ts";
import type { Context } from "../context.ts";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { isInside, resolveAgent } from "../resolve.ts";
import { closeWorktree } from "../worktree/close.ts";
import { keptTranscripts } from "./kept.ts";
import { descendantsOf, removeFromTree } from "./lifecycle/children.ts";
import { assertMayEnd, endAgent } from "./lifecycle/end.ts";
import { backendOf } from "./observe.ts";

const childView = z.object({ id: z.string(), name: z.string() });

export const agentDelete = defineOperation({
  name: "agent.delete",
  title: "Delete an agent",
  summary: "End an agent and forget it; its transcripts stay",
  description:
    "Ends the agent's Claude Code, closes its terminal and forgets the agent with its messages. Its transcripts stay and are listed in `kept`. Its worktree goes when nothing would be lost with it: with changed, staged, untracked or unmerged work it stays, listed in `kept`, unless forced; then a snapshot is made first, and `kept` names its ref for worktree restore. Refused while it works or waits, unless forced. Agents that it started stay and then work for whom it worked for: `children` names them; with `with_children` they are deleted too. An adopted agent is only let go of: its person's Claude Code and terminal stay, unless forced, which ends that Claude Code.",
  effect: "destroy",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: agentRef,
    force: z
      .boolean()
      .default(false)
      .describe("Even while it works or waits; and take its worktree away after a snapshot"),
    keepWorktree: z.boolean().default(false).describe("Leave its worktree where it is"),
    withChildren: z.boolean().default(false).describe("Delete the agents that work for it, too, and those below them"),
  }),
  output: z.object({
    deleted: childView,
    deletedChildren: z.array(childView).describe("With with_children: the agents below it, deleted too"),
    children: z.array(childView).describe("Agents that worked for it and stay"),
    childrenWorkFor: childView
      .nullable()
      .describe("For whom they work now; null: nobody, and from their next start on they have their role's own rights"),
    kept: z
      .array(z.string())
      .describe("What was not removed: paths of transcripts and worktrees, branches, refs of snapshots"),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_BUSY", "GIT_NOT_INSTALLED", "GIT_COMMAND_FAILED", "PERMISSION_DENIED"],
  cli: {
    args: ["agent"],
    examples: [
      "agent delete api --yes",
      "agent delete api --yes --force",
      "agent delete api --yes --keep-worktree",
      "agent delete lead --yes --with-children",
    ],
  },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const below = input.withChildren ? await descendantsOf(context, agent) : [];
    // Nobody is ended before it is known that all may be.
    for (const one of [agent, ...below]) if (!isLetGo(one, input.force)) await assertMayEnd(context, one, input.force);
    const kept: string[] = [];
    for (const one of below.toReversed()) kept.push(...(await forget(context, one, input)).kept);
    const { left, kept: ofItself } = await forget(context, agent, input);
    return {
      deleted: { id: agent.id, name: agent.name },
      deletedChildren: below.map(({ id, name }) => ({ id, name })),
      ...left,
      kept: [...kept, ...ofItself],
    };
  },
});

function isLetGo(agent: Agent, isForced: boolean): boolean {
  return agent.isAdopted && !isForced;
}

/** @returns paths of what stays, and the agents that worked for it and stay */
async function forget(context: Context, agent: Agent, input: { force: boolean; keepWorktree: boolean }) {
  const kept = await keptTranscripts(context, agent);
  const program = await context.program(await backendOf(context, agent));
  if (!isLetGo(agent, input.force)) await endAgent(context, agent);
  const own = await context.store.worktrees.ofAgent(agent.id);
  if (own) {
    const others = (await context.store.agents.list(agent.sessionId)).filter(({ id }) => id !== agent.id);
    // Who worked for it may work in its folder, and stays.
    const isKept = input.keepWorktree || others.some(({ cwd }) => isInside(cwd, own.path));
    kept.push(...(await closeWorktree(context, own.id, { isForced: input.force, isKept })));
  }
  await program.removeAgentFiles(agent.id);
  context.logger.info("agent.deleted", { agentId: agent.id, by: context.caller.principal.kind });
  return { kept, left: await removeFromTree(context, agent) };
}
