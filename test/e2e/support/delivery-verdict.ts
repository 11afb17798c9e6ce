import { createHash } from "node:crypto";
import type { MessageView } from "../../../src/core/message.ts";
import type { HostilePrompt } from "../../support/hostile-prompts.ts";
import type { RecordedPrompt } from "./recorded-prompts.ts";

/** What the scripted model answers: so that an answer tells which prompt the model was given. */
export function answerTo(prompt: string): string {
  return `heard ${createHash("sha256").update(prompt).digest("hex")}`;
}

/** A prompt of the list, or one that only a command line can give, such as no text at all. */
export type Prompt = Omit<HostilePrompt, "refused"> & { refused?: string };

/** One prompt that was sent, with what became of it. */
export interface Sent {
  prompt: Prompt;
  startedAt: number;
  message?: MessageView;
  code?: string;
}

const HALF = /\p{Surrogate}/u;

/** What a phrase of `message.normalised` claims, put to the two texts themselves. */
const CLAIMS: Record<string, (sent: string, arrived: string) => boolean> = {
  "carriage returns became line feeds": (sent, arrived) => sent.includes("\r") && !arrived.includes("\r"),
  "terminal escape sequences were removed": (sent, arrived) => /[\x1b\x9b]/.test(sent) && !/[\x1b\x9b]/.test(arrived),
  "control characters were removed": (sent, arrived) =>
    /(?![\t\n\r])\p{Cc}/u.test(sent) && !/(?![\t\n\r])\p{Cc}/u.test(arrived),
  "halves of surrogate pairs became replacement characters": (sent, arrived) =>
    HALF.test(sent) && arrived.includes("\ufffd"),
  "line and paragraph separators became line feeds": (sent, arrived) =>
    /[\u2028\u2029]/.test(sent) && !/[\u2028\u2029]/.test(arrived),
  "invisible characters were removed": (sent, arrived) => [...sent].length > [...arrived].length,
  "pasted_content tags were escaped": (sent, arrived) =>
    sent.includes("<pasted_content") && !arrived.includes("<pasted_content"),
  "tabs became four spaces": (sent, arrived) => sent.includes("\t") && !arrived.includes("\t"),
  "leading empty lines were removed": (sent, arrived) => /^\s*\n/.test(sent) && !/^\s*\n/.test(arrived),
  "trailing blanks were removed": (sent, arrived) => /\s$/.test(sent) && !/\s$/.test(arrived),
  "decomposed letters were composed (NFC)": (sent, arrived) =>
    sent.normalize("NFC") !== sent && arrived.normalize("NFC") === arrived,
};

export interface Row {
  name: string;
  outcome: "exact" | "normalised" | "refused" | "altered" | "lost" | "doubled";
  complaints: string[];
  via: string;
  /** From the call to the record in the transcript, and to the request at the model. */
  recordedMs?: number;
  requestedMs?: number;
}

/** Holds what became of a prompt against the list's expectation, the transcript and the model's requests. */
export function judge(
  { prompt, startedAt, message, code }: Sent,
  transcript: readonly RecordedPrompt[],
  requests: readonly { prompt: string; receivedAt: number }[],
): Row {
  const complaints: string[] = [];
  const check = (holds: boolean, complaint: string) => {
    if (!holds) complaints.push(complaint);
  };
  const { name, text } = prompt;
  if (message === undefined) {
    check(code === prompt.refused, `expected ${prompt.refused ?? "a delivery"}, got ${code}`);
    return { name, outcome: code === prompt.refused ? "refused" : "lost", complaints, via: "-" };
  }
  check(prompt.refused === undefined, `expected ${prompt.refused}, but it was delivered`);
  const expected = prompt.expected ?? text;
  const records = transcript.filter(({ promptId }) => promptId === message.promptId);
  const [record] = records;
  const arrived = record?.text;
  check(records.length === 1, `the transcript holds it ${records.length} times`);
  check(arrived === expected, `arrived as ${JSON.stringify(arrived)?.slice(0, 200)}`);
  check(message.state === "answered", `is ${message.state}`);

  const request = requests[transcript.findIndex(({ promptId }) => promptId === message.promptId)];
  // The scripted model takes this one for a reminder of Claude Code's, as the real one may.
  if (!expected.startsWith("<system-reminder>")) {
    check(request?.prompt === expected, `the model heard ${JSON.stringify(request?.prompt)?.slice(0, 200)}`);
    check(message.answer?.text === answerTo(expected), `was answered ${message.answer?.text}`);
  }

  // What is no Unicode text cannot be kept; all else is shown as it was sent.
  check(message.text === text.replace(HALF, "\ufffd"), "the message does not hold its text");
  check((message.sentText ?? message.text) === arrived, `sentText says ${message.sentText?.slice(0, 200)}`);
  const isChanged = arrived !== text;
  check(isChanged === message.normalised.length > 0, `changed: ${isChanged}, told: ${message.normalised}`);
  check(!prompt.isExact || !isChanged, "was to arrive exactly");
  for (const phrase of message.normalised) {
    check(CLAIMS[phrase]?.(text, arrived ?? "") === true, `it is not true that ${phrase}`);
  }

  const outcome =
    records.length === 0
      ? "lost"
      : records.length > 1
        ? "doubled"
        : arrived === text
          ? "exact"
          : arrived === expected
            ? "normalised"
            : "altered";
  return {
    name,
    outcome,
    complaints,
    via: message.via ?? "-",
    ...(record ? { recordedMs: record.at - startedAt } : {}),
    ...(request ? { requestedMs: request.receivedAt - startedAt } : {}),
  };
}

export function summary(version: string, rows: readonly Row[]): string {
  const outcomes = ["exact", "normalised", "refused", "altered", "lost", "doubled"] as const;
  const counts = outcomes.map((outcome) => `${rows.filter((row) => row.outcome === outcome).length} ${outcome}`);
  const routes = [...new Set(rows.map(({ via }) => via))].filter((via) => via !== "-").sort();
  const costs = routes.map((via) => {
    const ofRoute = rows.filter((row) => row.via === via);
    const recorded = median(ofRoute.flatMap(({ recordedMs }) => recordedMs ?? []));
    const requested = median(ofRoute.flatMap(({ requestedMs }) => requestedMs ?? []));
    return `${via}: ${ofRoute.length}, send → recorded ${recorded} ms, send → model ${requested} ms (medians)`;
  });
  return `\nClaude Code ${version}: ${rows.length} prompts: ${counts.join(", ")}\n  ${costs.join("\n  ")}\n`;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
