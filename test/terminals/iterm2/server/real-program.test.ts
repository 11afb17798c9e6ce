import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import { type Iterm2Server, startIterm2Server } from "../../../support/iterm2-server/server.ts";
import { VirtualClock } from "../../../support/iterm2-server/server-clock.ts";
import { children, type Message, text, texts } from "../../../support/iterm2-server/wire/message.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { waitFor } from "../../../support/wait-for.ts";

let server: Iterm2Server;
let client: RawClient;
let clock: VirtualClock;
let folder: { path: string; remove(): Promise<void> };

beforeEach(async () => {
  folder = await temporaryDirectory();
  clock = new VirtualClock();
  server = await startIterm2Server({ auth: "disabled", clock });
  client = await RawClient.open(server.socketPath);
});

afterEach(async () => {
  client.close();
  await server.dispose();
  await folder.remove();
});

async function launch(script: string, properties: Record<string, unknown> = {}): Promise<{ id: string; pid: number }> {
  const launcher = path.join(folder.path, "launcher");
  await writeFile(launcher, `#!/bin/sh\n${script}\n`);
  await chmod(launcher, 0o700);
  const all = { "Custom Command": "Yes", Command: launcher, ...properties };
  const custom_profile_properties = Object.entries(all).map(([key, value]) => ({
    key,
    json_value: JSON.stringify(value),
  }));
  const created = await client.request("create_tab", { custom_profile_properties });
  const id = text(created, "session_id") ?? "";
  const { values } = await client.request("variable", { session_id: id, get: ["pid"] });
  return { id, pid: Number((values as string[])[0]) };
}

async function screen(session: string): Promise<string[]> {
  const buffer = await client.request("get_buffer", { session, line_range: { screen_contents_only: true } });
  return children(buffer, "contents").map((line: Message) => text(line, "text") ?? "");
}

const shows = (session: string, wanted: string) =>
  waitFor(
    `"${wanted}" on the screen`,
    async () => ((await screen(session)).join("\n").includes(wanted) ? true : undefined),
    { describe: async () => (await screen(session)).join("\n") },
  );

const send = (session: string, input: string) =>
  client.request("send_text", { session, text: input, suppress_broadcast: true });

function state(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "there";
  } catch {
    return undefined;
  }
}

describe("a real program in the fake iTerm2", () => {
  it("runs on a pty of the pane's size, in its directory, with the environment of a program from the Dock", async () => {
    const { id, pid } = await launch("pwd; stty size; env | sort; echo pid=$$; exec cat", {
      "Custom Directory": "Yes",
      "Working Directory": folder.path,
    });
    await shows(id, `pid=${pid}`);
    const buffer = await client.request("get_buffer", { session: id, line_range: { trailing_lines: 100 } });
    const lines = children(buffer, "contents").map((line) => text(line, "text"));

    expect(lines).toEqual(expect.arrayContaining([folder.path, "25 80", "PATH=/usr/bin:/bin:/usr/sbin:/sbin"]));
    expect(lines).toContain(`ITERM_SESSION_ID=w0t0p0:${id}`);
    expect(lines.filter((line) => line?.startsWith("TMUX"))).toEqual([]);
  });

  it("gets the very bytes that were sent", async () => {
    const { id } = await launch("stty raw -echo; echo ready; exec dd bs=1 count=9 2>/dev/null | od -An -tx1; exec cat");
    await shows(id, "ready");

    await send(id, "é;\u001b[\u0003\r😀");

    await shows(id, "c3 a9 3b 1b 5b 03 0d f0 9f");
    expect(server.model.session(id)?.sentText).toBe("é;\u001b[\u0003\r😀");
  });

  it("tells of its screen, wraps softly, and counts lines from the first one", async () => {
    const { id } = await launch(
      "read go; i=0; while [ $i -lt 60 ]; do echo line $i; i=$((i+1)); done; printf %0100d 7; exec cat",
    );
    await client.request("notification", { session: id, subscribe: true, notification_type: 2 });
    await send(id, "\r");
    await shows(id, "7");

    const buffer = await client.request("get_buffer", { session: id, line_range: { trailing_lines: 3 } });
    const contents = children(buffer, "contents");

    expect(contents.map((line) => [line.text, line.continuation])).toEqual([
      ["line 59", 1],
      ["0".repeat(80), 2],
      [`${"0".repeat(19)}7`, 1],
    ]);
    expect(buffer.cursor).toEqual({ x: 20, y: 62 });
    const update = await waitFor("a notification", () => client.notifications[0]);
    expect(update).toEqual({ screen_update_notification: { session: id } });
  });

  it("tells at once when it ends, and its last words stay on the screen", async () => {
    await client.request("notification", { subscribe: true, notification_type: 7 });
    const { id, pid } = await launch("echo last words; read go; exit 3");
    await send(id, "\r");

    await waitFor("the end", () => client.notifications[0]);
    expect(client.notifications).toEqual([{ terminate_session_notification: { session_id: id } }]);
    expect(await screen(id)).toContain("last words");
    expect(await send(id, "")).toEqual({ status: 1 });
    expect(state(pid)).toBeUndefined();
  });

  it("is frozen while its close can be undone, and goes on after the undo", async () => {
    const { id, pid } = await launch("while :; do echo tick; sleep 0.02; done");
    await shows(id, "tick");

    await client.request("close", { sessions: { session_ids: [id] }, force: true });
    expect(texts(await client.request("variable", { session_id: id, get: ["pid"] }), "values")).toEqual([]);
    await waitFor("the stop", async () => (await processState(pid)) === "T" || undefined);

    server.model.undoClose(id);
    await waitFor("going on", async () => (await processState(pid)) !== "T" || undefined);
    expect(await send(id, "")).toEqual({ status: 0 });
  });

  it("ends when its close cannot be undone any more", async () => {
    const { id, pid } = await launch("echo ready; exec cat");
    await shows(id, "ready");

    await client.request("close", { sessions: { session_ids: [id] }, force: true });
    clock.advance(4_999);
    expect(state(pid)).toBe("there");
    clock.advance(1);

    await waitFor("the end", () => state(pid) === undefined || undefined);
  });

  it("survives a restart of iTerm2, or leaves its pane to a new shell", async () => {
    const { id, pid } = await launch("echo ready; exec cat");
    await shows(id, "ready");
    await server.restart();
    client = await RawClient.open(server.socketPath);
    expect(await screen(id)).toContain("ready");
    expect(state(pid)).toBe("there");

    await server.restart({ jobs: "killed" });
    client = await RawClient.open(server.socketPath);
    await waitFor("the end", () => state(pid) === undefined || undefined);
    expect(await send(id, "")).toEqual({ status: 0 });
    expect(await screen(id)).not.toContain("ready");
  });

  it("leaves nothing behind when the server goes while it starts", async () => {
    const launcher = path.join(folder.path, "slow");
    await writeFile(launcher, `#!/bin/sh\necho $$ >${folder.path}/pid\nexec sleep 100\n`, { mode: 0o700 });
    const other = await startIterm2Server({ auth: "disabled" });
    const its = await RawClient.open(other.socketPath);
    const custom_profile_properties = [
      { key: "Custom Command", json_value: '"Yes"' },
      { key: "Command", json_value: JSON.stringify(launcher) },
    ];
    void its.request("create_tab", { custom_profile_properties });
    await waitFor("the request", () => other.requests[0]);
    await other.dispose();

    const pid = Number(await readFile(`${folder.path}/pid`, "utf8").catch(() => "0"));
    if (pid > 0) await waitFor("the end", () => state(pid) === undefined || undefined);
    expect(() => process.kill(-(pid || 0x7fffffff), 0)).toThrow("ESRCH");
  });

  it("changes its size with the pane", async () => {
    const { id } = await launch("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");
    await shows(id, "ready");

    const split = await client.request("split_pane", { session: id, split_direction: 0 });
    expect(split.status).toBe(0);

    await shows(id, "25 40");
  });
});

/** The letter that `ps` has for it, e.g. T for stopped. */
async function processState(pid: number): Promise<string | undefined> {
  const { execFile } = await import("node:child_process");
  return new Promise((resolve) => {
    execFile("ps", ["-o", "state=", "-p", String(pid)], (_error, stdout) => resolve(stdout.trim().charAt(0)));
  });
}
