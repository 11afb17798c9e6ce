import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, test, vi } from "vitest";
import type { Principal } from "../../src/core/principal.ts";
import { Resources } from "../../src/mcp/resources.ts";
import { operations } from "../../src/operations/index.ts";
import { connect } from "./support/connect.ts";

const worker: Principal = { kind: "worker", agentId: "agt_a", sessionId: "ses_1" };

async function listening(principal?: Principal) {
  const made = await connect(principal);
  const updated: string[] = [];
  let listChanges = 0;
  made.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  made.client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
    listChanges += 1;
  });
  /** Rings once the watcher listens, and lets its time pass until `condition` holds. */
  const ringUntil = async (condition: () => void) => {
    await vi.waitFor(() => expect(made.doorbell.listeners).toBe(1));
    made.doorbell.ring();
    await vi.waitFor(() => {
      made.clock.advance(100);
      condition();
    });
  };
  return { ...made, updated, listChanges: () => listChanges, ringUntil };
}

function contentOf(result: { contents: unknown[] }): unknown {
  const [content] = result.contents as { text: string }[];
  return JSON.parse(content?.text ?? "null");
}

test("lists status, every session and every agent, and their templates", async () => {
  const { client } = await connect();

  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();

  expect(resources.map(({ uri }) => uri)).toEqual([
    "orch://status",
    "orch://sessions/ses_1",
    "orch://sessions/ses_2",
    "orch://agents/agt_a",
    "orch://agents/agt_b",
  ]);
  expect(resources.map(({ title }) => title)).toContain("Agent name-of-ses_1/api");
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "orch://sessions/{id}",
    "orch://agents/{id}",
  ]);
});

test("R3-43: the real catalogue makes all kinds of resource possible", () => {
  const resources = new Resources(operations, { kind: "manager" });

  expect(resources.resolve("orch://status")).toMatchObject({ operation: { name: "status" }, input: {} });
  expect(resources.resolve("orch://sessions/ses_1")).toMatchObject({
    operation: { name: "session.show" },
    input: { session: "ses_1" },
  });
  expect(resources.resolve("orch://agents/agt_1")).toMatchObject({
    operation: { name: "agent.show" },
    input: { agent: "agt_1" },
  });
  expect(resources.resolve("orch://agents/agt_1/log")).toMatchObject({
    operation: { name: "agent.log" },
    input: { agent: "agt_1" },
  });
  expect(resources.resolve("orch://agents/agt_1/transcript")).toMatchObject({
    operation: { name: "agent.read" },
    input: { agent: "agt_1" },
  });
});

test.each([
  "orch://nothing",
  "orch://agents/",
  "orch://agents/a/b/transcript",
  "orch://agents/a%2Fb",
  "file:///etc/passwd",
])("%s is no resource", (uri) => {
  expect(new Resources(operations, { kind: "manager" }).resolve(uri)).toBeUndefined();
});

test("a resource is the JSON of its operation", async () => {
  const { client } = await connect();

  expect(contentOf(await client.readResource({ uri: "orch://sessions/ses_1" }))).toEqual({
    session: { id: "ses_1" },
    agents: ["api"],
  });
  expect(contentOf(await client.readResource({ uri: "orch://agents/agt_b" }))).toEqual({
    agent: { id: "agt_b", state: "idle" },
  });
});

test("a resource that is not there says so with the protocol's code and our envelope", async () => {
  const { client } = await connect();

  await expect(client.readResource({ uri: "orch://agents/agt_none" })).rejects.toMatchObject({
    code: -32002,
    data: { code: "AGENT_NOT_FOUND", uri: "orch://agents/agt_none" },
  });
  await expect(client.readResource({ uri: "orch://nothing" })).rejects.toMatchObject({ code: -32002 });
  await expect(client.subscribeResource({ uri: "orch://nothing" })).rejects.toMatchObject({ code: -32002 });
});

test("R1-32: a worker has its own session's resources only", async () => {
  const { client } = await connect(worker);

  const { resources } = await client.listResources();

  expect(resources.map(({ uri }) => uri)).toEqual(["orch://status", "orch://sessions/ses_1", "orch://agents/agt_a"]);
  expect(contentOf(await client.readResource({ uri: "orch://status" }))).toMatchObject({ agents: [{ id: "agt_a" }] });
  await expect(client.readResource({ uri: "orch://sessions/ses_2" })).rejects.toMatchObject({
    data: { code: "PERMISSION_DENIED" },
  });
});

test("R3-43: a subscriber is told of a change of state, and only of what it subscribed to", async () => {
  const { world, client, updated, ringUntil } = await listening();
  await client.subscribeResource({ uri: "orch://status" });
  await client.subscribeResource({ uri: "orch://agents/agt_a" });

  Object.assign(world.agents[1] ?? {}, { state: "working" });
  await ringUntil(() => expect(updated).toEqual(["orch://status"]));

  Object.assign(world.agents[0] ?? {}, { state: "waiting" });
  await ringUntil(() => expect(updated).toEqual(["orch://status", "orch://status", "orch://agents/agt_a"]));
});

test.each(["evidence", "terminals"] as const)(
  "a change that only an agent's %s show is told without a ring",
  async (source) => {
    const { world, client, clock, updated, ...sources } = await listening();
    await client.subscribeResource({ uri: "orch://agents/agt_a" });
    await vi.waitFor(() => expect(sources[source].listeners).toBe(1));

    Object.assign(world.agents[0] ?? {}, { state: "working" });
    sources[source].ring();

    await vi.waitFor(() => {
      clock.advance(100);
      expect(updated).toEqual(["orch://agents/agt_a"]);
    });
  },
);

test("a ring without a change is no news", async () => {
  const { world, client, clock, doorbell, updated, ringUntil } = await listening();
  await client.subscribeResource({ uri: "orch://status" });
  await vi.waitFor(() => expect(doorbell.listeners).toBe(1));

  // `because` tells another time at every look.
  clock.advance(50);
  doorbell.ring();
  await vi.waitFor(() => {
    clock.advance(100);
    expect(doorbell.listeners).toBe(1);
  });
  Object.assign(world.agents[0] ?? {}, { state: "working" });
  await ringUntil(() => expect(updated).toHaveLength(1));
});

test("a subscriber is told when an agent appears or goes, with the list", async () => {
  const { world, client, updated, listChanges, ringUntil } = await listening();
  await client.subscribeResource({ uri: "orch://agents/agt_a" });

  world.agents.shift();
  await ringUntil(() => expect(listChanges()).toBe(1));

  expect(updated).toEqual(["orch://agents/agt_a"]);
});

test("one watcher serves all subscriptions and ends with the last of them", async () => {
  const { client, clock, doorbell, evidence } = await listening();
  for (const uri of ["orch://status", "orch://agents/agt_a", "orch://agents/agt_b"])
    await client.subscribeResource({ uri });
  await vi.waitFor(() => expect(doorbell.listeners).toBe(1));

  for (const uri of ["orch://status", "orch://agents/agt_a", "orch://agents/agt_b"])
    await client.unsubscribeResource({ uri });

  await vi.waitFor(() => expect(doorbell.listeners + evidence.listeners + clock.waiting).toBe(0));
});

test("nobody subscribed: nothing is watched, and our own changes are told all the same", async () => {
  const { client, doorbell, call, listChanges } = await listening();
  await client.listResources();

  await call("agent_spawn", { agent_name: "new" });

  await vi.waitFor(() => expect(listChanges()).toBe(1));
  expect(doorbell.listeners).toBe(0);
});

test("closing the connection ends the watcher", async () => {
  const { client, calls, doorbell, evidence, clock } = await listening();
  await client.subscribeResource({ uri: "orch://status" });
  await vi.waitFor(() => expect(doorbell.listeners).toBe(1));

  await client.close();
  await calls.ended();

  expect(doorbell.listeners + evidence.listeners + clock.waiting).toBe(0);
});
