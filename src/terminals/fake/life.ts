import { transcriptPath } from "./launch-record.ts";
import { fire, type Moment, say, setStatus } from "./moment.ts";
import type { FakeState } from "./state.ts";

/** SessionStart, then ready for input. */
export function start(moment: Moment): void {
  const { launch } = moment.state;
  delete moment.state.start;
  fire(moment, "SessionStart", { source: launch.mode === "resume" ? "resume" : "startup", model: launch.model });
  setStatus(moment, "idle");
}

/** Refuses to start, as Claude Code does with a conversation id that is taken or unknown (claude-code-facts §2). */
export function refuseToStart(moment: Moment, message: string): void {
  say(moment, message);
  moment.state.process = { kind: "exited", code: 1 };
}

/** Ends in an orderly way: SessionEnd, and its session file is removed. */
export function end(moment: Moment, code: number, reason: "prompt_input_exit" | "other"): void {
  const { state, outbox } = moment;
  if (!state.start) fire(moment, "SessionEnd", { reason });
  outbox.session(state, false);
  stop(state);
  state.process = { kind: "exited", code };
  say(moment, "Resume this session with:", `claude --resume ${state.conversationId}`);
}

/** Dies as by SIGKILL: the session file stays, nothing is written (claude-code-facts §10). */
export function die(moment: Moment, signal = 9): void {
  stop(moment.state);
  moment.state.process = { kind: "signalled", signal };
}

function stop(state: FakeState): void {
  delete state.turn;
  delete state.panel;
  delete state.start;
  state.background = [];
  state.queue = [];
}

/** `/clear`: a new conversation in the same process. */
export function clear(moment: Moment): void {
  const { state } = moment;
  fire(moment, "SessionEnd", { reason: "clear" });
  state.conversationId = moment.ids.uuid();
  state.transcript = transcriptPath(state.launch, state.conversationId);
  state.leaf = null;
  state.prompts = 0;
  state.log = [];
  state.background = [];
  fire(moment, "SessionStart", { source: "clear" });
  setStatus(moment, "idle");
}
