import { commandWords } from "../command-words.ts";
import { parseDuration } from "../duration.ts";
import { AppError } from "../errors.ts";
import type { OnFailure, TaskConversation } from "../task.ts";
import { holds, partsOf } from "./condition.ts";
import { fillInputs, fillPlain, inputText } from "./fill-prompt.ts";
import type { InputValues } from "./inputs.ts";
import type { PromptTemplate } from "./placeholders.ts";
import { needsBeyond, type RunStep, type SkippedStep } from "./run.ts";
import type { WorkflowStep, WorkflowTemplate } from "./template.ts";

/** A task to be made; `key` names it within the plan. */
export interface PlannedTask {
  key: string;
  stepId: string;
  title: string;
  /** The prompt; results of steps are still placeholders. */
  text: string;
  role: string | null;
  /** Keys of the tasks before it. */
  needs: string[];
  check: string[] | null;
  retries: number;
  /** Null: the setting taskTimeout. */
  timeoutMs: number | null;
  worktree: boolean;
  conversation: TaskConversation | null;
  onFailure: OnFailure;
}

export interface RunPlan {
  steps: RunStep[];
  tasks: PlannedTask[];
  /** Steps that no task is made for, and why. */
  skipped: SkippedStep[];
}

/** More than that at once is a mistake rather than a plan. */
const MAX_TASKS = 200;
const MAX_TITLE = 200;

/**
 * The tasks of a run. A step that the inputs alone leave out gets no task; who needs it waits for what it would have
 * waited for, so that the order stays.
 * @throws WORKFLOW_INPUT_INVALID
 */
export function planRun(template: WorkflowTemplate, inputs: InputValues): RunPlan {
  const skipped = template.steps.flatMap((step) => {
    const because = whyLeftOut(step, inputs);
    return because === undefined ? [] : [{ step: step.id, because }];
  });
  const leftOut = new Set(skipped.map(({ step }) => step));
  const made = template.steps.filter(({ id }) => !leftOut.has(id));
  const keys = new Map(made.map((step) => [step.id, keysOf(step, inputs)]));
  const tasks = made.flatMap((step) => {
    const needs = needsBeyond(step, template.steps, leftOut).flatMap((need) => keys.get(need) ?? []);
    return tasksOf(template, step, { inputs, needs });
  });
  if (tasks.length > MAX_TASKS) {
    throw new AppError(
      "WORKFLOW_INPUT_INVALID",
      `This run would have ${tasks.length} tasks; ${MAX_TASKS} are the most`,
      {
        hint: "Give shorter lists.",
        details: { workflow: template.name, tasks: tasks.length },
      },
    );
  }
  return { steps: template.steps.map((step) => toRunStep(step, inputs)), tasks, skipped };
}

/** Conditions about steps are asked when these have ended. */
function whyLeftOut(step: WorkflowStep, inputs: InputValues): string | undefined {
  const items = itemsOf(step, inputs);
  if (items?.length === 0 && step.parallel && "input" in step.parallel)
    return `the input ${step.parallel.input} is empty`;
  if (!step.when) return undefined;
  for (const part of partsOf(step.when.condition)) {
    if (part.kind === "reference" && part.reference.kind !== "input") return undefined;
  }
  const isWanted = holds(step.when.condition, (reference) => inputText(reference, inputs, undefined) ?? "");
  return isWanted ? undefined : notHolding(step.when.text);
}

export function notHolding(condition: string): string {
  return `its condition does not hold: ${condition.replace(/\s+/g, " ")}`;
}

function itemsOf({ parallel }: WorkflowStep, inputs: InputValues): readonly string[] | null {
  if (parallel === null) return null;
  if ("items" in parallel) return parallel.items;
  const value = inputs[parallel.input];
  return Array.isArray(value) ? value : [];
}

function keysOf(step: WorkflowStep, inputs: InputValues): string[] {
  return itemsOf(step, inputs)?.map((_, index) => `${step.id}#${index}`) ?? [step.id];
}

function tasksOf(
  template: WorkflowTemplate,
  step: WorkflowStep,
  { inputs, needs }: { inputs: InputValues; needs: string[] },
): PlannedTask[] {
  const items: readonly (string | undefined)[] = itemsOf(step, inputs) ?? [undefined];
  const keys = keysOf(step, inputs);
  return items.map((item, index) => ({
    key: keys[index] ?? step.id,
    stepId: step.id,
    title: titleOf(step, inputs, item),
    text: fillInputs(step.prompt, inputs, item),
    role: step.role,
    needs: [...needs],
    check: checkOf(template, step, { inputs, item }),
    retries: step.retries,
    timeoutMs: step.timeout === null ? null : (parseDuration(step.timeout) ?? null),
    worktree: step.worktree,
    conversation: step.conversation,
    onFailure: step.onFailure,
  }));
}

function titleOf({ id, title }: WorkflowStep, inputs: InputValues, item: string | undefined): string {
  const namesItem = title.parts.some((part) => part.kind === "reference" && part.reference.kind === "item");
  const filled = fillPlain(title, inputs, item) + (item === undefined || namesItem ? "" : `: ${item}`);
  const line = filled.replace(/[\s\p{Cc}]+/gu, " ").trim();
  if (line === "") return id;
  return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 1)}…`;
}

/** A check that is one placeholder is a whole command line; elsewhere a value stays within its word, whatever it holds. */
function checkOf(
  template: WorkflowTemplate,
  { id, check }: WorkflowStep,
  { inputs, item }: { inputs: InputValues; item: string | undefined },
): string[] | null {
  if (check === null) return null;
  const [only] = check;
  if (check.length > 1 || only === undefined || !isOnePlaceholder(only)) {
    return check.map((word) => fillPlain(word, inputs, item));
  }
  const line = fillPlain(only, inputs, item);
  const words = commandWords(line);
  if (words === undefined) {
    throw new AppError("WORKFLOW_INPUT_INVALID", `The check of step ${id} has a quote that is not closed: ${line}`, {
      details: { workflow: template.name, step: id, check: line },
    });
  }
  return words.length === 0 || words[0] === "" ? null : words;
}

function isOnePlaceholder({ parts }: PromptTemplate): boolean {
  const [part, ...others] = parts;
  return others.length === 0 && part?.kind === "reference";
}

function toRunStep(step: WorkflowStep, inputs: InputValues): RunStep {
  const title = step.title.parts.every((part) => part.kind !== "reference" || part.reference.kind !== "item");
  const items = itemsOf(step, inputs);
  return {
    id: step.id,
    title: title ? titleOf(step, inputs, undefined) : step.id,
    role: step.role,
    needs: [...step.needs],
    when: step.when?.text ?? null,
    items: items === null ? null : [...items],
  };
}
