import type { InputValues } from "./inputs.ts";
import { escapePlaceholders, type PromptTemplate, parsePlaceholders, type Reference } from "./placeholders.ts";

/** What the steps before have come to. */
export interface StepOutcome {
  state: string;
  /** Null where it has none: it failed, or was cancelled or skipped. */
  result: string | null;
}

interface Filling {
  inputs: InputValues;
  /** Of a step with `parallel`. */
  item?: string;
  results: Readonly<Record<string, StepOutcome>>;
}

/**
 * The text that an agent is given: each placeholder becomes what it stands for, in one pass, so that nothing that a person
 * or an agent wrote is taken for a placeholder. What is not known stays as it is.
 */
export function fillPrompt(template: string, { inputs, item, results }: Filling): string {
  return fill(parsePlaceholders(template), (reference) => {
    switch (reference.kind) {
      case "input":
      case "item":
        return inputText(reference, inputs, item);
      case "result": {
        const outcome = own(results, reference.step);
        return outcome && (outcome.result ?? `(no result: ${outcome.state})`);
      }
      case "state":
        return own(results, reference.step)?.state;
    }
  });
}

/**
 * Fills what is known from the beginning, inputs and the item; results stay placeholders until the task starts. What is
 * filled in is written so that the later filling leaves it alone.
 */
export function fillInputs(template: PromptTemplate, inputs: InputValues, item?: string): string {
  return template.parts
    .map((part) => {
      if (part.kind === "text") return escapePlaceholders(part.text);
      const value = part.kind === "reference" ? inputText(part.reference, inputs, item) : undefined;
      return value === undefined ? part.source : escapePlaceholders(value);
    })
    .join("");
}

/** Texts that know only inputs: titles, and the words of a check. */
export function fillPlain(template: PromptTemplate, inputs: InputValues, item?: string): string {
  return fill(template, (reference) => inputText(reference, inputs, item));
}

export function inputText(reference: Reference, inputs: InputValues, item: string | undefined): string | undefined {
  if (reference.kind === "item") return item;
  if (reference.kind !== "input") return undefined;
  const value = own(inputs, reference.name);
  return typeof value === "string" ? value : value?.join(", ");
}

function fill({ parts }: PromptTemplate, textFor: (reference: Reference) => string | undefined): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      return (part.kind === "reference" ? textFor(part.reference) : undefined) ?? part.source;
    })
    .join("");
}

/** Names come from people: `constructor` is one, too. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
