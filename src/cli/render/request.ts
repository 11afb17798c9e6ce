import type { RequestView } from "../../core/request.ts";
import type { Output } from "../output.ts";
import { firstLines, wrapLines } from "./wrap.ts";

const MAX_LINES = 24;

/** What is asked, as a person decides by it: command, change, questions, plan or dialog. Lines fit `columns`. */
export function requestLines(request: RequestView, columns: number, output: Output): string[] {
  return [...askedLines(request, columns, output), ...rememberLines(request, columns, output)];
}

function askedLines(request: RequestView, columns: number, output: Output): string[] {
  const text = (value: string, max = MAX_LINES) => firstLines(wrapLines(value, columns), max);
  if (request.questions?.length) return questionLines(request, columns, output);
  if (request.plan !== undefined) return text(request.plan);
  if (request.diff !== undefined) return [...text(request.summary), ...diffLines(request.diff, columns, output)];
  if (request.screen?.length) return [...text(request.screen.join("\n")), ...optionLines(request, columns)];
  const body = request.kind === "permission" ? inputLines(request, columns, output) : text(request.summary);
  return [...body, ...optionLines(request, columns)];
}

/** It may be more than what is asked: a whole folder, or another permission mode. */
function rememberLines({ remembers }: RequestView, columns: number, { paint }: Output): string[] {
  if (remembers === undefined) return [];
  return wrapLines(`--remember: ${remembers}`, columns).map((line) => paint.dim(line));
}

function diffLines(diff: string, columns: number, { paint }: Output): string[] {
  return firstLines(wrapLines(diff, columns), MAX_LINES).map((line) => {
    if (line.startsWith("+")) return paint.green(line);
    if (line.startsWith("-")) return paint.red(line);
    return line.startsWith("@@") ? paint.cyan(line) : line;
  });
}

function questionLines(request: RequestView, columns: number, { paint }: Output): string[] {
  const questions = request.questions ?? [];
  return questions.flatMap(({ question, multiSelect, options }, index) => {
    const number = questions.length > 1 ? `${index + 1}: ` : "";
    const hint = multiSelect ? " (several may be chosen)" : "";
    const choices = options.flatMap(({ label, description }, option) => [
      ...indented(`${option + 1}. ${label}`, columns),
      ...(description ? indented(description, columns, "     ").map((line) => paint.dim(line)) : []),
    ]);
    return [...wrapLines(`${number}${question}${hint}`, columns).map((line) => paint.bold(line)), ...choices];
  });
}

function optionLines({ options = [] }: RequestView, columns: number): string[] {
  return options.flatMap((label, index) => indented(`${index + 1}. ${label}`, columns));
}

/** A command stands as it is; the input of other tools field by field. */
function inputLines({ tool, input, summary }: RequestView, columns: number, { paint }: Output): string[] {
  if (typeof input !== "object" || input === null) return firstLines(wrapLines(summary, columns), MAX_LINES);
  const { command, description, ...rest } = input as Record<string, unknown>;
  if (typeof command !== "string") {
    const fields = Object.entries(input).map(([name, value]) => `${name}: ${scalar(value)}`);
    return firstLines(wrapLines([tool ?? "", ...fields].join("\n"), columns), MAX_LINES);
  }
  const others = Object.entries(rest).map(([name, value]) => `${name}: ${scalar(value)}`);
  return [
    ...firstLines(wrapLines(command, columns - 2), MAX_LINES).map(
      (line, index) => `${index === 0 ? "$ " : "  "}${line}`,
    ),
    ...[...(typeof description === "string" ? [description] : []), ...others]
      .flatMap((line) => wrapLines(line, columns))
      .map((line) => paint.dim(line)),
  ];
}

function scalar(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function indented(text: string, columns: number, indent = "  "): string[] {
  return wrapLines(text, columns - indent.length).map((line) => `${indent}${line}`);
}
