import { resolve } from "node:path";
import * as z from "zod";
import { type Agent, type AgentView, agentView, LAYOUTS, PERMISSION_MODES } from "../../core/agent.ts";
import { messageView } from "../../core/message.ts";
import { DEFAULT_ROLE, type Role } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";
import { ISOLATIONS } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import { duration, milliseconds, sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveProtocol } from "../protocol/resolve-protocol.ts";
import { resolveSession } from "../resolve.ts";
import { startsWith } from "../role/defaults.ts";
import { resolveRole } from "../role/resolve-role.ts";
import { toAgentView, toMessageView } from "../views.ts";
import { closeWorktree } from "../worktree/close.ts";
import { submitMessage } from "./delivery/submit.ts";
import { assertWithin, parentOf } from "./lifecycle/child.ts";
import { eachAgent } from "./lifecycle/each-agent.ts";
import { endAgent } from "./lifecycle/end.ts";
import { isUnreachable } from "./lifecycle/find-opened.ts";
import { installedProgram } from "./lifecycle/installed-program.ts";
import { openAgent, waitUntilReady } from "./lifecycle/open.ts";
import { checkPlace, type Place, placeAgent, placeFor } from "./lifecycle/place.ts";
import { reserveAgents } from "./lifecycle/reserve.ts";
import { underLease } from "./lifecycle/under-lease.ts";
import { backendOf } from "./observe.ts";
import { parseEnv } from "./parse-env.ts";
import { sendAndProve } from "./send.ts";

export const agentSpawn = defineOperation({
  name: "agent.spawn",
  title: "Spawn an agent",
  summary: "Start a Claude Code agent and return when it is ready",
  description:
    "Starts Claude Code in a terminal of its own and returns when it can take a prompt. With `prompt` it also delivers that prompt and returns its message. With `count` it starts several at once. If Claude Code first asks something (does it trust the folder?), the agent is returned in state `waiting`.",
  effect: "write",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: "spawn" },
  input: z.object({
    name: z.string().optional().describe("Name; default Agent_<n>. With count: the names' stem"),
    session: sessionRef,
    role: z.string().min(1).default(DEFAULT_ROLE).describe("Role, by name or alias; role list shows them"),
    model: z.string().min(1).optional().describe("Model alias or full id, handed to Claude Code; default: the role's"),
    prompt: z.string().optional().describe("First prompt, delivered once the agent is ready"),
    systemPrompt: z.string().optional().describe("Text added to the agent's system prompt"),
    protocol: z
      .string()
      .min(1)
      .optional()
      .describe("Working protocol, or none; default: the session's. protocol list shows them"),
    permissionMode: z.enum(PERMISSION_MODES).optional().describe("Claude Code's permission mode; default: the role's"),
    layout: z.enum(LAYOUTS).optional().describe("Where it appears; default: the setting layout"),
    worktree: z.boolean().default(false).describe("Give it a git worktree of its own: short for --isolation worktree"),
    isolation: z
      .enum(ISOLATIONS)
      .optional()
      .describe(
        "Work in the session's folder, in a git worktree or in an empty directory of its own; default: the setting",
      ),
    branch: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Branch of its worktree, made where there is none; default: claude-orch/SESSION/NAME. With count: the stem",
      ),
    cwd: z.string().min(1).optional().describe("Directory it runs in; default: its parent's, or the session's root"),
    parent: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Agent that it works for, and whose rights it cannot exceed; default: the agent that calls, if one does",
      ),
    count: z.number().int().min(1).max(100).optional().describe("Start this many at once"),
    timeout: duration("How long it may take to be ready; default: the setting spawnTimeout"),
    env: z
      .array(z.string())
      .default([])
      .describe("Extra environment: K=V, or K to take it from the caller's environment"),
    claudeArgs: z.array(z.string()).default([]).describe("Further arguments for Claude Code"),
  }),
  output: z.object({
    agent: agentView.optional().describe("The agent; with count see agents"),
    agents: z.array(agentView).optional(),
    message: messageView.optional().describe("The first prompt's message"),
    messages: z.array(messageView).optional(),
  }),
  errors: [
    "SESSION_NOT_FOUND",
    "ROLE_NOT_FOUND",
    "ROLE_FILE_INVALID",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "SESSION_ROOT_NOT_A_REPOSITORY",
    "REPOSITORY_WITHOUT_COMMIT",
    "BRANCH_NAME_INVALID",
    "BRANCH_TAKEN",
    "BRANCH_IN_USE",
    "WORKTREE_TARGET_EXISTS",
    "GIT_NOT_INSTALLED",
    "GIT_COMMAND_FAILED",
    "AGENT_NAME_TAKEN",
    "AGENT_LIMIT_REACHED",
    "AGENT_DEPTH_REACHED",
    "PERMISSION_DENIED",
    "INVALID_NAME",
    "CLAUDE_NOT_INSTALLED",
    "CLAUDE_TOO_OLD",
    "CLAUDE_LAUNCH_FAILED",
    "BACKEND_UNAVAILABLE",
    "READY_TIMEOUT",
    "TEXT_NOT_DELIVERABLE",
    "AGENT_NOT_RUNNING",
    "WAIT_TIMEOUT",
    "DELIVERY_UNKNOWN",
  ],
  cli: {
    args: ["name"],
    rest: "claudeArgs",
    stdin: "prompt",
    examples: [
      "agent spawn api --prompt 'Read the code of the API and list its endpoints'",
      "agent spawn --count 3 --role reviewer",
      "agent spawn web --worktree --branch feature/cart",
      "agent spawn web --model sonnet --permission-mode acceptEdits -- --add-dir ../shared",
    ],
  },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const role = await resolveRole(context, session, input.role);
    const protocol = await resolveProtocol(context, session.root, input.protocol ?? session.protocol);
    const starting = startsWith(role, input, context.settings);
    const extraEnv = parseEnv(input.env, context.caller.env);
    const parent = await parentOf(context, session, input);
    const cwd =
      input.cwd === undefined
        ? (parent?.cwd ?? session.root)
        : await context.files.realDirectory(resolve(context.caller.cwd, input.cwd));
    assertWithin(context, parent, cwd);
    const place = placeFor(input, context.settings);
    await checkPlace(context, session, cwd, place);
    const installed = await installedProgram(context, session.backend);
    // A prompt that cannot be delivered is refused before a name is taken or anything started.
    if (input.prompt !== undefined) {
      await (await context.program(session.backend)).checkInput(input.prompt, { isExact: false });
    }
    const agents = await reserveAgents(context, session, {
      stem: input.name,
      count: input.count ?? 1,
      isMany: input.count !== undefined,
      maxOfRole: role.limits.maxAgents,
      template: {
        role: role.name,
        model: starting.model.value,
        permissionMode: starting.permissionMode.value,
        layout: input.layout ?? context.settings.layout,
        cwd,
        systemPrompt: input.systemPrompt ?? null,
        protocol: protocol?.name ?? null,
        claudeArgs: input.claudeArgs,
        envNames: Object.keys(extraEnv),
        parentId: parent?.id ?? null,
        configDir: (await context.program(session.backend)).configDir({ ...context.caller.env, ...extraEnv }),
        claudeBin: installed.path,
        claudeVersion: installed.version,
        isAdopted: false,
      },
    });
    const timeoutMs = milliseconds(input.timeout, context.settings.spawnTimeout);
    const isMany = agents.length > 1 && place.branch !== undefined;
    const places = new Map(agents.map(({ id }, index) => [id, isMany ? `${place.branch}_${index + 1}` : place.branch]));
    const spawned = await eachAgent(context, agents, (agent) =>
      start(context, session, agent, { extraEnv, role, timeoutMs, place: { ...place, branch: places.get(agent.id) } }),
    );
    const messages = input.prompt === undefined ? [] : await promptEach(context, spawned, input.prompt, timeoutMs);
    const views = spawned.map(({ view }) => view);
    const sent = messages.filter((message) => message !== undefined);
    if (input.count !== undefined) return { agents: views, ...(sent.length > 0 ? { messages: sent } : {}) };
    return { ...(views[0] ? { agent: views[0] } : {}), ...(sent[0] ? { message: sent[0] } : {}) };
  },
});

interface Spawned {
  agent: Agent;
  view: AgentView;
}

/** Opens one reserved agent and waits until it is ready; what cannot run leaves nothing behind. */
async function start(
  context: Context,
  session: Session,
  agent: Agent,
  { timeoutMs, place, ...options }: { extraEnv: Record<string, string>; role: Role; timeoutMs: number; place: Place },
): Promise<Spawned> {
  try {
    const conversation = { id: context.ids.uuid(), mode: "new" as const };
    // Its name can be seen already: who starts it now would open a second terminal.
    const opened = await underLease(context, agent.id, async () => {
      const placed = await placeAgent(context, session, agent, place);
      return openAgent(context, session, placed, { conversation, ...options });
    });
    const report = await waitUntilReady(context, opened, timeoutMs);
    return { agent: opened, view: toAgentView(opened, session, report) };
  } catch (error) {
    if (!(await isWorthKeeping(context, agent))) await abandon(context, agent);
    throw error;
  }
}

/**
 * An agent that has a terminal stays after a failure, so that one can look at it, and so does one whose terminal somebody
 * else has closed meanwhile (agent clear). A person's Ctrl-C takes it back; a program that only stopped waiting does not
 * lose it.
 */
async function isWorthKeeping(context: Context, { id }: Agent): Promise<boolean> {
  if (context.signal.aborted && context.caller.principal.kind === "operator") return false;
  const agent = await context.store.agents.get(id);
  return agent?.lifecycle === "open" || (agent?.lifecycle === "closed" && agent.launchedAt !== null);
}

/** Ends what runs (a terminal that was opened but not journalled is found by its tag) and frees name and place. */
async function abandon(context: Context, reserved: Agent): Promise<void> {
  const cleaning = { ...context, signal: new AbortController().signal };
  const current = await context.store.agents.get(reserved.id);
  const agent = current ?? reserved;
  // Deleted meanwhile: then its terminal is closed already.
  if (current && !(await isEnded(cleaning, current))) return;
  await (await context.program(await backendOf(context, agent))).removeAgentFiles(agent.id);
  const own = await context.store.worktrees.ofAgent(agent.id);
  if (own) await closeWorktree(cleaning, own.id, { isForced: false });
  await context.store.agents.remove(agent.id);
}

/** False where a terminal of it may be there and nobody can look now: then it keeps its name, as lost, and can be deleted later. */
async function isEnded(context: Context, agent: Agent): Promise<boolean> {
  try {
    await endAgent(context, agent);
    return true;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    context.logger.warn("agent.not-taken-back", { agentId: agent.id, error: error.message });
    // A terminal program that is not there has opened nothing.
    return error.code === "BACKEND_UNAVAILABLE";
  }
}

async function promptEach(context: Context, spawned: readonly Spawned[], text: string, timeoutMs: number) {
  const states = new Map(spawned.map(({ agent, view }) => [agent.id, view.state]));
  const agents = spawned.map(({ agent }) => agent);
  return eachAgent(context, agents, (agent) => prompt(context, agent, states.get(agent.id), text, timeoutMs));
}

async function prompt(
  context: Context,
  agent: Agent,
  state: AgentView["state"] | undefined,
  text: string,
  timeoutMs: number,
) {
  if (state === "waiting") context.progress({ message: `${agent.name} waits for an answer; its prompt is queued` });
  const options = { text, isExact: false, when: "idle" as const, idempotencyKey: undefined };
  if (state === "waiting") return toMessageView(await submitMessage(context, agent, options), agent);
  // As any other message: a prompt that failed is no success of the spawn, and the agent stays.
  return toMessageView(await sendAndProve(context, agent, options, { timeoutMs, isWaiting: false }), agent);
}
