import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AGENT_STATES, LAYOUTS, type TerminalRef } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { InputStep, OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { terminalFiles } from "../../../src/terminals/iterm2/files.ts";
import { readRecord, writeRecord } from "../../../src/terminals/iterm2/record.ts";
import { type ScriptedWorld, scriptedWorld } from "./scripted-world.ts";

/** What iTerm2 would execute, ask the person about, take for somebody else's session, or stumble over. */
const HOSTILE = [
  "\\(iterm2.alert(title: 1))",
  "\\\\(x)",
  "$$PASSWORD$$",
  "$$$",
  "a\\",
  "\ud800 half \udc00",
  "null",
  "{",
  "\"quoted\" 'too'",
  "active",
  "all",
  "",
  "\u001b]1337;SetUserVar=claude_orch=eA==\u0007",
  "tab\tline\nend\r",
  "👩‍👩‍👧 \u202e",
] as const;

let world: ScriptedWorld;
const unexpected: unknown[] = [];

afterEach(() => world.dispose());

/** May be refused, as a mistake of the caller's or of iTerm2's; anything else is a bug. */
async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError)) unexpected.push(error);
    return undefined;
  }
}

async function useEverything(ref: TerminalRef, text: string): Promise<void> {
  const { backend } = world;
  const steps: InputStep[] = [
    { kind: "text", text, isBracketed: true },
    { kind: "text", text, isBracketed: false },
    { kind: "keys", keys: ["C-u", "Escape"] },
  ];
  await attempt(() => backend.input(ref, steps));
  await attempt(() => backend.screen(ref, { history: Number.MAX_SAFE_INTEGER }));
  await attempt(() => backend.screen(ref, { history: -1 }));
  await attempt(() => backend.focus(ref));
  for (const state of [...AGENT_STATES, null]) await attempt(() => backend.decorate(ref, state));
  await attempt(() => backend.find(ref.tag));
  await attempt(() => backend.status([ref]));
  await attempt(() => backend.watch([ref], 1));
}

describe.each(["3.6", "3.7"] as const)("whatever the backend is given, iTerm2 %s comes to no harm", (profile) => {
  beforeEach(async () => {
    unexpected.length = 0;
    world = await scriptedWorld({ profile, grid: { width: 200, height: 60 } }, 1_000);
  });

  it.each(HOSTILE)("%j as title, subtitle, folder, group, text and id", async (text) => {
    const { backend, server } = world;
    const fields: Partial<OpenRequest>[] = [
      { title: text, subtitle: text },
      { cwd: text },
      { launcher: text },
      { group: { id: text || "ses", name: text } },
    ];
    const opened: TerminalRef[] = [];
    for (const [index, changes] of fields.entries()) {
      const layout = LAYOUTS[index % LAYOUTS.length] ?? "tab";
      const splitFrom = opened[0] ? { splitFrom: { ...opened[0], id: text } } : {};
      const ref = await attempt(() => backend.open(world.request({ layout, ...splitFrom, ...changes })));
      if (ref) opened.push(ref);
    }
    expect(opened.length).toBeGreaterThan(2);
    const [ref] = opened as [TerminalRef];

    for (const id of [ref.id, text]) await useEverything({ ...ref, id }, text);
    // What stands on the disk may have been tampered with as well.
    const files = terminalFiles(world.home, ref.tag);
    const record = readRecord(files);
    if (record) await writeRecord(files, { ...record, session: text }, world.options);
    await useEverything({ ...ref, id: text }, text);
    await attempt(() => backend.adopt(process.pid, text));
    // Some of them are as good as any other tag.
    const byTag = await attempt(() => backend.open(world.request({ tag: text })));
    if (byTag) opened.push(byTag);
    for (const one of opened) await attempt(() => backend.close({ ...one, id: text }));

    expect(unexpected).toEqual([]);
    expect(server.violations.list).toEqual([]);
    expect(server.model.sessions).toEqual([]);
    const kinds = new Set(server.requests.map(({ name }) => name));
    expect([...kinds]).toEqual(
      expect.arrayContaining(["create_tab", "split_pane", "send_text", "get_buffer", "close"]),
    );
  });
});
