import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import type { FakeStep } from "./directives.ts";
import type { LaunchRecord } from "./launch-record.ts";
import type { ToolUse } from "./tool.ts";

/** Above every kernel's pid_max (2^22 on Linux, 99999 on macOS): a fake pid is never a real process. */
export const FAKE_PID_BASE = 2 ** 31;

/** A question or permission that replaces the input box. */
export interface Dialog {
  kind: "permission" | "question" | "plan";
  tool: string;
  input: Record<string, unknown>;
  toolUseId: string;
  /** What is asked on the page that is shown. */
  question: string;
  /** What the mark can stand on, from top to bottom. */
  items: DialogItem[];
  /** Index of the item that the mark stands on. */
  selected: number;
  /** Of questions: which one is shown; behind the last one, where there is a review, the review. */
  page: number;
  /** Of questions, by their text: the labels that are chosen, and the text of one's own. */
  answers: Record<string, { labels: string[]; own?: string }>;
}

export type DialogItem =
  | { kind: "option"; label: string }
  /** A field for a text of one's own. */
  | { kind: "own" }
  /** Leads on to the next page. */
  | { kind: "next"; label: string }
  | { kind: "chat" };

/** What Claude Code shows before it is ready. */
export interface Start {
  /** Epoch ms when it is ready, or asks. */
  dueAt: number;
  /** It asks whether the folder is trusted; `selected` is the option under the mark. */
  trust?: { isShown: boolean; selected: number };
}

/** A shell command that runs while the agent's turn is over. */
export interface BackgroundTask {
  id: string;
  toolUseId: string;
  command: string;
  endsAt: number;
}

/** A prompt in Claude Code's own queue, or the notice of background work that ended. */
export interface Queued {
  promptId: string;
  text: string;
  isNotification: boolean;
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
  /** The tool that runs now; Escape cuts it off. */
  running?: ToolUse;
  /** The subagent that works for this turn. */
  subagent?: { agent_id: string; agent_type: string };
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
  status: "idle" | "busy" | "waiting" | "shell";
  waitingFor?: string;
  statusAt: number;
  /** Last record of the transcript's chain. */
  leaf: string | null;
  prompts: number;
  /** Until the program is ready for input. */
  start?: Start;
  box: { text: string; cursor: number };
  /** A draft that Ctrl-S put aside; it comes back with the next prompt. */
  stash?: string;
  hasSwallowedEnter: boolean;
  /** The key that ends the program when it is pressed again. */
  armed?: "C-c" | "C-d";
  turn?: Turn;
  queue: Queued[];
  background: BackgroundTask[];
  /** Title of the panel that is open, as of `/cost`. */
  panel?: string;
  /** What the screen shows above the input box, newest last. */
  log: string[];
}

/** When this agent goes on by itself; undefined while it waits for somebody. */
export function dueAt(state: FakeState): number | undefined {
  if (state.process.kind !== "running") return undefined;
  if (state.start) return state.start.trust?.isShown ? undefined : state.start.dueAt;
  const turn = state.turn && !state.turn.dialog ? [state.turn.dueAt] : [];
  const dues = [...turn, ...state.background.map(({ endsAt }) => endsAt)];
  return dues.length === 0 ? undefined : Math.min(...dues);
}
