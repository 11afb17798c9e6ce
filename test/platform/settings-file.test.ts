import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SettingsFile } from "../../src/platform/settings-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-orch-settings-"));
  mkdirSync(join(folder, "home"));
  mkdirSync(join(folder, "project", "deep", "er"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const userFile = () => join(folder, "home", "config.json");
const projectFile = () => join(folder, "project", ".claude-orch", "config.json");

function writeProject(values: unknown): void {
  mkdirSync(join(folder, "project", ".claude-orch"), { recursive: true });
  writeFileSync(projectFile(), JSON.stringify(values));
}

function settings(environment: Record<string, string> = {}, flags: Record<string, unknown> = {}): SettingsFile {
  return new SettingsFile({
    home: join(folder, "home"),
    cwd: join(folder, "project", "deep", "er"),
    environment,
    flags,
  });
}

const entry = (source: SettingsFile, name: string) => source.entries().find((candidate) => candidate.name === name);

test("a flag goes before the environment, this before the project, this before the user, this before the default", () => {
  const environment = { CLAUDE_ORCH_MAX_AGENTS: "3" };
  expect(entry(settings(), "maxAgents")).toEqual({ name: "maxAgents", value: 16, origin: "default" });

  settings().set("maxAgents", "5");
  expect(entry(settings(), "maxAgents")).toEqual({ name: "maxAgents", value: 5, origin: "user" });

  writeProject({ maxAgents: 4 });
  expect(entry(settings(), "maxAgents")).toEqual({ name: "maxAgents", value: 4, origin: "project" });
  expect(entry(settings(environment), "maxAgents")).toEqual({ name: "maxAgents", value: 3, origin: "environment" });
  expect(entry(settings(environment, { maxAgents: 2 }), "maxAgents")).toMatchObject({ value: 2, origin: "flag" });
  expect(settings(environment).current().maxAgents).toBe(3);
});

test("setting is written for its owner alone, and null takes it out again", () => {
  settings().set("layout", "window");

  expect(JSON.parse(readFileSync(userFile(), "utf8"))).toEqual({ layout: "window" });
  expect(statSync(userFile()).mode & 0o777).toBe(0o600);
  expect(settings().set("layout", null)).toEqual({ name: "layout", value: "tab", origin: "default" });
  expect(JSON.parse(readFileSync(userFile(), "utf8"))).toEqual({});
});

test("a long-lived process sees what another one sets", () => {
  const here = settings();
  expect(here.current().layout).toBe("tab");

  settings().set("layout", "window");

  expect(here.current().layout).toBe("window");
});

test("a bad value names the place it stands in", () => {
  const message = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
    return "no error";
  };

  expect(message(() => settings().set("maxAgents", "many"))).toContain("CONFIG_VALUE_INVALID");
  expect(message(() => settings().set("colour", "red"))).toContain("CONFIG_KEY_UNKNOWN");
  expect(message(() => settings().set("colour", null))).toContain("CONFIG_KEY_UNKNOWN");
  expect(message(() => settings({ CLAUDE_ORCH_BACKEND: "vt100" }).current())).toContain("CLAUDE_ORCH_BACKEND");
  expect(message(() => settings({}, { waitTimeout: "soon" }).current())).toContain("--wait-timeout");

  writeFileSync(userFile(), '{"maxAgents": 0}');
  expect(message(() => settings().current())).toContain(userFile());
  writeFileSync(userFile(), "{broken");
  expect(message(() => settings().current())).toMatch(/CONFIG_VALUE_INVALID.*config\.json.*not valid JSON/);
  expect(message(() => settings().set("layout", "tab"))).toMatch(/CONFIG_VALUE_INVALID/);
  expect(readFileSync(userFile(), "utf8")).toBe("{broken");
  writeFileSync(userFile(), '{"maxAgent": 3}');
  expect(message(() => settings().current())).toMatch(/CONFIG_KEY_UNKNOWN.*maxAgent.*config\.json/);
});

test("a bad value in the file can be corrected with set", () => {
  writeFileSync(userFile(), '{"maxAgents": 0, "layout": "sideways", "colour": 1}');

  expect(settings().set("maxAgents", "7")).toMatchObject({ value: 7 });
  expect(settings().set("layout", null)).toMatchObject({ value: "tab", origin: "default" });
  expect(JSON.parse(readFileSync(userFile(), "utf8"))).toEqual({ maxAgents: 7, colour: 1 });
});

test.each([{ claudeBin: "./evil" }, { notifyCommand: "./evil" }, { logDir: "/x" }, { keepHistory: "0s" }])(
  "a project's file cannot decide which program is run, where files are written and when history goes: %o",
  (values) => {
    writeProject(values);

    expect(() => settings().current()).toThrow(expect.objectContaining({ code: "CONFIG_VALUE_INVALID" }));
  },
);

test("a byte order mark at the start of a file, which nobody sees, is no mistake", () => {
  writeFileSync(userFile(), '\uFEFF{"maxAgents": 3}');

  expect(settings().current().maxAgents).toBe(3);
  settings().set("layout", "window");
  expect(settings().current()).toMatchObject({ maxAgents: 3, layout: "window" });
});

test("a config that cannot be written is named", () => {
  writeFileSync(join(folder, "cfg"), "");

  expect(() => settings({ CLAUDE_ORCH_CONFIG_DIR: join(folder, "cfg") }).set("layout", "window")).toThrow(
    expect.objectContaining({ code: "HOME_NOT_WRITABLE", message: expect.stringContaining("config.json") }),
  );
});

test("names the files it reads; CLAUDE_ORCH_CONFIG_DIR moves the user's", () => {
  expect(settings().paths()).toEqual({ user: userFile(), project: null });

  writeProject({});
  expect(settings({ CLAUDE_ORCH_CONFIG_DIR: join(folder, "cfg") }).paths()).toEqual({
    user: join(folder, "cfg", "config.json"),
    project: projectFile(),
  });
  settings({ CLAUDE_ORCH_CONFIG_DIR: join(folder, "cfg") }).set("layout", "window");
  expect(statSync(join(folder, "cfg")).mode & 0o777).toBe(0o700);
});

test("an empty variable is as good as none", () => {
  expect(entry(settings({ CLAUDE_ORCH_BACKEND: "" }), "backend")).toMatchObject({ value: null, origin: "default" });
});
