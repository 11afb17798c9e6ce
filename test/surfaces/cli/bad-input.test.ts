import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../../src/core/agent.ts";
import type { CliOptions } from "../../e2e/support/world.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

let world: FakeWorld;

beforeAll(async () => {
  world = await openFakeWorld();
  await writeFile(path.join(world.root, "a-file"), "text");
  await writeFile(path.join(world.root, "latin-1"), Buffer.from([0x61, 0xff, 0x62]));
  await writeFile(path.join(world.root, "blanks"), " \n\t\n");
  await symlink(path.join(world.root, "nowhere"), path.join(world.root, "dangling"));
  const created = await world.cli(["session", "create", "--name", "shop", "--max-agents", "3", "--json"]);
  expect(created.exitCode, created.stdout).toBe(0);
  await world.cli(["agent", "spawn", "api"]);
}, 30_000);
afterAll(() => world?.dispose());

/** What has been refused in text as well, by command and code: the two ways to tell it are the same for all inputs. */
const toldInText = new Set<string>();

/** Text mode and JSON mode of the same mistake tell the same, each in its own form and on its own stream. */
async function refused(args: readonly string[], options: CliOptions = {}) {
  const end = args.indexOf("--");
  const withJson = end < 0 ? [...args, "--json"] : [...args.slice(0, end), "--json", ...args.slice(end)];
  const json = await world.cli(withJson, options);

  const { error } = json.json<{ error: { code: string; message: string; hint: string; details: object } }>();
  expect(Object.keys(error)).toEqual(["code", "message", "hint", "details"]);
  expect(json.stderr).toBe("");
  const kind = [...args.slice(0, 2), error.code].join(" ");
  if (!toldInText.has(kind)) {
    toldInText.add(kind);
    const text = await world.cli(args, options);
    expect(text.stdout).toBe("");
    const told = `Error: ${error.message}\nCode: ${error.code}\nTry this: ${error.hint}\n`;
    expect(withoutAges(text.stderr)).toBe(withoutAges(told));
    expect(text.exitCode).toBe(json.exitCode);
  }
  return { exit: json.exitCode, ...error };
}

/** A second may pass between two commands. */
function withoutAges(text: string): string {
  return text.replace(/\b\d+ (?:s|min)\b/g, "some time");
}

type Row = readonly [args: string[], exit: number, code: string, says: RegExp, options?: () => CliOptions];
const LONG = "a".repeat(65);
const stdin = (input: string | Buffer) => () => ({ input });

const ROWS: Record<string, readonly Row[]> = {
  "R2-34: names that nothing has": [
    [["agent", "show", "nobody"], 3, "AGENT_NOT_FOUND", /"nobody".*agent list/],
    [["agent", "show", "apj"], 3, "AGENT_NOT_FOUND", /Did you mean api\?/],
    [["agent", "show", "API"], 3, "AGENT_NOT_FOUND", /Did you mean api\?/],
    [["agent", "show", "agt_01m7z1p1f95f7wkrv2ng8z5qxg"], 3, "AGENT_NOT_FOUND", /agt_01m7/],
    [["agent", "show", "shop/apj"], 3, "AGENT_NOT_FOUND", /Did you mean api\?/],
    [["agent", "show", "shpo/api"], 3, "SESSION_NOT_FOUND", /Did you mean shop\?/],
    [["agent", "show", "shop/"], 3, "AGENT_NOT_FOUND", /"shop\/"/],
    [["agent", "send", "nobody", "hi"], 3, "AGENT_NOT_FOUND", /"nobody"/],
    [["agent", "wait", "api", "nobody"], 3, "AGENT_NOT_FOUND", /"nobody"/],
    [["session", "show", "shpo"], 3, "SESSION_NOT_FOUND", /Did you mean shop\?/],
    [["status", "elsewhere"], 3, "SESSION_NOT_FOUND", /session list/],
    [["agent", "spawn", "x", "--session", "elsewhere"], 3, "SESSION_NOT_FOUND", /"elsewhere"/],
    [["agent", "spawn", "x", "--parent", "nobody"], 3, "AGENT_NOT_FOUND", /"nobody"/],
    [["agent", "spawn", "x"], 3, "SESSION_NOT_FOUND", /No session holds .*--session/, () => ({ cwd: world.root })],
    [["agent", "read", "api", "--message", "msg_none"], 3, "MESSAGE_NOT_FOUND", /msg_none/],
    [["agent", "delete", "nobody", "--yes"], 3, "AGENT_NOT_FOUND", /"nobody"/],
    [["session", "delete", "elsewhere", "--yes"], 3, "SESSION_NOT_FOUND", /"elsewhere"/],
    [["broadcast", "hi", "--role", "nobody"], 3, "AGENT_NOT_FOUND", /no agent with the role nobody/],
    [["config", "get", "maxAgent"], 2, "CONFIG_KEY_UNKNOWN", /Did you mean maxAgents\?/],
    [["config", "set", "colour", "red"], 2, "CONFIG_KEY_UNKNOWN", /"colour".*config list/],
  ],
  "names that cannot be given": [
    ...["../x", "a:b", "=", "", LONG, "a/b", "-x"].map(
      (name): Row => [["session", "create", `--name=${name}`], 2, "INVALID_NAME", /a session Use 1 to 64 letters/],
    ),
    ...["../x", "", LONG].map(
      (name): Row => [["agent", "spawn", name], 2, "INVALID_NAME", /an agent Use 1 to 64 letters/],
    ),
    [["team", "coordinate", "hi"], 2, "INVALID_INPUT", /^team coordinate: --mode is missing/],
    [["team", "coordinate", "hi", "--mode", "x"], 2, "INVALID_INPUT", /--mode.*parallel/],
    [["session", "create", "--name", "shop"], 4, "SESSION_NAME_TAKEN", /--name/],
    [["agent", "spawn", "api"], 4, "AGENT_NAME_TAKEN", /"api"/],
  ],
  "roots and folders": [
    [["session", "create", "../nowhere"], 3, "SESSION_ROOT_MISSING", /does not exist.*Create the directory/],
    [["session", "create", "../dangling"], 3, "SESSION_ROOT_MISSING", /does not exist/],
    [["session", "create", "../a-file"], 2, "SESSION_ROOT_NOT_A_DIRECTORY", /is not a directory/],
    [["session", "create", "../a-file/below"], 2, "SESSION_ROOT_NOT_A_DIRECTORY", /is not a directory/],
    [["session", "create", ""], 2, "INVALID_INPUT", /^session create: ROOT must not be empty/],
    [["agent", "spawn", "x", "--cwd", "../nowhere"], 3, "SESSION_ROOT_MISSING", /does not exist.*Create the directory/],
    [["agent", "spawn", "x", "--cwd", "../a-file"], 2, "SESSION_ROOT_NOT_A_DIRECTORY", /is not a directory/],
  ],
  texts: [
    [["agent", "send", "api"], 2, "TEXT_EMPTY", /no text.*--file.*'-'/],
    [["agent", "send", "api", ""], 2, "TEXT_EMPTY", /empty/],
    [["agent", "send", "api", " \t\n "], 2, "TEXT_EMPTY", /empty but for blanks/],
    [["agent", "send", "api", "-"], 2, "TEXT_EMPTY", /empty/],
    [["agent", "send", "api", "-"], 2, "TEXT_EMPTY", /blanks/, stdin(" \n")],
    [["agent", "send", "api", "-"], 2, "TEXT_NOT_UTF8", /Standard input.*iconv/, stdin(Buffer.from([0x61, 0xc3]))],
    [["broadcast", "-"], 2, "TEXT_NOT_DELIVERABLE", /more than 64 MB/, stdin(Buffer.alloc(65 * 1024 * 1024, "a"))],
    [["broadcast", "-"], 2, "TEXT_NOT_UTF8", /Standard input/, stdin(Buffer.from([0xed, 0xa0, 0x80]))],
    [["agent", "send", "api", "--file", "../latin-1"], 2, "TEXT_NOT_UTF8", /latin-1.*iconv/],
    [["agent", "send", "api", "--file", "../blanks"], 2, "TEXT_EMPTY", /blanks/],
    [["agent", "send", "api", "--file", "../nowhere"], 3, "FILE_NOT_FOUND", /does not exist/],
    [["agent", "send", "api", "--file", ".."], 3, "FILE_NOT_FOUND", /is a directory/],
    [["agent", "send", "api", "--file", ""], 2, "INVALID_INPUT", /agent send: --file must not be empty/],
    [["agent", "send", "api", "hi", "--file", "../a-file"], 2, "INVALID_INPUT", /not both/],
    [["agent", "send", "api", "/help"], 2, "TEXT_NOT_DELIVERABLE", /Put a word in front of \/help/],
    [["agent", "send", "api", "- a list"], 2, "INVALID_INPUT", /put -- before a text that starts with '-'/],
    [["agent", "send", "api", "hi", "--idempotency-key", ""], 2, "INVALID_INPUT", /must not be empty/],
    [["agent", "spawn", "x", "--prompt", ""], 2, "TEXT_EMPTY", /empty/],
    [["agent", "spawn", "x", "--prompt", "/exit"], 2, "TEXT_NOT_DELIVERABLE", /\/exit/],
    [["agent", "spawn", "--count", "2", "--prompt", " "], 2, "TEXT_EMPTY", /blanks/],
    [["broadcast", ""], 2, "TEXT_EMPTY", /empty/],
  ],
  "what nobody is there to confirm": [
    [["agent", "delete", "api"], 2, "CONFIRMATION_REQUIRED", /Delete agent api.*--yes/],
    [["session", "delete", "shop"], 2, "CONFIRMATION_REQUIRED", /--yes/],
    [["session", "delete"], 2, "INVALID_INPUT", /session delete: SESSION is missing/],
  ],
  "durations and numbers": [
    ...["x", "", "-5s", "1h 30", "5 parsecs"].map(
      (duration): Row => [
        ["agent", "wait", "api", `--timeout=${duration}`],
        2,
        "INVALID_INPUT",
        /agent wait: --timeout: write a duration such as 90s, 10m or 1h30m/,
      ],
    ),
    [["agent", "read", "api", "--last", "0"], 2, "INVALID_INPUT", /--last must be at least 1/],
    [["agent", "read", "api", "--last", "abc"], 2, "INVALID_INPUT", /--last must be a whole number/],
    [["agent", "read", "api", "--last", "1.5"], 2, "INVALID_INPUT", /--last must be a whole number/],
    [["agent", "read", "api", "--last="], 2, "INVALID_INPUT", /--last must be a whole number/],
    [["agent", "screen", "api", "--lines", "10001"], 2, "INVALID_INPUT", /--lines must be at most 10000/],
    [["agent", "spawn", "--count", "101"], 2, "INVALID_INPUT", /--count must be at most 100/],
    [["agent", "spawn", "--count", "3"], 4, "AGENT_LIMIT_REACHED", /has 1 of at most 3 agents/],
    [["session", "create", "--max-agents", "0"], 2, "INVALID_INPUT", /--max-agents must be at least 1/],
    [["config", "set", "maxAgents", "0"], 2, "CONFIG_VALUE_INVALID", /maxAgents.*config list/],
    [["config", "set", "waitTimeout", "soon"], 2, "CONFIG_VALUE_INVALID", /write a duration/],
    [["config", "set", "backend", "screen"], 2, "CONFIG_VALUE_INVALID", /"tmux"/],
    [["mcp", "--max-agents", "many"], 2, "CONFIG_VALUE_INVALID", /--max-agents/],
  ],
  "commands, flags and arguments": [
    [["frobnicate"], 2, "UNKNOWN_COMMAND", /"frobnicate".*claude-orch --help/],
    [["statu"], 2, "UNKNOWN_COMMAND", /Did you mean claude-orch status\?/],
    [["agent", "frob", "api"], 2, "UNKNOWN_COMMAND", /"agent frob".*claude-orch agent --help/],
    [["agent", "sned", "api", "hi"], 2, "UNKNOWN_COMMAND", /"agent sned".*Did you mean claude-orch agent send\?/],
    [["agnet", "send", "api"], 2, "UNKNOWN_COMMAND", /Did you mean claude-orch agent send\?/],
    [["spawn", "api"], 2, "UNKNOWN_COMMAND", /Did you mean claude-orch agent spawn\?/],
    [["mcp", "extra"], 2, "INVALID_INPUT", /Unexpected argument: extra/],
    [["status", "shop", "extra"], 2, "INVALID_INPUT", /Unexpected argument: extra/],
    [["agent", "send", "api", "hi", "there"], 2, "INVALID_INPUT", /Unexpected argument: there/],
    [["agent", "send"], 2, "INVALID_INPUT", /^agent send: AGENT is missing.*--help/],
    [["agent", "wait"], 2, "INVALID_INPUT", /agent wait: AGENTS is missing/],
    [["agent", "show", ""], 2, "INVALID_INPUT", /AGENT must not be empty/],
    [["config", "get"], 2, "INVALID_INPUT", /config get: NAME is missing/],
    [["config", "set", "maxAgents"], 2, "INVALID_INPUT", /a value, or --unset/],
    [["config", "set", "maxAgents", "4", "--unset"], 2, "INVALID_INPUT", /a value, or --unset/],
    [["config", "set", "maxAgents", "many"], 2, "CONFIG_VALUE_INVALID", /"many": write a whole number/],
    [["broadcast"], 2, "INVALID_INPUT", /^broadcast: TEXT is missing/],
    [["status", "--frobnicate"], 2, "INVALID_INPUT", /--frobnicate/],
    [["agent", "send", "api", "hi", "--timeout"], 2, "INVALID_INPUT", /--timeout/],
    [["agent", "send", "api", "hi", "--when", "never"], 2, "INVALID_INPUT", /idle, now, interrupt/],
    [["agent", "list", "--state", "happy"], 2, "INVALID_INPUT", /starting, idle, working/],
    [["agent", "spawn", "x", "--permission-mode", "root"], 2, "INVALID_INPUT", /default, acceptEdits/],
    [["agent", "wait", "api", "--any", "--all"], 2, "INVALID_INPUT", /not both/],
    [["agent", "read", "api", "--since", "yesterday"], 2, "INVALID_INPUT", /not a cursor.*earlier agent read/],
    [
      ["agent", "read", "api", "--since", "00000000-0000-4000-8000-000000000000.0"],
      2,
      "INVALID_INPUT",
      /not a cursor of agent api/,
    ],
    [["agent", "start", "api", "--conversation", "last"], 2, "INVALID_INPUT", /conversation/],
    [["agent", "start", "api"], 4, "AGENT_ALREADY_RUNNING", /api is idle because/],
    [["agent", "spawn", "x", "--env", "1A=b"], 2, "INVALID_INPUT", /"1A"/],
    [["agent", "spawn", "x", "--env", "NOT_THERE"], 2, "INVALID_INPUT", /--env NOT_THERE=VALUE/],
    [["session", "create", "--backend", "iterm2"], 5, "BACKEND_UNAVAILABLE", /iTerm2 runs on macOS only/],
    [["session", "create", "--backend", "tmux"], 5, "BACKEND_UNAVAILABLE", /tmux is not installed/],
  ],
  "settings in the environment": [
    [["status"], 2, "CONFIG_VALUE_INVALID", /maxAgents.*unset CLAUDE_ORCH_MAX_AGENTS/, setting("MAX_AGENTS", "many")],
    [["status"], 2, "CONFIG_VALUE_INVALID", /backend.*"tmux"/, setting("BACKEND", "screen")],
    [["config", "list"], 2, "CONFIG_VALUE_INVALID", /waitTimeout/, setting("WAIT_TIMEOUT", "soon")],
  ],
};

function setting(name: string, value: string) {
  return () => ({ env: { [`CLAUDE_ORCH_${name}`]: value } });
}

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  it.each(rows.map((row) => [row[0].join(" ").slice(0, 70), row] as const))(
    "%s: refused with its code, hint and exit, in text as in JSON",
    async (_, [args, exit, code, says, options]) => {
      const error = await refused(args, options?.());

      expect(error).toMatchObject({ exit, code });
      expect(`${error.message} ${error.hint}`).toMatch(says);
    },
  );
});

describe("files of settings", () => {
  it.each([
    ["not JSON", "{", "CONFIG_VALUE_INVALID", /not valid JSON.*Correct the file by hand/],
    ["a list", "[]", "CONFIG_VALUE_INVALID", /does not hold a JSON object/],
    ["a bad value", '{"maxAgents":"many"}', "CONFIG_VALUE_INVALID", /Correct maxAgents in that file/],
    ["an unknown name", '{"colour":1}', "CONFIG_KEY_UNKNOWN", /"colour".*Correct the name in that file/],
    ["what a project may not decide", '{"claudeBin":"/bin/sh"}', "CONFIG_VALUE_INVALID", /config set claudeBin/],
  ])("%s in a project's file is named with the file", async (_, text, code, says) => {
    const project = path.join(world.root, "configured");
    const file = path.join(project, ".claude-orch", "config.json");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);

    const error = await refused(["status"], { cwd: project });

    expect(error).toMatchObject({ exit: 2, code });
    expect(error.message).toContain(file);
    expect(`${error.message} ${error.hint}`).toMatch(says);
  });
});

it("what is wrong in the user's own file is corrected with config set, one setting after the other, but not by an agent", async () => {
  const folder = path.join(world.root, "settings");
  await mkdir(folder);
  await writeFile(path.join(folder, "config.json"), '{"maxAgents":"many","layout":"sideways"}');
  const env = { CLAUDE_ORCH_CONFIG_DIR: folder };

  const broken = await refused(["status"], { env });
  expect(broken).toMatchObject({ exit: 2, code: "CONFIG_VALUE_INVALID" });
  expect(broken.hint).toContain("claude-orch config set layout VALUE");

  expect(await refused(["config", "set", "layout", "none"], { env })).toMatchObject({ exit: 2 });
  expect(await refused(["config", "set"], { env })).toMatchObject({ message: "config set: NAME is missing" });
  const agent = { ...env, CLAUDE_ORCH_AGENT_ID: "agt_01m7z1p1f95f7wkrv2ng8z5qxg" };
  expect(await refused(["config", "set", "layout", "tab"], { env: agent })).toMatchObject({ message: broken.message });

  const set = await world.cli(["config", "set", "layout", "tab", "--json"], { env });
  expect(set.json()).toMatchObject({ setting: { name: "layout", value: "tab", origin: "user" } });
  expect((await refused(["status"], { env })).message).toContain("maxAgents");
  const unset = await world.cli(["config", "set", "maxAgents", "--unset"], { env });
  expect([unset.exitCode, unset.stderr]).toEqual([0, ""]);
  expect((await world.cli(["status"], { env })).exitCode).toBe(0);
});

it("none of all this left anything behind: one session, one agent, nothing said to it", async () => {
  const agents = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;
  expect(agents.map(({ name, state }) => [name, state])).toEqual([["api", "idle"]]);
  const sessions = (await world.cli(["session", "list", "--json"])).json<{ sessions: { name: string }[] }>().sessions;
  expect(sessions.map(({ name }) => name)).toEqual(["shop"]);
  const read = await world.cli(["agent", "read", "api", "--all", "--json"]);
  expect(read.json()).toMatchObject({ entries: [], answer: null });
});
