import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import type Conf from "conf";
import { AppError } from "../core/errors.ts";
import type { SettingEntry, SettingsSource } from "../core/ports/settings-source.ts";
import {
  environmentName,
  parseSetting,
  SETTINGS,
  type SettingName,
  type SettingOrigin,
  type Settings,
} from "../core/settings.ts";
import { parseConfigText, readConfigFile } from "./config-file.ts";

interface SettingsFileOptions {
  /** Our home folder; the user's config lies there unless CLAUDE_ORCH_CONFIG_DIR says otherwise. */
  home: string;
  /** Folder from which the project's `.claude-orch/config.json` is looked for, upwards. */
  cwd: string;
  environment: Record<string, string>;
  /** Settings given as flags, by name; undefined ones count as not given. */
  flags?: Readonly<Record<string, unknown>>;
}

interface Layer {
  origin: SettingOrigin;
  /** Where a value stands, for error messages. */
  place(name: SettingName): string;
  values: Readonly<Record<string, unknown>>;
}

/**
 * What a repository that somebody else wrote must not decide: which program is run, where files are written, and when the
 * history of all projects is thrown away.
 */
const NOT_FOR_PROJECTS: readonly string[] = ["claudeBin", "notifyCommand", "logDir", "workspaceDir", "keepHistory"];

/** Settings from flags, environment and the two files; read anew at each question, so that long-lived processes follow. */
export class SettingsFile implements SettingsSource {
  readonly #options: SettingsFileOptions;
  readonly #userFile: string;

  constructor(options: SettingsFileOptions) {
    this.#options = options;
    this.#userFile = join(resolve(options.environment.CLAUDE_ORCH_CONFIG_DIR || options.home), "config.json");
  }

  entries(): SettingEntry[] {
    const layers = this.#layers();
    return settingNames().map((name) => entryOf(name, layers));
  }

  current(): Settings {
    return Object.fromEntries(this.entries().map(({ name, value }) => [name, value])) as Settings;
  }

  /** `null` takes the setting out of the user's config. */
  set(name: string, value: string | null): SettingEntry {
    const parsed = value === null ? null : parseSetting(name, value, "config set");
    const known = knownName(name);
    // An unreadable file is reported as what it is, not as conf's syntax error.
    readConfigFile(this.#userFile);
    const others = this.#layersAboveUser();
    this.#write(known, parsed);
    // What else is wrong in the user's file is another call's business: each bad setting can be corrected alone.
    return entryOf(known, [...others, userLayer(this.#userFile, readConfigFile(this.#userFile))]);
  }

  prepareToSet(): void {
    loadConf();
  }

  paths(): { user: string; project: string | null } {
    return { user: this.#userFile, project: projectFile(this.#options.cwd) };
  }

  #layers(): Layer[] {
    const file = this.#userFile;
    return [...this.#layersAboveUser(), userLayer(file, checkedNames(readConfigFile(file), file))];
  }

  #layersAboveUser(): Layer[] {
    const { flags = {}, environment } = this.#options;
    const { project } = this.paths();
    return [
      { origin: "flag", place: (name) => `--${dashed(name)}`, values: flags },
      { origin: "environment", place: environmentName, values: fromEnvironment(environment) },
      { origin: "project", place: () => project ?? "", values: project === null ? {} : projectValues(project) },
    ];
  }

  #write(name: SettingName, value: Settings[SettingName]): void {
    try {
      const conf = this.#conf();
      if (value === null) conf.delete(name);
      else conf.set(name, value);
    } catch (error) {
      throw notWritten(this.#userFile, error as NodeJS.ErrnoException);
    }
  }

  #conf(): Conf<Record<string, unknown>> {
    const folder = dirname(this.#userFile);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new (loadConf())({
      cwd: folder,
      configName: "config",
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      deserialize: (text) => parseConfigText(text) as Record<string, unknown>,
    });
  }
}

/** Its import costs 84 ms (dependencies §1): only for writing. A required ES module, since `set` is synchronous. */
function loadConf(): typeof Conf {
  return (createRequire(import.meta.url)("conf") as { default: typeof Conf }).default;
}

function notWritten(file: string, cause: NodeJS.ErrnoException): AppError {
  const isFull = cause.code === "ENOSPC" || cause.code === "EDQUOT";
  const problem = `The config file ${file} cannot be written (${cause.code ?? cause.message})`;
  if (isFull) return new AppError("STORE_FULL", problem, { details: { file }, cause });
  return new AppError("HOME_NOT_WRITABLE", problem, {
    hint: "Make it and its folder writable, or set CLAUDE_ORCH_CONFIG_DIR to another folder.",
    details: { file },
    cause,
  });
}

function userLayer(file: string, values: Readonly<Record<string, unknown>>): Layer {
  return { origin: "user", place: () => file, values };
}

function entryOf(name: SettingName, layers: readonly Layer[]): SettingEntry {
  for (const { origin, place, values } of layers) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    return { name, origin, value: checkedValue(name, value, origin, place(name)) };
  }
  return { name, origin: "default", value: machineDefault(name) ?? SETTINGS[name].default };
}

/** Defaults that depend on the machine (⊕A8): agents are programs beside those of the person who works here. */
function machineDefault(name: SettingName): number | undefined {
  return name === "maxRunningTasks" ? Math.max(2, availableParallelism() - 2) : undefined;
}

/** Every command fails on a bad value, `config list` too: the hint says where to correct it. */
function checkedValue(name: SettingName, value: unknown, origin: SettingOrigin, place: string) {
  try {
    return parseSetting(name, value, place);
  } catch (error) {
    if (!(error instanceof AppError) || origin === "flag") throw error;
    throw new AppError(error.code, error.message, {
      hint: hintFor(name, origin, place),
      details: error.details,
      cause: error,
    });
  }
}

function hintFor(name: SettingName, origin: SettingOrigin, place: string): string {
  switch (origin) {
    case "environment":
      return `Correct or unset ${place}.`;
    case "user":
      return `Correct it with claude-orch config set ${name} VALUE, or take it out with claude-orch config set ${name} --unset.`;
    default:
      return `Correct ${name} in that file, or take it out.`;
  }
}

function fromEnvironment(environment: Record<string, string>): Record<string, string> {
  const given = settingNames().map((name) => [name, environment[environmentName(name)]] as const);
  return Object.fromEntries(given.filter((entry): entry is [SettingName, string] => Boolean(entry[1])));
}

function projectValues(file: string): Record<string, unknown> {
  const values = checkedNames(readConfigFile(file), file);
  const refused = NOT_FOR_PROJECTS.find((name) => Object.hasOwn(values, name));
  if (refused === undefined) return values;
  throw new AppError("CONFIG_VALUE_INVALID", `Setting ${refused} must not stand in a project's file (${file})`, {
    hint: `Set it with claude-orch config set ${refused}, and take it out of that file.`,
    details: { name: refused, file },
  });
}

/** A misspelt name would otherwise be a setting that silently does nothing. */
function checkedNames(values: Record<string, unknown>, file: string): Record<string, unknown> {
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(SETTINGS, name)) continue;
    throw new AppError("CONFIG_KEY_UNKNOWN", `There is no setting ${JSON.stringify(name)} (${file})`, {
      hint: "Correct the name in that file, or take it out.",
      details: { name, file },
    });
  }
  return values;
}

/** Nearest `.claude-orch/config.json` in this folder or above, or null. */
function projectFile(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, ".claude-orch", "config.json");
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

function knownName(name: string): SettingName {
  if (!Object.hasOwn(SETTINGS, name)) parseSetting(name, null, "config set");
  return name as SettingName;
}

function settingNames(): SettingName[] {
  return Object.keys(SETTINGS) as SettingName[];
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
