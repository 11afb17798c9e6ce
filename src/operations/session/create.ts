import { basename, resolve } from "node:path";
import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { BACKEND_NAMES, checkName, SECURITY_LEVELS, type Session, sessionView } from "../../core/session.ts";
import { chooseBackend } from "../backend-choice.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { toRules } from "../policy/rules.ts";
import { resolveProtocol } from "../protocol/resolve-protocol.ts";
import { toSessionView } from "../views.ts";

export const sessionCreate = defineOperation({
  name: "session.create",
  title: "Create a session",
  summary: "Tie a new session to a codebase",
  description:
    "Creates a session: a named group of agents that work on one codebase. Do this once per codebase, then spawn agents in it. Nothing is written into the codebase.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    root: z.string().min(1).optional().describe("Directory of the codebase; default: the current directory"),
    name: z.string().optional().describe("Name; default: the directory's name"),
    maxAgents: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe("Most agents at the same time; default: the setting maxAgents"),
    securityLevel: z.enum(SECURITY_LEVELS).optional().describe("Default: the setting securityLevel"),
    backend: z
      .enum(BACKEND_NAMES)
      .optional()
      .describe("What holds the terminals; default: the best one that is usable"),
    trust: z
      .boolean()
      .default(false)
      .describe("You trust this folder, so Claude Code need not ask; without it new agents wait for that answer"),
    protocol: z
      .string()
      .min(1)
      .optional()
      .describe("Working protocol of its agents, or none; default: the setting protocol"),
    allow: z
      .array(z.string().min(1))
      .default([])
      .describe("Permission rule, as Claude Code writes it, for what its agents may do without asking"),
    deny: z.array(z.string().min(1)).default([]).describe("Permission rule for what its agents may never do"),
  }),
  output: z.object({ session: sessionView }),
  errors: [
    "INVALID_NAME",
    "SESSION_ROOT_MISSING",
    "SESSION_ROOT_NOT_A_DIRECTORY",
    "SESSION_NAME_TAKEN",
    "SESSION_LIMIT_REACHED",
    "POLICY_RULE_INVALID",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "BACKEND_UNAVAILABLE",
  ],
  cli: {
    args: ["root"],
    examples: [
      "session create",
      "session create ~/code/shop --name shop --trust",
      "session create . --backend tmux --max-agents 8",
      "session create --protocol adder",
      "session create --allow 'Bash(npm test:*)' --deny 'Read(./secrets/**)'",
    ],
  },
  async run(input, context) {
    const root = await context.files.realDirectory(resolve(context.caller.cwd, input.root ?? "."));
    const { name: backend, reason: backendReason } = await chooseBackend(context, input.backend);
    const protocol = await resolveProtocol(context, root, input.protocol ?? context.settings.protocol);
    const name = input.name === undefined ? await freeName(context, root) : checkName("session", input.name);
    const session: Session = {
      id: context.ids.next("ses"),
      name,
      root,
      maxAgents: input.maxAgents ?? context.settings.maxAgents,
      securityLevel: input.securityLevel ?? context.settings.securityLevel,
      backend,
      backendReason,
      isTrusted: input.trust,
      policy: [...toRules("deny", input.deny), ...toRules("allow", input.allow)],
      protocol: protocol?.name ?? null,
      nextAgentNumber: 1,
      createdAt: context.clock.now(),
    };
    await context.store.transaction(async ({ sessions }) => {
      const { maxSessions } = context.settings;
      if ((await sessions.list()).length >= maxSessions) {
        throw new AppError("SESSION_LIMIT_REACHED", `There are ${maxSessions} sessions already`, {
          details: { maxSessions },
        });
      }
      await sessions.insert(session);
    });
    return { session: toSessionView(session, 0) };
  },
});

/** The directory's name made a legal name; with a number behind it when that is taken. */
async function freeName(context: Context, root: string): Promise<string> {
  const cleaned = basename(root)
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 56);
  const base = cleaned === "" ? "session" : cleaned;
  const sessions = await context.store.sessions.list();
  const same = sessions.find((session) => session.root === root);
  if (same) {
    // Every later call from this directory would have to say which of the two it means.
    throw new AppError("SESSION_NAME_TAKEN", `Session ${same.name} is tied to ${root} already`, {
      hint: `Use it, or pass --name to make another one beside it.`,
      details: { session: same.name, root },
    });
  }
  const taken = new Set(sessions.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}
