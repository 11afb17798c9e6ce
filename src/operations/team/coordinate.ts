import * as z from "zod";
import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import {
  COORDINATION_MODES,
  type ConsensusRules,
  type Coordination,
  type Member,
  TIE_RULES,
} from "../../core/team/coordination.ts";
import { coordinationView } from "../../core/team/view.ts";
import { whileWaitingFor } from "../agent/delivery/wait-cycles.ts";
import type { Context } from "../context.ts";
import { duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { withdrawSteps } from "./cancel.ts";
import { exitCodeOf } from "./exit-code.ts";
import { markTeamSeen } from "./seen.ts";
import { toCoordinationView } from "./views.ts";
import { awaitCoordination, workOn } from "./work-on.ts";

const DEFAULT_PATIENCE = "10s";
/** After its time a coordination still writes down how it ended. */
const CLOSING_MS = 10_000;

export const teamCoordinate = defineOperation({
  name: "team.coordinate",
  title: "Coordinate a team",
  summary: "Have several agents work on one task, and get who said what",
  description:
    "parallel: each agent gets the task, all answers are returned. sequential: one after the other, each sees the answers before it. consensus: each makes a proposal, then all see all proposals and vote with a reason; rounds are repeated until one proposal has enough votes, dissents are kept. A coordinator gets everything and answers with the synthesis. Who does not answer (failed, ended, needs a person) keeps nobody waiting and is named with the reason. With `no_wait` it returns at once; team show has the result later, also after a restart.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: true },
  input: z.object({
    text: z.string().describe("The task"),
    mode: z.enum(COORDINATION_MODES).describe("How they work together"),
    participants: z.array(z.string().min(1)).min(1).describe("Agent ids or names, in this order; also A,B,C"),
    coordinator: z.string().min(1).optional().describe("Agent that gets everything and answers with the synthesis"),
    noWait: z.boolean().default(false).describe("Return at once; team show ID has the result later"),
    rounds: z.number().int().min(1).max(10).default(3).describe("consensus: at most so many rounds; default 3"),
    quorum: z
      .string()
      .regex(/^(?:majority|all|[1-9]\d{0,3})$/, "write a number, majority or all")
      .default("majority")
      .describe("consensus: votes that a proposal needs, of all participants: a number, majority or all"),
    tie: z
      .enum(TIE_RULES)
      .optional()
      .describe(
        "consensus: who decides between proposals with equally many votes after the last round: the coordinator (default, where there is one), none, or first (of the participants)",
      ),
    timeout: duration("How long it may take as long as somebody works on it; default: the setting waitTimeout"),
    patience: duration(
      `How long an agent that waits for a person may keep the others waiting; default ${DEFAULT_PATIENCE}`,
    ),
  }),
  output: z.object({ coordination: coordinationView }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "SESSION_NOT_FOUND",
    "INVALID_INPUT",
    "TEXT_EMPTY",
    "TEXT_NOT_DELIVERABLE",
    "MESSAGE_LOOP",
    "WAIT_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["text"],
    stdin: "text",
    examples: [
      "team coordinate --mode parallel --participants api,web,tests 'What would break if we dropped Node 18?'",
      "team coordinate --mode consensus --participants api,web,tests --coordinator lead 'Which cache shall we use?'",
      "team coordinate --mode sequential --participants api,web --no-wait - < brief.md",
    ],
    exitCode: exitCodeOf,
  },
  async run(input, context) {
    const { store, clock, ids, caller } = context;
    const participants = await team(context, input.participants);
    const coordinator = input.coordinator === undefined ? null : await resolveAgent(context, input.coordinator);
    const isParticipant = participants.some(({ id }) => id === coordinator?.id);
    const everybody = coordinator && !isParticipant ? [...participants, coordinator] : participants;
    const sessionId = sessionOf(everybody);
    assertNotSelf(context, everybody);
    const rules = rulesOf(input, participants.length, coordinator !== null);
    await assertDeliverable(context, participants, input.text);
    const timeoutMs = milliseconds(input.timeout, context.settings.waitTimeout);
    const coordination: Coordination = {
      id: ids.next("crd"),
      sessionId,
      mode: input.mode,
      state: "running",
      text: input.text,
      participants: participants.map(toMember),
      coordinator: coordinator && toMember(coordinator),
      rules,
      patienceMs: milliseconds(input.patience, DEFAULT_PATIENCE),
      remainingMs: timeoutMs,
      stages: [],
      createdBy: caller.principal,
      holder: null,
      createdAt: clock.now(),
      endedAt: null,
      seenAt: null,
    };
    const { id } = coordination;
    const begin = async () => {
      await store.coordinations.insert(coordination);
      context.logger.info("team.started", { id, mode: input.mode, participants: participants.length });
    };
    if (input.noWait) {
      await begin();
      // The first ones are asked now; a server, or the next team show, carries it on.
      await workOn(context, id, 0);
      return { coordination: await toCoordinationView(context, (await store.coordinations.get(id)) ?? coordination) };
    }
    const ended = await whileWaitingForAll(context, everybody, async () => {
      await begin();
      return waitToEnd(context, id, timeoutMs + CLOSING_MS);
    });
    await markTeamSeen(context, ended);
    return { coordination: await toCoordinationView(context, ended) };
  },
});

/** A person's Ctrl-C ends it; a program that only stopped waiting does not lose its work. */
async function waitToEnd(context: Context, id: string, timeoutMs: number): Promise<Coordination> {
  try {
    return await awaitCoordination(context, id, timeoutMs);
  } catch (error) {
    if (context.signal.aborted && context.caller.principal.kind === "operator") {
      const cleaning = { ...context, signal: new AbortController().signal };
      await context.store.coordinations.cancel(id, context.clock.now());
      const cancelled = await context.store.coordinations.get(id);
      if (cancelled) await withdrawSteps(cleaning, cancelled);
    }
    throw error;
  }
}

/** @throws MESSAGE_LOOP where one of them waits for the calling agent */
function whileWaitingForAll<T>(
  context: Context,
  [first, ...rest]: readonly Agent[],
  work: () => Promise<T>,
): Promise<T> {
  if (!first) return work();
  return whileWaitingFor(context, first, { mayInterrupt: false }, () => whileWaitingForAll(context, rest, work));
}

async function team(context: Context, refs: readonly string[]): Promise<Agent[]> {
  const names = refs.flatMap((ref) => ref.split(",")).map((ref) => ref.trim());
  const agents: Agent[] = [];
  for (const name of names.filter((one) => one !== "")) {
    const agent = await resolveAgent(context, name);
    if (agents.some(({ id }) => id === agent.id)) {
      throw new AppError("INVALID_INPUT", `Agent ${agent.name} is named twice among the participants`);
    }
    agents.push(agent);
  }
  if (agents.length === 0) throw new AppError("INVALID_INPUT", "There are no participants");
  return agents;
}

function sessionOf(agents: readonly Agent[]): string {
  const [sessionId = "", ...others] = [...new Set(agents.map((agent) => agent.sessionId))];
  if (others.length === 0) return sessionId;
  throw new AppError("INVALID_INPUT", "The agents of a team belong to one session", {
    hint: "Name agents of one session; claude-orch agent list shows them.",
  });
}

function assertNotSelf({ caller: { principal } }: Context, agents: readonly Agent[]): void {
  if (principal.kind !== "worker" || agents.every(({ id }) => id !== principal.agentId)) return;
  throw new AppError(
    "INVALID_INPUT",
    "An agent cannot take part in what it coordinates: its own turn waits for the end",
  );
}

function rulesOf(
  input: { rounds: number; quorum: string; tie?: ConsensusRules["tie"] | undefined },
  participants: number,
  hasCoordinator: boolean,
): ConsensusRules {
  const { rounds, quorum } = input;
  const votes = quorum === "majority" || quorum === "all" ? quorum : Number(quorum);
  if (typeof votes === "number" && votes > participants) {
    throw new AppError("INVALID_INPUT", `No proposal can get ${votes} votes of ${participants} participants`);
  }
  if (input.tie === "coordinator" && !hasCoordinator) {
    throw new AppError("INVALID_INPUT", "There is no coordinator who could decide a tie", {
      hint: "Name one with --coordinator, or choose --tie none or first.",
    });
  }
  return { rounds, quorum: votes, tie: input.tie ?? (hasCoordinator ? "coordinator" : "none") };
}

/** What cannot be delivered is refused before anybody is asked. @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE */
async function assertDeliverable(context: Context, [first]: readonly Agent[], text: string): Promise<void> {
  const session = first && (await context.store.sessions.get(first.sessionId));
  if (session) await (await context.program(session.backend)).checkInput(text, { isExact: false });
}

function toMember({ id, name }: Agent): Member {
  return { agentId: id, name };
}
