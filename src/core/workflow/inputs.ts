import { AppError } from "../errors.ts";
import { nearNames } from "../near-names.ts";
import { MAX_ITEMS } from "./check-template.ts";
import type { InputValue, WorkflowInput, WorkflowTemplate } from "./template.ts";

export type InputValues = Readonly<Record<string, InputValue>>;

/**
 * `NAME=VALUE` texts as values of a template's inputs. A list is given by repeating its name, each time one item, or once
 * with commas or line breaks between its items. Inputs that are not given have their default, else nothing.
 * @throws WORKFLOW_INPUT_INVALID naming everything that is wrong
 */
export function readInputs(template: WorkflowTemplate, given: readonly string[]): Record<string, InputValue> {
  const { inputs } = template;
  const problems: string[] = [];
  const texts = new Map<string, string[]>();
  for (const text of given) {
    const [, name = "", value = ""] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
    if (name === "") problems.push(`${JSON.stringify(text)} is not NAME=VALUE`);
    else if (!inputs.some((input) => input.name === name)) problems.push(unknown(name, inputs));
    else texts.set(name, [...(texts.get(name) ?? []), value]);
  }
  const values: Record<string, InputValue> = {};
  for (const input of inputs) {
    const value = readValue(input, texts.get(input.name));
    if (typeof value === "object" && "problem" in value) problems.push(value.problem);
    else values[input.name] = value;
  }
  if (problems.length === 0) return values;
  throw new AppError("WORKFLOW_INPUT_INVALID", `Workflow ${template.name}: ${problems.join("; ")}`, {
    hint: `It takes: ${inputs.map(usage).join(" ") || "no inputs"}.`,
    details: { workflow: template.name, problems },
  });
}

function readValue(input: WorkflowInput, texts: readonly string[] | undefined): InputValue | { problem: string } {
  const isMissing = texts === undefined || texts.every((text) => text.trim() === "");
  if (isMissing && input.required) {
    return { problem: `${input.name} is missing${input.description ? ` (${input.description})` : ""}` };
  }
  if (texts === undefined) return input.default ?? (input.type === "list" ? [] : "");
  if (input.type === "text") {
    const [text = "", ...more] = texts;
    return more.length === 0 ? text : { problem: `${input.name} is given ${texts.length} times and is no list` };
  }
  const items = (texts.length > 1 ? texts : (texts[0] ?? "").split(/[,\n]/)).map((item) => item.trim());
  const different = [...new Set(items.filter((item) => item !== ""))];
  if (different.length <= MAX_ITEMS) return different;
  return { problem: `${input.name} has ${different.length} items; ${MAX_ITEMS} are the most` };
}

function unknown(name: string, inputs: readonly WorkflowInput[]): string {
  const near = nearNames(
    name,
    inputs.map((input) => input.name),
  );
  return `there is no input ${JSON.stringify(name)}${near.length > 0 ? `, did you mean ${near.join(" or ")}` : ""}`;
}

function usage({ name, required }: WorkflowInput): string {
  const text = `--input ${name}=…`;
  return required ? text : `[${text}]`;
}
