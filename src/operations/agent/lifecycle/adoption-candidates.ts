import * as z from "zod";
import type { Agent } from "../../../core/agent.ts";
import type { RunningProgram } from "../../../core/ports/agent-program.ts";
import { BACKEND_NAMES, type Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { findSessionOfDirectory, resolveSession } from "../../resolve.ts";
import { adoptionLoss } from "../adoption-loss.ts";
import { isGone } from "../delivery/drive.ts";
import { observeAgents } from "../observe.ts";
import { adoptTerminal } from "./adopt-terminal.ts";

export const candidateView = z.object({
  pid: z.number().int(),
  conversationId: z.string(),
  cwd: z.string(),
  name: z.string().nullable(),
  status: z.string().nullable().describe("Claude Code's own word: idle, busy, waiting or shell"),
  version: z.string(),
  terminal: z
    .object({ backend: z.enum(BACKEND_NAMES), id: z.string() })
    .optional()
    .describe("Where it can be prompted"),
  session: z.object({ id: z.string(), name: z.string() }).optional().describe("The session it would be taken into"),
  adoptable: z.boolean(),
  problem: z.string().optional().describe("Why it cannot be adopted"),
  loss: z.array(z.string()).describe("What it would lack as an agent"),
});

export interface Candidate {
  view: z.output<typeof candidateView>;
  running: RunningProgram & { configDir: string };
  session: Session | undefined;
  /** The agent that it is already, or whose conversation it has open. */
  agent: Agent | undefined;
  /** It is that agent. */
  isManaged: boolean;
}

/** Every Claude Code that a person started on this machine; our agents' own too, marked as managed. */
export async function findCandidates(context: Context, sessionRef: string | undefined): Promise<Candidate[]> {
  const given = sessionRef === undefined ? undefined : await resolveSession(context, sessionRef);
  const here = given ?? (await findSessionOfDirectory(context).catch(() => undefined));
  const program = await context.program(here?.backend ?? "tmux");
  const configDir = program.configDir(context.caller.env);
  const [running, managed] = await Promise.all([program.running(configDir), managedAgents(context)]);
  return Promise.all(
    running.map(async (one) => {
      const session = given ?? (await sessionOf(context, one.cwd));
      const found = managed.find((agent) => agent.pid === one.pid) ?? managed.find(holdsConversation(one));
      const candidate = {
        running: { ...one, configDir },
        session,
        agent: found?.agent,
        isManaged: found?.isRunning ?? false,
      };
      const terminal = candidate.isManaged ? undefined : await adoptTerminal(context, session, one.pid, null);
      const problem = problemOf(candidate);
      const { pid, conversationId, cwd, name, status, version } = one;
      const view = {
        ...{ pid, conversationId, cwd, name, status, version },
        ...(terminal ? { terminal: { backend: terminal.backend, id: terminal.id } } : {}),
        ...(session ? { session: { id: session.id, name: session.name } } : {}),
        adoptable: problem === undefined,
        ...(problem === undefined ? {} : { problem }),
        loss: adoptionLoss({ hasTerminal: terminal !== undefined }),
      };
      return { ...candidate, view };
    }),
  );
}

interface Managed {
  agent: Agent;
  pid: number | undefined;
  isRunning: boolean;
}

async function managedAgents(context: Context): Promise<Managed[]> {
  const agents = await context.store.agents.list();
  const reports = await observeAgents(context, agents);
  return agents.flatMap((agent, index) => {
    const report = reports[index];
    return report ? [{ agent, pid: report.pid, isRunning: !isGone(report) }] : [];
  });
}

function holdsConversation({ conversationId }: RunningProgram) {
  return ({ agent }: Managed) => agent.conversationId === conversationId;
}

function problemOf({
  session,
  agent,
  isManaged,
}: Pick<Candidate, "session" | "agent" | "isManaged">): string | undefined {
  if (isManaged) return `it is agent ${agent?.name} already`;
  if (agent) return `it has the conversation of agent ${agent.name} open, which does not run`;
  return session ? undefined : "no session holds its directory: say which with --session";
}

/** The session whose root holds the directory; none also where several do. */
async function sessionOf(context: Context, cwd: string): Promise<Session | undefined> {
  const there = { ...context, caller: { ...context.caller, cwd } };
  return findSessionOfDirectory(there).catch(() => undefined);
}
