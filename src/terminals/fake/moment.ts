import type { Ids } from "../../core/ports/ids.ts";
import type { Outbox } from "./outbox.ts";
import type { RecordBase } from "./records.ts";
import type { FakeState } from "./state.ts";

/** One instant in an agent's life: its state, which is changed in place, and what it writes. */
export interface Moment {
  state: FakeState;
  outbox: Outbox;
  ids: Ids;
  /** Epoch ms; of what is due, not of when somebody looked. */
  at: number;
}

/** Writes a hook event into the spool. */
export function fire(moment: Moment, name: string, fields: Record<string, unknown> = {}): void {
  const { state, outbox } = moment;
  outbox.event(
    state,
    {
      session_id: state.conversationId,
      transcript_path: state.transcript,
      cwd: state.launch.cwd,
      ...fields,
      hook_event_name: name,
    },
    moment.at,
  );
}

/** Fields that the events of a turn have in common. */
export function ofTurn(moment: Moment, promptId = moment.state.turn?.promptId): Record<string, unknown> {
  return { prompt_id: promptId, permission_mode: moment.state.launch.permissionMode };
}

/** Appends a record to the transcript's chain. */
export function append(moment: Moment, build: (base: RecordBase) => Record<string, unknown>): string {
  const base = { uuid: moment.ids.uuid(), at: moment.at };
  moment.outbox.record(moment.state, build(base), moment.at);
  moment.state.leaf = base.uuid;
  return base.uuid;
}

export function setStatus(moment: Moment, status: FakeState["status"], waitingFor?: string): void {
  const { state, outbox } = moment;
  state.status = status;
  state.statusAt = moment.at;
  if (waitingFor === undefined) delete state.waitingFor;
  else state.waitingFor = waitingFor;
  outbox.session(state);
}

export function say(moment: Moment, ...lines: string[]): void {
  moment.state.log.push(...lines.flatMap((line) => line.split("\n")), "");
  moment.state.log.splice(0, moment.state.log.length - LOG_LINES);
}

export function newId(moment: Moment, prefix: string): string {
  return `${prefix}_${moment.ids.random(10).toString("hex")}`;
}

const LOG_LINES = 500;
