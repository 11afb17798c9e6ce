import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { prepareLaunch } from "../../../../src/claude/launch/prepare-launch.ts";
import { startScriptedModel } from "../../../../src/claude/scripted-model/scripted-model.ts";
import { SystemClock } from "../../../../src/platform/system-clock.ts";
import { claudeSandbox, claudeVersions } from "../../../support/claude-sandbox.ts";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import { startIterm2Server } from "../../../support/iterm2-server/server.ts";
import { children, text } from "../../../support/iterm2-server/wire/message.ts";
import { launchRequest } from "../../../support/launched-claude.ts";
import { waitFor } from "../../../support/wait-for.ts";

describe.each(claudeVersions("newest"))("the fake iTerm2 with Claude Code $version", (claude) => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step();
  });

  it("R1: runs it for real: a pasted prompt, an Enter alone, an answer on the screen", async () => {
    const server = await startIterm2Server({ grid: { width: 120, height: 40 } });
    const model = await startScriptedModel({ clock: new SystemClock() });
    const sandbox = await claudeSandbox(claude, model.url);
    cleanUp.push(server.dispose.bind(server), model.close, sandbox.dispose);
    const client = await RawClient.open(server.socketPath, { "x-iterm2-cookie": server.cookies.issue().cookie });
    const home = path.join(sandbox.root, "orch home");
    const request = launchRequest(sandbox);
    const plan = await prepareLaunch(request, { home });
    const spool = () => readFile(path.join(home, "agents", request.agent.id, "events.jsonl"), "utf8").catch(() => "");

    // The path has a space: the words of the command are split as a shell would.
    const command = JSON.stringify(`"${plan.launcher}"`);
    const created = await client.request("create_tab", {
      custom_profile_properties: [
        { key: "Custom Command", json_value: '"Yes"' },
        { key: "Command", json_value: command },
      ],
    });
    const session = String(created.session_id);
    const screen = async () => {
      const buffer = await client.request("get_buffer", { session, line_range: { screen_contents_only: true } });
      return children(buffer, "contents").map((line) => text(line, "text") ?? "");
    };
    const describeScreen = async () => (await screen()).join("\n");
    const send = (input: string) => client.request("send_text", { session, text: input, suppress_broadcast: true });
    const until = (what: string, isSo: () => Promise<boolean>) =>
      waitFor(what, async () => (await isSo()) || undefined, {
        describe: describeScreen,
        timeoutMs: 20_000,
        everyMs: 50,
      });

    await until("the input box", async () => (await describeScreen()).includes("❯"));
    const { values } = await client.request("variable", { session_id: session, get: ["pid", "columns"] });
    const [pid, columns] = (values as string[]).map((value) => JSON.parse(value));
    expect([pid, columns]).toEqual([
      Number(await readFile(path.join(home, "agents", request.agent.id, "pid"), "utf8")),
      120,
    ]);

    await send("\u001b[200~what a day;\ngrüße\u001b[201~");
    await until("the prompt in the box", async () => (await describeScreen()).includes("grüße"));
    await send("\r");
    await until("the answer", async () =>
      (await spool()).includes('"last_assistant_message":"echo: what a day;\\ngrüße"'),
    );
    await until("the answer on the screen", async () => (await describeScreen()).includes("echo:"));

    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    for (const secret of server.secrets) expect(environment).not.toContain(secret);
    client.close();
  }, 60_000);
});
