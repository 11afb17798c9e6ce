import { spawn } from "node:child_process";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Coordination } from "../../../src/core/team/coordination.ts";
import type { CoordinationView } from "../../../src/core/team/view.ts";
import { agentRead } from "../../../src/operations/agent/read.ts";
import { agentShow } from "../../../src/operations/agent/show.ts";
import { teamShow } from "../../../src/operations/team/show.ts";
import { bundleScript } from "../../support/bundle-script.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { proposes, votes } from "./scripts.ts";

const PACKAGE = new URL("../../../", import.meta.url);
const NAMES = ["a", "b"];
const TEXT = [
  ...NAMES.map((name) => proposes(name, `plan ${name}`)),
  votes("a", "b", "simpler"),
  votes("b", "b", "mine"),
  "[[if You coordinate | reply we take b]]",
].join("");

let world: FakeWorld;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let script: string;

beforeAll(async () => {
  world = await openFakeWorld();
  for (const name of [...NAMES, "lead"]) await world.spawn(name);
  // The product finds its own package by its path: the child gets the same surroundings.
  folder = await temporaryDirectory();
  await mkdir(join(folder.path, "dist"));
  await copyFile(new URL("package.json", PACKAGE), join(folder.path, "package.json"));
  script = await bundleScript(new URL("./crash-child.ts", import.meta.url), join(folder.path, "dist"));
  await symlink(new URL("src/roles", PACKAGE).pathname, join(folder.path, "dist", "roles"));
}, 60_000);
afterAll(async () => {
  await world.dispose();
  await folder.remove();
});

/** Runs a consensus in a process that is killed after so many acts. @returns how many there were, where it was not */
async function coordinateAndDie(acts: number): Promise<number | "killed"> {
  const input = { mode: "consensus", text: TEXT, participants: NAMES, coordinator: "lead", timeout: "30s", rounds: 1 };
  const child = spawn(process.execPath, [script, String(acts), JSON.stringify(input)], {
    cwd: world.root,
    env: { ...world.context.caller.env },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (child.signalCode === "SIGKILL") return "killed";
  if (child.exitCode !== 3) throw new Error(`The child failed (${child.exitCode})`);
  return Number(out);
}

/** How often each step of it stands in the agents' transcripts. */
async function heard({ id }: Coordination): Promise<number[]> {
  const counts: number[] = [];
  for (const name of [...NAMES, "lead"]) {
    const { agent } = await world.call(agentShow, { agent: name });
    const { entries } = await world.call(agentRead, { agent: name, all: true }, world.as({ kind: "observer" }));
    const messages = (await world.context.store.messages.list(agent.id, { limit: 1_000 })).filter((one) =>
      one.idempotencyKey?.startsWith(`team:${id}:`),
    );
    for (const { promptId, state } of messages) {
      if (state !== "answered") continue;
      counts.push(entries.filter((entry) => entry.kind === "prompt" && entry.promptId === promptId).length);
    }
    expect(new Set(messages.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(messages.length);
  }
  return counts;
}

function expectWhole({ participants, decision, synthesis, state }: CoordinationView): void {
  expect(state).toBe("done");
  expect(participants.map(({ answer }) => answer?.text)).toEqual(["plan a", "plan b"]);
  expect(decision).toMatchObject({ outcome: "agreed", proposal: { name: "b" }, votes: 2 });
  expect(synthesis).toBe("we take b");
}

describe("kill -9 of the process that coordinates", () => {
  it("R4-46: at each act: the next one carries it on to the same end, and nobody is asked twice", async () => {
    const acts = await coordinateAndDie(1_000_000);
    expect(acts).toBeGreaterThan(25);
    const unproved: string[] = [];
    for (let act = 1; act < Number(acts); act += STRIDE) {
      expect(await coordinateAndDie(act), `act ${act}`).toBe("killed");
      const [left] = await world.context.store.coordinations.list({ state: "running" });
      if (!left) throw new Error(`nothing is left to carry on after act ${act}`);
      const { coordination } = await world.call(teamShow, { id: left.id, wait: true, timeout: "30s" });

      expect(await heard(left), `act ${act}`).toEqual((await heard(left)).map(() => 1));
      // Between the journal and the keys nobody can tell whether they were typed: it is never sent again, and told.
      const reasons = [...coordination.participants, ...(coordination.coordinator ? [coordination.coordinator] : [])]
        .map(({ reason }) => reason)
        .filter((reason) => reason !== undefined);
      if (reasons.length === 0) expectWhole(coordination);
      else unproved.push(...reasons);
    }
    for (const reason of unproved) expect(reason).toMatch(/^whether it was asked cannot be proved/);
    expect(unproved.length).toBeLessThan(Number(acts) / STRIDE / 2);
  }, 120_000);
});

/** The acts that are tried: all would take minutes, and follow the same pattern for each message. */
const STRIDE = 5;
