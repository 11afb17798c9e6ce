import { ask } from "./dialog.ts";
import { type FakeStep, parseScript } from "./directives.ts";
import { die, end } from "./life.ts";
import { append, fire, type Moment, newId, ofTurn, say, setStatus } from "./moment.ts";
import * as records from "./records.ts";
import type { Block, Turn } from "./state.ts";
import { finishTool } from "./tool.ts";

/** UserPromptSubmit and a turn, or a place in Claude Code's own queue while a turn runs (claude-code-facts §5.4). */
export function submit(moment: Moment, text: string): void {
  const { state, outbox } = moment;
  const prompt = { promptId: moment.ids.uuid(), text };
  fire(moment, "UserPromptSubmit", { ...ofTurn(moment, prompt.promptId), prompt: text });
  if (!state.turn) {
    begin(moment, [prompt]);
    return;
  }
  state.queue.push(prompt);
  outbox.record(state, records.queueRecord(state, moment.at, "enqueue", text));
}

/** Plays what is due until `now`. */
export function advance(moment: Moment, now: number): void {
  const { state } = moment;
  while (state.process.kind === "running" && state.turn && !state.turn.dialog && state.turn.dueAt <= now) {
    moment.at = state.turn.dueAt;
    const step = state.turn.steps.shift();
    if (step) perform(moment, state.turn, step);
    else finish(moment, state.turn);
  }
}

/** Escape: before the first word the prompt goes back into the box without a trace; later a record tells. No hook fires. */
export function interrupt(moment: Moment): void {
  const { state } = moment;
  const { turn } = state;
  if (!turn) return;
  if (turn.hasSpoken) {
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
  const { state, outbox } = moment;
  delete state.turn;
  setStatus(moment, "idle");
  const queued = state.queue.splice(0);
  for (const _ of queued) outbox.record(state, records.queueRecord(state, moment.at, "dequeue"));
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

function begin(moment: Moment, prompts: readonly { promptId: string; text: string }[]): void {
  const { state, outbox, at } = moment;
  const last = prompts.at(-1);
  if (!last) return;
  setStatus(moment, "busy");
  const previousLeaf = state.leaf;
  if (state.prompts === 0) for (const opening of records.openingRecords(state)) outbox.record(state, opening);
  for (const { promptId, text } of prompts) {
    state.prompts += 1;
    append(moment, (base) => records.promptRecord(state, base, promptId, text));
    say(moment, `❯ ${text}`);
  }
  const prompt = prompts.map(({ text }) => text).join("\n");
  const { steps } = parseScript(prompt);
  state.turn = {
    promptId: last.promptId,
    prompt,
    startedAt: at,
    previousLeaf,
    steps,
    dueAt: at,
    hasSpoken: false,
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
      useTool(moment, turn, step.name, step.input, step.asks ? "permission" : undefined);
      return;
    case "question":
      useTool(moment, turn, "AskUserQuestion", step.input, "question");
      return;
    case "error":
      fail(moment, turn, step.status, step.retryAfter);
      return;
    case "drop":
      // A stream that is cut off in the middle counts as a normal end (claude-code-facts §3.2).
      turn.steps = [];
      turn.blocks.length > 0 ? undefined : fail(moment, turn, 500);
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

function useTool(
  moment: Moment,
  turn: Turn,
  name: string,
  input: Record<string, unknown>,
  asks: "permission" | "question" | undefined,
): void {
  turn.hasSpoken = true;
  const toolUseId = newId(moment, "toolu");
  record(moment, turn, "tool_use", [{ type: "tool_use", id: toolUseId, name, input }]);
  fire(moment, "PreToolUse", { ...ofTurn(moment), tool_name: name, tool_input: input, tool_use_id: toolUseId });
  if (asks) ask(moment, turn, asks, { name, input, toolUseId });
  else finishTool(moment, turn, { name, input, toolUseId });
}

function finish(moment: Moment, turn: Turn): void {
  const { state, at } = moment;
  const text = turn.blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).at(-1) ?? "";
  fire(moment, "Stop", {
    ...ofTurn(moment),
    stop_hook_active: false,
    last_assistant_message: text,
    background_tasks: [],
  });
  record(moment, turn, "end_turn");
  append(moment, (base) => records.turnDurationRecord(state, base, at - turn.startedAt));
  say(moment, `✻ Worked for ${Math.round((at - turn.startedAt) / 1000)}s`);
  endTurn(moment);
}

const ERROR_KINDS: Record<number, string> = {
  400: "unknown",
  401: "authentication_failed",
  403: "authentication_failed",
  404: "model_not_found",
  429: "rate_limit",
  529: "overloaded",
};

/** StopFailure instead of Stop, and a synthetic message; texts as 2.1.329 writes them. */
function fail(moment: Moment, turn: Turn, status: number, retryAfter?: number): void {
  const { state } = moment;
  const kind = ERROR_KINDS[status] ?? (status >= 500 ? "server_error" : "unknown");
  const text = errorText(status, retryAfter);
  fire(moment, "StopFailure", { prompt_id: turn.promptId, error: kind, last_assistant_message: text });
  record(moment, turn, null);
  const ids = { id: moment.ids.uuid(), requestId: newId(moment, "req") };
  append(moment, (base) => records.errorRecord(state, base, { ...ids, text, kind, status }));
  say(moment, `● ${text}`);
  endTurn(moment);
}

function errorText(status: number, retryAfter: number | undefined): string {
  const scripted = `Scripted error ${status}${retryAfter === undefined ? "" : `, retry after ${retryAfter} s`}`;
  if (status === 401 || status === 403) return `Please run /login · API Error: ${status} ${scripted}`;
  if (status === 429) return `API Error: Request rejected (429) · ${scripted}`;
  return `API Error: ${status} ${scripted}`;
}
