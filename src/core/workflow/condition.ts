import { type Reference, toReference } from "./placeholders.ts";

/**
 * The language of `when`: references, texts in quotes, true and false; `==`, `!=`, `contains`; `not`, `and`, `or`, brackets.
 * Nothing is evaluated that is not one of these.
 */
export type Condition =
  | { kind: "reference"; reference: Reference; at: number; source: string }
  | { kind: "text"; text: string; at: number }
  | { kind: "boolean"; value: boolean }
  | { kind: "not"; condition: Condition }
  | { kind: "and" | "or" | "==" | "!=" | "contains"; left: Condition; right: Condition };

/** Why an expression cannot be understood, and at which character of it (from 0). */
export interface ConditionProblem {
  problem: string;
  at: number;
}

/** What a reference stands for when the condition is asked. */
export type Lookup = (reference: Reference) => string;

const TOKEN = /\s*(?:(==|!=|&&|\|\||!|\(|\)|"[^"]*"|'[^']*'|[A-Za-z_][\w.-]*|\d+(?:\.\d+)?)|(\S))/gy;
const SYNONYMS: Readonly<Record<string, string>> = { "&&": "and", "||": "or", "!": "not" };
/** Deeper than anybody writes; a parser without a limit could be brought down by brackets alone. */
const MAX_DEPTH = 32;
const MAX_LENGTH = 1000;

interface Token {
  text: string;
  at: number;
}

export function parseCondition(source: string): Condition | ConditionProblem {
  if (source.length > MAX_LENGTH) return { problem: `write ${MAX_LENGTH} characters or fewer`, at: 0 };
  const tokens = tokenise(source);
  return "problem" in tokens ? tokens : new Parser(tokens.tokens, source.length).parse();
}

export function isConditionProblem(parsed: Condition | ConditionProblem): parsed is ConditionProblem {
  return "problem" in parsed;
}

/** Does it hold? A text alone holds unless it is empty, `false`, `no` or `0`. */
export function holds(condition: Condition, lookup: Lookup): boolean {
  switch (condition.kind) {
    case "not":
      return !holds(condition.condition, lookup);
    case "and":
      return holds(condition.left, lookup) && holds(condition.right, lookup);
    case "or":
      return holds(condition.left, lookup) || holds(condition.right, lookup);
    case "==":
      return textOf(condition.left, lookup) === textOf(condition.right, lookup);
    case "!=":
      return textOf(condition.left, lookup) !== textOf(condition.right, lookup);
    case "contains":
      return textOf(condition.left, lookup).includes(textOf(condition.right, lookup));
    case "boolean":
    case "reference":
    case "text":
      return !["", "false", "no", "0"].includes(textOf(condition, lookup).trim().toLowerCase());
  }
}

/** All parts of a condition, itself included. */
export function* partsOf(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.kind === "not") yield* partsOf(condition.condition);
  if ("left" in condition) {
    yield* partsOf(condition.left);
    yield* partsOf(condition.right);
  }
}

function textOf(condition: Condition, lookup: Lookup): string {
  switch (condition.kind) {
    case "text":
      return condition.text;
    case "reference":
      return lookup(condition.reference);
    default:
      return String(condition.kind === "boolean" ? condition.value : holds(condition, lookup));
  }
}

function tokenise(source: string): { tokens: Token[] } | ConditionProblem {
  const tokens: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const [whole, known, other] = match;
    const text = known ?? other ?? "";
    const at = match.index + whole.length - text.length;
    if (known === undefined) {
      const problem = other === '"' || other === "'" ? "this text has no end" : `${text} is not understood here`;
      return { problem, at };
    }
    tokens.push({ text: SYNONYMS[text] ?? text, at });
  }
  return { tokens };
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  parse(): Condition | ConditionProblem {
    try {
      const condition = this.#or();
      const left = this.#tokens[this.#position];
      return left ? { problem: `${left.text} is too much here`, at: left.at } : condition;
    } catch (error) {
      if (error instanceof NotUnderstood) return { problem: error.message, at: error.at };
      throw error;
    }
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#take("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#take("and")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    const not = this.#take("not");
    if (!not) return this.#comparison();
    return this.#deeper(not, () => ({ kind: "not", condition: this.#not() }));
  }

  #comparison(): Condition {
    const left = this.#operand();
    for (const kind of ["==", "!=", "contains"] as const) {
      if (this.#take(kind)) return { kind, left, right: this.#operand() };
    }
    return left;
  }

  #operand(): Condition {
    const token = this.#tokens[this.#position];
    if (!token) throw new NotUnderstood("something is missing at its end", this.#end);
    this.#position += 1;
    const { text, at } = token;
    if (text === "(") return this.#deeper(token, () => this.#inBrackets(at));
    if (/^["']/.test(text)) return { kind: "text", text: text.slice(1, -1), at };
    if (/^\d/.test(text)) return { kind: "text", text, at };
    if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
    const reference = toReference(text);
    if (reference && reference.kind !== "item") return { kind: "reference", reference, at, source: text };
    if (/^[A-Za-z]/.test(text) && !["and", "or", "contains"].includes(text)) {
      const problem = `${text} is not known: write inputs.NAME, steps.ID.state, steps.ID.result, or a text in quotes`;
      throw new NotUnderstood(problem, at);
    }
    throw new NotUnderstood(`${text} cannot stand here`, at);
  }

  #inBrackets(at: number): Condition {
    const inside = this.#or();
    if (!this.#take(")")) throw new NotUnderstood("this bracket is not closed", at);
    return inside;
  }

  #deeper(token: Token, parse: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new NotUnderstood("this is nested too deeply", token.at);
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  #take(text: string): Token | undefined {
    const token = this.#tokens[this.#position];
    if (token?.text !== text) return undefined;
    this.#position += 1;
    return token;
  }
}

class NotUnderstood extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
