import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import type { FakeStep } from "./directives.ts";
import type { LaunchRecord } from "./launch-record.ts";

/** Above every kernel's pid_max (2^22 on Linux, 99999 on macOS): a fake pid is never a real process. */
export const FAKE_PID_BASE = 2 ** 31;

export interface Dialog {
  kind: "permission" | "question";
  tool: string;
  input: Record<string, unknown>;
  toolUseId: string;
  /** What is asked, and the numbered options as the screen shows them. */
  question: string;
  options: string[];
  /** Index of the option under the cursor. */
  selected: number;
  /** Text typed for "Type something.", while that is being typed. */
  own?: string;
  /** Of a question: answers so far, by question. */
  answers: Record<string, string>;
}

export type Block = { type: "text"; text: string } | { type: "thinking"; thinking: string; signature: string };

export interface Turn {
  promptId: string;
  prompt: string;
  startedAt: number;
  /** Record before the prompt's own; where the next prompt hangs when this one is taken back. */
  previousLeaf: string | null;
  steps: FakeStep[];
  /** When the next step is due. */
  dueAt: number;
  /** Something of the answer was seen: Escape can no longer take the prompt back. */
  hasSpoken: boolean;
  /** Content of the API message under way; recorded when the message is complete. */
  blocks: Block[];
  dialog?: Dialog;
}

/** Everything of one fake terminal and the scripted agent in it; one JSON file. */
export interface FakeState {
  id: string;
  tag: string;
  title: string;
  group: OpenRequest["group"];
  launch: LaunchRecord;
  pid: number;
  /** Stands for the start time of a process (`procStart`), so that a reused pid is recognised. */
  procStart: string;
  startedAt: number;
  process: { kind: "running" } | { kind: "exited"; code: number } | { kind: "signalled"; signal: number };
  conversationId: string;
  transcript: string;
  status: "idle" | "busy" | "waiting";
  waitingFor?: string;
  statusAt: number;
  /** Last record of the transcript's chain. */
  leaf: string | null;
  prompts: number;
  box: { text: string; cursor: number };
  hasSwallowedEnter: boolean;
  /** The key that ends the program when it is pressed again. */
  armed?: "C-c" | "C-d";
  turn?: Turn;
  queue: { promptId: string; text: string }[];
  /** What the screen shows above the input box, newest last. */
  log: string[];
}

/** When this agent goes on by itself; undefined while it waits for somebody. */
export function dueAt(state: FakeState): number | undefined {
  if (state.process.kind !== "running" || !state.turn || state.turn.dialog) return undefined;
  return state.turn.dueAt;
}
