import { apiErrorOf, limitErrorOf, type TurnError } from "./api-error.ts";
import { backgroundTasks, endBackground, rest, startBackground } from "./background.ts";
import { ask } from "./dialog.ts";
import { type FakeStep, parseScript } from "./directives.ts";
import { die, end, start } from "./life.ts";
import { append, fire, type Moment, newId, ofTurn, say, setStatus } from "./moment.ts";
import * as records from "./records.ts";
import { type Block, type Dialog, dueAt, type Queued, type Turn } from "./state.ts";
import { endSubagent, startSubagent } from "./subagent.ts";
import { announceTool, finishTool, rejectTool, type ToolUse } from "./tool.ts";

/** UserPromptSubmit and a turn, or a place in Claude Code's own queue while a turn runs (claude-code-facts §5.4). */
export function submit(moment: Moment, text: string): void {
  const { state, outbox } = moment;
  const prompt: Queued = { promptId: moment.ids.uuid(), text, isNotification: false };
  fire(moment, "UserPromptSubmit", { ...ofTurn(moment, prompt.promptId), prompt: text });
  if (!state.turn) {
    begin(moment, [prompt]);
    return;
  }
  state.queue.push(prompt);
  outbox.record(state, records.queueRecord(state, moment.at, "enqueue", text), moment.at);
}

/** Plays what is due until `now`, each at its own time. */
export function advance(moment: Moment, now: number): void {
  const { state } = moment;
  for (let due = dueAt(state); due !== undefined && due <= now; due = dueAt(state)) {
    moment.at = due;
    playDue(moment, due);
  }
}

function playDue(moment: Moment, due: number): void {
  const { state } = moment;
  if (state.start) {
    if (state.start.trust) state.start.trust.isShown = true;
    else start(moment);
    return;
  }
  const ended = state.background.find(({ endsAt }) => endsAt <= due);
  if (ended) {
    endBackground(moment, ended);
    if (!state.turn && state.panel === undefined) takeQueue(moment);
    return;
  }
  if (!state.turn) return;
  const step = state.turn.steps.shift();
  if (step) perform(moment, state.turn, step);
  else finish(moment, state.turn);
}

/** Escape: before the first word the prompt goes back into the box without a trace; later a record tells. No hook fires. */
export function interrupt(moment: Moment): void {
  const { state } = moment;
  const { turn } = state;
  if (!turn) return;
  if (turn.running) {
    rejectTool(moment, turn, turn.running);
  } else if (turn.hasSpoken) {
    record(moment, turn, null);
    append(moment, (base) => records.interruptionRecord(state, base, turn.promptId, false));
    say(moment, "  ⎿  Interrupted · What should Claude do instead?");
  } else {
    state.leaf = turn.previousLeaf;
    state.box = { text: turn.prompt + state.box.text, cursor: turn.prompt.length + state.box.cursor };
  }
  endTurn(moment);
}

/** Ends the turn and sends what was queued meanwhile, all of it as one turn. */
export function endTurn(moment: Moment): void {
  delete moment.state.turn;
  rest(moment);
  takeQueue(moment);
}

/** What waits in Claude Code's own queue becomes one turn. */
export function takeQueue(moment: Moment): void {
  const { state, outbox } = moment;
  const queued = state.queue.splice(0);
  for (const _ of queued) outbox.record(state, records.queueRecord(state, moment.at, "dequeue"), moment.at);
  if (queued.length > 0) begin(moment, queued);
}

/** Records the API message under way, one line a block. @returns uuid of its last record */
export function record(
  moment: Moment,
  turn: Turn,
  stopReason: string | null,
  more: Record<string, unknown>[] = [],
): string | null {
  const message = { id: newId(moment, "msg"), requestId: newId(moment, "req"), stopReason };
  for (const block of [...turn.blocks, ...more]) {
    append(moment, (base) => records.assistantRecord(moment.state, base, { ...message, content: [block] }));
  }
  for (const block of turn.blocks) if (block.type === "text") say(moment, `● ${block.text}`);
  turn.blocks = [];
  return moment.state.leaf;
}

/** How long an agent is silent that its background work has woken. */
const WAKE_MS = 500;

function begin(moment: Moment, prompts: readonly Queued[]): void {
  const { state, outbox, at } = moment;
  const last = prompts.at(-1);
  if (!last) return;
  setStatus(moment, "busy");
  const previousLeaf = state.leaf;
  if (state.prompts === 0) for (const opening of records.openingRecords(state)) outbox.record(state, opening, at);
  for (const { promptId, text, isNotification } of prompts) {
    state.prompts += 1;
    append(moment, (base) => records.promptRecord(state, base, { promptId, text, isNotification }));
    if (!isNotification) say(moment, `❯ ${text}`);
  }
  const typed = prompts.filter(({ isNotification }) => !isNotification);
  const prompt = typed.map(({ text }) => text).join("\n");
  const wake: FakeStep[] = [
    { kind: "sleep", ms: WAKE_MS },
    { kind: "text", text: "noted" },
  ];
  state.turn = {
    promptId: last.promptId,
    prompt,
    startedAt: at,
    previousLeaf,
    steps: typed.length > 0 ? parseScript(prompt).steps : wake,
    dueAt: at,
    // Nobody typed a notice: there is nothing to give back.
    hasSpoken: typed.length < prompts.length,
    blocks: [],
  };
}

function perform(moment: Moment, turn: Turn, step: FakeStep): void {
  switch (step.kind) {
    case "sleep":
      turn.dueAt += step.ms;
      return;
    case "text":
      speak(turn, { type: "text", text: step.text });
      return;
    case "thinking":
      speak(turn, { type: "thinking", thinking: step.text, signature: "" });
      return;
    case "stream":
      if (step.count === 0) return;
      turn.dueAt += step.everyMs;
      turn.steps.unshift({ kind: "text", text: "word " }, { ...step, count: step.count - 1 });
      return;
    case "tool":
      useTool(moment, turn, step.name, step.input, step.asks);
      return;
    case "question":
      useTool(moment, turn, "AskUserQuestion", step.input);
      return;
    case "plan":
      useTool(moment, turn, "ExitPlanMode", { plan: step.plan });
      return;
    case "background": {
      const tool = announce(moment, turn, "Bash", { command: `sleep ${step.ms / 1000}`, run_in_background: true });
      const { id } = startBackground(moment, tool, step.ms);
      finishTool(moment, turn, tool, `Command running in background with ID: ${id}`);
      return;
    }
    case "subagent":
      turn.running = announce(moment, turn, "Agent", {
        description: "look",
        prompt: "look",
        subagent_type: "general-purpose",
      });
      startSubagent(moment, turn, turn.running);
      turn.steps.unshift({ kind: "sleep", ms: step.ms }, { kind: "toolEnd" });
      return;
    case "toolEnd":
      endSubagent(moment, turn);
      if (turn.running) finishTool(moment, turn, turn.running);
      return;
    case "error":
      fail(moment, turn, apiErrorOf(step));
      return;
    case "limit":
      fail(moment, turn, limitErrorOf(step, moment.at));
      return;
    case "drop":
      // A stream that is cut off in the middle counts as a normal end (claude-code-facts §3.2).
      turn.steps = [];
      turn.blocks.length > 0 ? undefined : fail(moment, turn, apiErrorOf({ status: 500 }));
      return;
    case "crash":
      die(moment);
      return;
    case "exit":
      end(moment, step.code, "other");
      return;
    default:
      step satisfies never;
      return;
  }
}

function speak(turn: Turn, block: Block): void {
  turn.hasSpoken = true;
  const last = turn.blocks.at(-1);
  if (last?.type === "text" && block.type === "text") last.text += block.text;
  else turn.blocks.push(block);
}

/** Tools that ask whatever the permissions say. */
const ASKING: Record<string, Dialog["kind"]> = { AskUserQuestion: "question", ExitPlanMode: "plan" };

function useTool(moment: Moment, turn: Turn, name: string, input: Record<string, unknown>, asks = false): void {
  const tool = announce(moment, turn, name, input);
  const kind = ASKING[name] ?? (asks ? "permission" : undefined);
  if (kind) ask(moment, turn, kind, tool);
  else finishTool(moment, turn, tool);
}

/** The API message that uses the tool is complete. */
function announce(moment: Moment, turn: Turn, name: string, input: Record<string, unknown>): ToolUse {
  turn.hasSpoken = true;
  const tool = { name, input, toolUseId: newId(moment, "toolu") };
  record(moment, turn, "tool_use", [{ type: "tool_use", id: tool.toolUseId, name, input }]);
  announceTool(moment, tool);
  return tool;
}

function finish(moment: Moment, turn: Turn): void {
  const { state, at } = moment;
  const text = turn.blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).at(-1) ?? "";
  fire(moment, "Stop", {
    ...ofTurn(moment),
    stop_hook_active: false,
    last_assistant_message: text,
    background_tasks: backgroundTasks(state),
  });
  record(moment, turn, "end_turn");
  append(moment, (base) => records.turnDurationRecord(state, base, at - turn.startedAt));
  say(moment, `✻ Worked for ${Math.round((at - turn.startedAt) / 1000)}s`);
  endTurn(moment);
}

/** StopFailure instead of Stop, and a synthetic message. */
function fail(moment: Moment, turn: Turn, error: TurnError): void {
  const { state } = moment;
  fire(moment, "StopFailure", { prompt_id: turn.promptId, error: error.kind, last_assistant_message: error.text });
  record(moment, turn, null);
  const ids = { id: moment.ids.uuid(), requestId: newId(moment, "req") };
  append(moment, (base) => records.errorRecord(state, base, { ...ids, ...error }));
  say(moment, `● ${error.text}`);
  endTurn(moment);
}
