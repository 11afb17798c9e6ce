import { afterEach, beforeEach, expect, test } from "vitest";
import type { Worktree } from "../../src/core/worktree.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
  await opened.store.agents.insert(makeAgent());
});
afterEach(() => opened.remove());

const worktree: Worktree = {
  id: "wtr_1",
  sessionId: "ses_1",
  agentId: "agt_1",
  name: "api",
  kind: "worktree",
  repository: "/code/shop",
  path: "/code/shop/.claude-orch/worktrees/team/api",
  branch: "claude-orch/team/api",
  ownsBranch: true,
  base: null,
  copied: [],
  state: "creating",
  snapshot: null,
  trash: null,
  holder: { pid: 4, startedAt: "5" },
  createdAt: 6,
};

test("a worktree is found by its agent and session, and changed", async () => {
  const { worktrees } = opened.store;
  await worktrees.insert(worktree);
  const change = { state: "ready", holder: null, base: "1f2e", copied: [".env"] } as const;
  await worktrees.update("wtr_1", { ...change, copied: [...change.copied] });

  expect(await worktrees.ofAgent("agt_1")).toEqual({ ...worktree, ...change });
  expect(await worktrees.list("ses_1")).toEqual([{ ...worktree, ...change }]);
  expect(await worktrees.list("ses_2")).toEqual([]);
  await worktrees.remove("wtr_1");
  expect(await worktrees.get("wtr_1")).toBeUndefined();
  await worktrees.update("wtr_1", { state: "ready" });
});

test("B9: what is known of a worktree outlives its agent and its session", async () => {
  const { agents, sessions, worktrees } = opened.store;
  await worktrees.insert(worktree);

  await agents.remove("agt_1");
  expect(await worktrees.get("wtr_1")).toEqual({ ...worktree, agentId: null });
  await sessions.remove("ses_1");
  expect(await worktrees.list()).toEqual([{ ...worktree, agentId: null, sessionId: null }]);
});

test("an agent's row names its worktree", async () => {
  const { agents } = opened.store;
  const mine = { id: "wtr_1", path: worktree.path, branch: "b" };

  await agents.update("agt_1", { worktree: mine });

  expect((await agents.get("agt_1"))?.worktree).toEqual(mine);
});
