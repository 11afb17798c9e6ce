import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ids } from "../../core/ports/ids.ts";
import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import { type LaunchRecord, readLaunchRecord, transcriptPath } from "./launch-record.ts";
import { refuseToStart, start } from "./life.ts";
import { Outbox, setFileTime } from "./outbox.ts";
import { startOf } from "./start.ts";
import type { FakeState } from "./state.ts";
import type { StateFiles } from "./state-files.ts";

/** "Starts" the scripted agent: does to the files what the launcher and Claude Code would do. */
export async function openFake(files: StateFiles, ids: Ids, now: number, request: OpenRequest): Promise<FakeState> {
  const launch = await readLaunchRecord(request.launcher);
  const transcript = transcriptPath(launch, launch.conversationId);
  const past = await lastRecord(transcript);
  const environment = join(launch.folder, `env-${launch.tag}`);
  const begun = startOf(await readFile(environment, "utf8").catch(() => ""), now);
  const outbox = new Outbox();
  const state = await files.create((id, pid) => {
    const created = newState(id, pid, { launch, transcript, request, now });
    const moment = { state: created, outbox, ids, at: now };
    if (launch.mode === "new" && past !== undefined) {
      refuseToStart(moment, `Error: Session ID ${launch.conversationId} is already in use.`);
    } else if (launch.mode === "resume" && past === undefined) {
      refuseToStart(moment, `No conversation found with session ID: ${launch.conversationId}`);
    }
    created.leaf = past ?? null;
    if (begun && created.process.kind === "running") created.start = begun;
    return created;
  });
  // The launcher reads the agent's environment and deletes it at once: it holds secrets.
  await rm(environment, { force: true });
  const pidFile = join(launch.folder, "pid");
  await writeFile(pidFile, `${state.pid}\n`, { mode: 0o600 });
  setFileTime(pidFile, now);
  if (state.process.kind === "running" && !state.start) start({ state, outbox, ids, at: now });
  outbox.deliver(state);
  return state;
}

function newState(
  id: string,
  pid: number,
  { launch, transcript, request, now }: { launch: LaunchRecord; transcript: string; request: OpenRequest; now: number },
): FakeState {
  return {
    id,
    tag: request.tag,
    title: request.title,
    group: request.group,
    launch,
    pid,
    procStart: String(now),
    startedAt: now,
    process: { kind: "running" },
    conversationId: launch.conversationId,
    transcript,
    status: "idle",
    statusAt: now,
    leaf: null,
    prompts: 0,
    box: { text: "", cursor: 0 },
    hasSwallowedEnter: false,
    queue: [],
    background: [],
    log: [],
  };
}

/** uuid of the newest record that can have children; undefined when there is no transcript. */
async function lastRecord(transcript: string): Promise<string | undefined> {
  const text = await readFile(transcript, "utf8").catch(() => undefined);
  const found = text
    ?.trimEnd()
    .split("\n")
    .map(uuidOf)
    .findLast((uuid) => uuid !== undefined);
  return text === undefined ? undefined : (found ?? "");
}

function uuidOf(line: string): string | undefined {
  try {
    const { uuid } = JSON.parse(line) as { uuid?: unknown };
    return typeof uuid === "string" ? uuid : undefined;
  } catch {
    return undefined;
  }
}
