import type { InboxItem } from "../../operations/attention/inbox-item.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { requestLines } from "./request.ts";
import { firstLines, wrapLines } from "./wrap.ts";

interface Inbox {
  items: InboxItem[];
}

const INDENT = "  ";
const MAX_TEXT_LINES = 6;
/** Unfolded where nobody looks: a pipe has no width. */
const PIPE_COLUMNS = 10_000;

/** One block per item: who, what, and the command lines that deal with it. */
export function formatInbox({ items }: Inbox, output: Output): string {
  if (items.length === 0) return "Nothing waits for you.";
  const columns = output.isTerminal ? output.columns : PIPE_COLUMNS;
  return items.map((item) => formatItem(item, columns, output)).join("\n\n");
}

export function renderInbox(inbox: Inbox, output: Output): void {
  output.data(formatInbox(inbox, output));
}

/** Whom it is about: the task or the team where there is one, else the agent. */
export function inboxName({ session, agent, task, coordination }: InboxItem): string {
  const name = task ? `TASK_${task.number}` : coordination ? `team (${coordination.mode})` : agent?.name;
  return `${session.name}/${name ?? ""}`;
}

function formatItem(item: InboxItem, columns: number, output: Output): string {
  const { paint } = output;
  const name = printable(inboxName(item));
  const heading = `${paint.bold(name)}  ${paintKind(item, output)}  ${paint.dim(`since ${localTime(item.since)}`)}`;
  const body = bodyLines(item, columns - INDENT.length, output).map((line) => `${INDENT}${line}`);
  const commands = item.respond.map((line) => `${INDENT}${paint.cyan(printable(line))}`);
  return [heading, ...body, ...commands].join("\n");
}

function bodyLines(item: InboxItem, columns: number, output: Output): string[] {
  const { request, message, error, task, coordination } = item;
  if (request) return requestLines(request, columns, output);
  const text = (value: string) => firstLines(wrapLines(value, columns), MAX_TEXT_LINES);
  if (message) {
    const prompt = firstLines(wrapLines(`❯ ${message.text}`, columns), 2).map((line) => output.paint.dim(line));
    return [...prompt, ...text(message.answer?.text || item.summary)];
  }
  if (task) {
    const title = firstLines(wrapLines(`❯ ${task.title}`, columns), 1).map((line) => output.paint.dim(line));
    return [...title, ...text(task.result ?? item.summary)];
  }
  if (coordination) {
    const asked = firstLines(wrapLines(`❯ ${coordination.text}`, columns), 1).map((line) => output.paint.dim(line));
    return [...asked, ...text(item.summary)];
  }
  const until = error?.retryAt === undefined ? [] : [`until ${localTime(error.retryAt)}`];
  return [...text(item.summary), ...until];
}

function paintKind({ kind, message }: InboxItem, { paint }: Output): string {
  switch (kind) {
    case "permission":
    case "question":
    case "plan":
    case "dialog":
    case "input":
      return paint.yellow(kind);
    case "error":
    case "lost":
    case "failed":
    case "undelivered":
      return paint.red(kind);
    case "limit":
      return paint.magenta(kind);
    case "finished":
      return message?.answer?.isError ? paint.red("failed") : paint.green(kind);
  }
}

/** Local time, as the person's own clock shows it. */
