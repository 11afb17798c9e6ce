import * as z from "zod";
import { LAYOUTS } from "./agent.ts";
import { parseDuration } from "./duration.ts";
import { AppError } from "./errors.ts";
import { BACKEND_NAMES, SECURITY_LEVELS } from "./session.ts";
import { ISOLATIONS } from "./worktree.ts";

export type SettingOrigin = "flag" | "environment" | "project" | "user" | "default";

const count = z.coerce
  .number("write a whole number")
  .int("write a whole number")
  .min(1, "write 1 or more")
  .max(10_000, "write 10000 or less");
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, "write a duration such as 90s, 10m or 1h30m");
const flag = z.preprocess(
  (value) => (value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : value),
  z.boolean("write true or false"),
);
/** A project's file may write a list; as a setting it is one text. */
const paths = z.preprocess((value) => (Array.isArray(value) ? value.join(",") : value), z.string());
/** `22:00-07:30`, in local time; it may span midnight. */
const QUIET_HOURS = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;
const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

const NOTIFY_WAYS = ["desktop", "bell", "none"] as const;

/** Every setting: schema, default, one line of documentation. Names are pinned by the interface (⊕A8). */
export const SETTINGS = {
  backend: {
    schema: z.enum(BACKEND_NAMES).nullable(),
    default: null,
    about: "Backend for new sessions; by default the best one that is usable",
  },
  claudeBin: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Claude Code's executable; by default `claude` on PATH",
  },
  model: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Model for new agents; by default Claude Code's own",
  },
  layout: { schema: z.enum(LAYOUTS), default: "tab", about: "Where a new agent appears" },
  isolation: {
    schema: z.preprocess(lower, z.enum(ISOLATIONS)),
    default: "none",
    about: "Where new agents work: none (the session's folder), worktree (a git worktree each) or directory",
  },
  workspaceDir: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Folder of the directories made by --isolation directory; by default workspaces in the home folder",
  },
  worktreeCopy: {
    schema: paths,
    default: "**/.env,**/.env.*",
    about: "Ignored or untracked files that a new worktree gets copies of: paths and globs, with commas between",
  },
  maxAgents: { schema: count, default: 16, about: "Agents per session" },
  maxDepth: {
    schema: z.coerce
      .number("write a whole number")
      .int("write a whole number")
      .min(0, "write 0 or more")
      .max(20, "write 20 or less"),
    default: 3,
    about:
      "How far below the agents that you start others may stand: those that they start, and those that these start",
  },
  maxSessions: { schema: count, default: 8, about: "Sessions" },
  securityLevel: {
    schema: z.preprocess(lower, z.enum(SECURITY_LEVELS)),
    default: "medium",
    about: "Security level of new sessions",
  },
  protocol: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Working protocol of new sessions, such as adder; by default none",
  },
  taskFiles: {
    schema: flag,
    default: false,
    about:
      "Whether tasks are mirrored to .claude-orch/TODO.md and .claude-orch/tasks also without a protocol that asks for it",
  },
  spawnTimeout: { schema: duration, default: "60s", about: "How long a new agent may take to be ready" },
  deliveryTimeout: {
    schema: duration,
    default: "30s",
    about: "How long the proof of a delivery may take once the text is typed",
  },
  waitTimeout: { schema: duration, default: "10m", about: "How long a command waits when no --timeout is given" },
  backendTimeout: { schema: duration, default: "10s", about: "How long one command of a terminal program may take" },
  tmuxSocket: { schema: z.string().min(1), default: "claude-orch", about: "Name of the tmux server socket (tmux -L)" },
  agentMessagesPerMinute: {
    schema: count,
    default: 30,
    about: "Messages that one agent may send to others within a minute",
  },
  maxRunningTasks: {
    schema: count.nullable(),
    default: null,
    about: "Tasks that agents work on at once; by default two less than the machine has processors, at least 2",
  },
  minFreeMemory: {
    schema: z.coerce
      .number("write a number of megabytes")
      .min(0, "write 0 or more")
      .max(1_000_000, "write 1000000 or less"),
    default: 700,
    about: "Megabytes of free memory that each new agent for a task wants; 0: it does not matter",
  },
  maxLoad: {
    schema: z.coerce.number("write a number").min(0, "write 0 or more").max(1_000, "write 1000 or less"),
    default: 4,
    about: "Load average for each processor above which no new agent is started for a task; 0: it does not matter",
  },
  taskTimeout: { schema: duration, default: "60m", about: "How long one try of a task may take" },
  closeExitedAfter: {
    schema: duration,
    default: "1h",
    about: "How long the terminal and the temporary files of an agent stay after its Claude Code has ended",
  },
  keepHistory: {
    schema: duration,
    default: "30d",
    about:
      "How long ended tasks, runs and coordinations, settled messages, answers to requests and the log are kept; transcripts stay",
  },
  autoStart: { schema: flag, default: true, about: "Whether queued tasks start by themselves" },
  autoResume: {
    schema: flag,
    default: true,
    about:
      "Whether an agent that hit a rate or usage limit goes on by itself once the limit is over; for agents started from now on, Claude Code's own continuation too",
  },
  notify: {
    schema: z.preprocess(lower, z.enum(NOTIFY_WAYS)),
    default: "bell",
    about: "How the live views tell that somebody is needed: desktop, bell or none",
  },
  notifyCommand: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Program that the live views run for each new inbox item, which it gets as JSON on standard input",
  },
  quietHours: {
    schema: z.string().regex(QUIET_HOURS, "write a span of local time such as 22:00-07:30").nullable(),
    default: null,
    about: "Local time in which nothing is notified",
  },
  logLevel: {
    schema: z.preprocess(lower, z.enum(["debug", "info", "warn", "error"])),
    default: "info",
    about: "What goes to the log",
  },
  logDir: {
    schema: z.string().min(1).nullable(),
    default: null,
    about: "Folder of the log files; by default logs in the home folder",
  },
} as const satisfies Record<string, { schema: z.ZodType; default: unknown; about: string }>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { [K in SettingName]: z.output<(typeof SETTINGS)[K]["schema"]> };

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** Environment variable of a setting: `maxAgents` → `CLAUDE_ORCH_MAX_AGENTS`. */
export function environmentName(name: SettingName): string {
  return `CLAUDE_ORCH_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** @throws CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID; `where` names the place the value came from. */
export function parseSetting(name: string, value: unknown, where: string): Settings[SettingName] {
  if (!isSettingName(name)) {
    throw new AppError("CONFIG_KEY_UNKNOWN", `There is no setting ${JSON.stringify(name)} (${where})`, {
      details: { name },
    });
  }
  const result = SETTINGS[name].schema.safeParse(value);
  if (result.success) return result.data as Settings[SettingName];
  const reason = result.error.issues[0]?.message ?? "not a valid value";
  throw new AppError(
    "CONFIG_VALUE_INVALID",
    `Setting ${name} (${where}) does not take ${JSON.stringify(value)}: ${reason}`,
    {
      details: { name, value },
    },
  );
}
