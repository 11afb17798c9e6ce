import type { Agent } from "../core/agent.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { isOpenInQueue, type Message, ORCHESTRATOR, SCHEDULER } from "../core/message.ts";
import type { Repositories } from "../core/ports/store.ts";
import type { Session } from "../core/session.ts";
import type { CheckResult, Task } from "../core/task.ts";
import { settleAnswers } from "../operations/agent/delivery/answer.ts";
import { isGone, pumpQueue } from "../operations/agent/delivery/drive.ts";
import { limitEnd } from "../operations/agent/delivery/limit.ts";
import { queueResume } from "../operations/agent/delivery/resume.ts";
import { submitMessage, withdrawIfQueued } from "../operations/agent/delivery/submit.ts";
import { endAgent } from "../operations/agent/lifecycle/end.ts";
import { installedProgram } from "../operations/agent/lifecycle/installed-program.ts";
import { reopenAgent } from "../operations/agent/lifecycle/reopen.ts";
import { reserveWithin } from "../operations/agent/lifecycle/reserve.ts";
import { settleCutOff } from "../operations/agent/lifecycle/settle-cut-off.ts";
import { underLease } from "../operations/agent/lifecycle/under-lease.ts";
import { backendOf, observeAgent, observeAgents } from "../operations/agent/observe.ts";
import { stopWork } from "../operations/agent/stop-work.ts";
import { watchEvidence } from "../operations/agent/watch.ts";
import type { Context } from "../operations/context.ts";
import { startsWith } from "../operations/role/defaults.ts";
import { resolveRole } from "../operations/role/resolve-role.ts";
import type { CheckBounds, Crew, Look, Reserve, Round } from "./crew.ts";
import { runCheck } from "./run-check.ts";
import { workplace } from "./workplace.ts";

/** Among so many of an agent's newest messages those are looked for that let it go on after a limit. */
const LOOK_BACK = 50;

/** The crew of real agents, by the same means as the operations on agents. */
export class AgentCrew implements Crew {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  async look(agents: readonly Agent[]): Promise<Look[]> {
    const context = this.#current();
    const reports = await observeAgents(context, agents);
    return Promise.all(
      reports.map(async (report, index) => {
        const agent = agents[index];
        const heldUntil = agent && (await limitEnd(context, agent, report));
        if (agent && heldUntil !== undefined && heldUntil <= context.clock.now())
          await queueResume(context, agent, report);
        return { report, isGone: isGone(report), heldUntil };
      }),
    );
  }

  async isUntouched(agent: Agent): Promise<boolean> {
    if (!agent.conversationId) return true;
    const program = await this.#context.program(await backendOf(this.#context, agent));
    // Claude Code writes a transcript with the first prompt, whoever typed it.
    if ((await program.transcriptPath(agent, agent.conversationId)) !== undefined) return false;
    return (await this.#context.store.messages.list(agent.id, { limit: 1 })).length === 0;
  }

  async maxOfRole(sessionId: string, roleName: string): Promise<number | null> {
    const context = this.#current();
    try {
      return (await resolveRole(context, await this.#session(sessionId), roleName)).limits.maxAgents;
    } catch (thrown) {
      // What is wrong with a role, or with its session, is told when an agent of it is to be started.
      if (toAppError(thrown).code.startsWith("ROLE_") || toAppError(thrown).code === "SESSION_NOT_FOUND") return null;
      throw thrown;
    }
  }

  async prepareSpawn(sessionId: string, roleName: string): Promise<Reserve> {
    const context = this.#current();
    const session = await this.#session(sessionId);
    const role = await resolveRole(context, session, roleName);
    const installed = await installedProgram(context, session.backend);
    const program = await context.program(session.backend);
    const starting = startsWith(role, {}, context.settings);
    const template = {
      role: role.name,
      model: starting.model.value,
      permissionMode: starting.permissionMode.value,
      layout: context.settings.layout,
      cwd: session.root,
      systemPrompt: null,
      protocol: session.protocol,
      claudeArgs: [],
      envNames: [],
      parentId: null,
      configDir: program.configDir(context.caller.env),
      claudeBin: installed.path,
      claudeVersion: installed.version,
      isAdopted: false,
    };
    return async (repositories: Repositories) => {
      const wanted = { stem: undefined, count: 1, isMany: false, maxOfRole: role.limits.maxAgents, template };
      const [agent] = await reserveWithin(repositories, context, session, wanted);
      if (!agent) throw new AppError("INTERNAL", "A reservation of one agent holds one");
      return agent;
    };
  }

  async launch({ id, sessionId }: Agent, task: Task): Promise<void> {
    const context = this.#current();
    const session = await this.#session(sessionId);
    const cwd = await workplace(context, session, task);
    await underLease(context, id, async () => {
      const agent = await this.#agent(id);
      const attempt = task.attempts.at(-1);
      const report = await observeAgent(context, agent);
      // Another process was faster, or was cut off right after.
      if (attempt && (agent.launchedAt ?? 0) >= attempt.startedAt && !isGone(report)) return;
      await settleCutOff(context, agent);
      if (!isGone(report)) await endAgent(context, agent);
      const role = await resolveRole(context, session, agent.role, agent.configDir);
      const starting = startsWith(role, {}, context.settings);
      const change = { cwd, model: starting.model.value, permissionMode: starting.permissionMode.value };
      await context.store.agents.update(id, change);
      const conversation = { id: context.ids.uuid(), mode: "new" as const };
      await reopenAgent(
        context,
        session,
        { ...(await this.#agent(id)), ...change },
        { conversation, extraEnv: {}, role },
      );
    });
  }

  async resume({ id, sessionId }: Agent): Promise<void> {
    const context = this.#current();
    const session = await this.#session(sessionId);
    await underLease(context, id, async () => {
      const agent = await this.#agent(id);
      if (!isGone(await observeAgent(context, agent))) return;
      await settleCutOff(context, agent);
      const program = await context.program(session.backend);
      const last = agent.conversationId;
      // Without a first prompt there is no transcript, and nothing to go on with.
      const isKept = last !== null && (await program.transcriptPath(agent, last)) !== undefined;
      const conversation = isKept
        ? { id: last, mode: "resume" as const }
        : { id: context.ids.uuid(), mode: "new" as const };
      await reopenAgent(context, session, agent, { conversation, extraEnv: {} });
    });
  }

  async send(agent: Agent, text: string, key: string): Promise<string> {
    const context = this.#current();
    const sent = await context.store.messages.findByIdempotencyKey(agent.id, key);
    if (sent) return sent.id;
    const options = { text, isExact: false, when: "idle" as const, idempotencyKey: key, sender: SCHEDULER };
    return (await submitMessage(context, agent, options)).id;
  }

  async round(agent: Agent, messageId: string): Promise<Round> {
    const context = this.#current();
    const { messages } = context.store;
    const before = await messages.get(messageId);
    if (!before) return { kind: "undelivered", reason: "its message is gone" };
    if ((await messages.head(agent.id)) !== undefined) await pumpQueue(context, agent);
    await settleAnswers(context, agent);
    const message = (await messages.get(messageId)) ?? before;
    switch (message.state) {
      case "failed":
        return { kind: "undelivered", reason: message.reason ?? "no reason was written down" };
      case "unknown":
        return { kind: "unproved", reason: message.reason ?? "no evidence was found" };
      case "answered":
        return this.#afterAnswer(agent, message);
      default:
        return { kind: "open" };
    }
  }

  /** A turn that failed or was interrupted may have gone on in another one: after a limit, or because somebody prompted. */
  async #afterAnswer(agent: Agent, message: Message): Promise<Round> {
    const { answer, conversationId } = message;
    if (!answer) return { kind: "open" };
    if (!answer.isError && !answer.interrupted) return { kind: "ended", answer };
    const later = (await this.#context.store.messages.list(agent.id, { limit: LOOK_BACK })).filter(
      ({ seq, sender }) => seq > message.seq && sender === ORCHESTRATOR,
    );
    if (later.some(({ state }) => isOpenInQueue(state) || state === "recorded")) return { kind: "open" };
    if (!conversationId || agent.conversationId !== conversationId) return { kind: "ended", answer };
    const program = await this.#context.program(await backendOf(this.#context, agent));
    const last = await program.lastAnswer(agent, conversationId);
    if (!last || last.promptId === message.promptId) return { kind: "ended", answer };
    return last.turn.isOver ? { kind: "ended", answer: last.turn.answer } : { kind: "open" };
  }

  async withdraw(messageIds: readonly string[], reason: string): Promise<void> {
    for (const id of messageIds) await withdrawIfQueued(this.#current(), id, reason);
  }

  async stop(agent: Agent, messageIds: readonly string[], reason: string): Promise<void> {
    const context = this.#current();
    const current = await context.store.agents.get(agent.id);
    await this.withdraw(messageIds, reason);
    if (!current || messageIds.length === 0) return;
    await stopWork(context, current, reason);
    await settleAnswers(context, current);
  }

  async check(task: Task, agent: Agent, bounds: CheckBounds): Promise<CheckResult> {
    return runCheck(this.#context, task.check ?? [], { cwd: agent.cwd, ...bounds });
  }

  watch(agent: Agent, maxMs: number, signal: AbortSignal): Promise<void> {
    return watchEvidence({ ...this.#context, signal }, [agent], maxMs);
  }

  /** Settings are read anew: a process that runs for days obeys `config set` (⊕A15). */
  #current(): Context {
    return { ...this.#context, settings: this.#context.settingsSource.current() };
  }

  async #agent(id: string): Promise<Agent> {
    const agent = await this.#context.store.agents.get(id);
    if (agent) return agent;
    throw new AppError("AGENT_NOT_FOUND", `Agent ${id} was deleted`);
  }

  async #session(id: string): Promise<Session> {
    const session = await this.#context.store.sessions.get(id);
    if (session) return session;
    throw new AppError("SESSION_NOT_FOUND", `There is no session ${id}`);
  }
}
