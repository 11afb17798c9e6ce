import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Session } from "../../../core/session.ts";
import type { Settings } from "../../../core/settings.ts";
import type { Isolation } from "../../../core/worktree.ts";
import type { Context } from "../../context.ts";
import { checkedRepository, openDirectory, openWorktree } from "../../worktree/open.ts";

/** Where new agents are to work. */
export interface Place {
  isolation: Isolation;
  /** With several agents, the stem of their branches. */
  branch: string | undefined;
}

interface PlaceInput {
  worktree: boolean;
  isolation?: Isolation | undefined;
  branch?: string | undefined;
  cwd?: string | undefined;
}

/** What the flags say, or else the setting. @throws INVALID_INPUT where they contradict each other */
export function placeFor(input: PlaceInput, settings: Settings): Place {
  if (input.worktree && input.isolation !== undefined && input.isolation !== "worktree") {
    throw new AppError("INVALID_INPUT", `--worktree and --isolation ${input.isolation} contradict each other`);
  }
  const isolation = input.worktree ? "worktree" : (input.isolation ?? settings.isolation);
  if (input.branch !== undefined && isolation !== "worktree") {
    throw new AppError("INVALID_INPUT", "--branch goes with --worktree only");
  }
  if (input.cwd !== undefined && isolation === "directory") {
    throw new AppError("INVALID_INPUT", "--cwd and --isolation directory contradict each other");
  }
  return { isolation, branch: input.branch };
}

/**
 * Refuses, before anything is started, what cannot be made.
 * @throws SESSION_ROOT_NOT_A_REPOSITORY, REPOSITORY_WITHOUT_COMMIT, BRANCH_NAME_INVALID, GIT_NOT_INSTALLED
 */
export async function checkPlace(context: Context, session: Session, folder: string, place: Place): Promise<void> {
  if (place.isolation === "worktree") await checkedRepository(context, { session, folder, branch: place.branch });
}

/** Makes the agent's place, which its row then names. Its `cwd` before is the folder that the place stands for. */
export async function placeAgent(context: Context, session: Session, agent: Agent, place: Place): Promise<Agent> {
  const request = { session, name: agent.name, agentId: agent.id };
  switch (place.isolation) {
    case "none":
      return agent;
    case "directory":
      return { ...agent, cwd: (await openDirectory(context, request)).cwd };
    case "worktree": {
      const opened = await openWorktree(context, { ...request, folder: agent.cwd, branch: place.branch });
      const { id, path, branch, cwd } = opened;
      return { ...agent, cwd, worktree: { id, path, branch } };
    }
  }
}
