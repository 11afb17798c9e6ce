import { commandWords } from "../command-words.ts";
import { parseDuration } from "../duration.ts";
import type { WorkflowFile } from "../ports/workflow-source.ts";
import { roleKey } from "../role.ts";
import { ON_FAILURE, TASK_CONVERSATIONS } from "../task.ts";
import { checkTemplate, type KnownRoles } from "./check-template.ts";
import { isConditionProblem, parseCondition } from "./condition.ts";
import { Fields } from "./fields.ts";
import { type PromptTemplate, parsePlaceholders } from "./placeholders.ts";
import { Problems, type WorkflowProblem } from "./problems.ts";
import {
  INPUT_TYPES,
  type WorkflowInput,
  type WorkflowOrigin,
  type WorkflowStep,
  type WorkflowTemplate,
} from "./template.ts";

/** What a file holds: a template, or at least one problem. */
export type WorkflowReading =
  | { template: WorkflowTemplate; problems: readonly [] }
  | { template: undefined; problems: WorkflowProblem[] };

const TEMPLATE_KEYS = ["name", "aliases", "title", "description", "inputs", "steps"];
const INPUT_KEYS = ["name", "description", "type", "required", "default"];
const STEP_KEYS = [
  ...["id", "title", "role", "prompt", "needs", "check", "parallel", "when", "retries", "timeout", "worktree"],
  ...["conversation", "onFailure"],
];
/** Also part of references, which have no quotes. */
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** More tries than that are not persistence. */
const MAX_RETRIES = 10;
export const MAX_STEPS = 100;

/** Reads a template and checks all of it: every mistake is told, not only the first one. Never throws. */
export function readWorkflow(file: WorkflowFile, origin: WorkflowOrigin, roles: KnownRoles): WorkflowReading {
  const fileName = (file.path.split(/[\\/]/).at(-1) ?? "").replace(/\.ya?ml$/i, "");
  const place = { origin, file: file.path, name: fileName };
  if (!file.yaml) {
    const problems = file.problems.map((problem) => ({ ...place, ...problem, hint: null }));
    return { template: undefined, problems };
  }
  const problems = new Problems(file.yaml);
  const fields = Fields.of(file.yaml.value, { path: [], keys: TEMPLATE_KEYS, what: "a workflow", problems });
  const template = fields && readTemplate(fields, problems, { origin, file: file.path, fileName });
  if (template) checkTemplate(template, roles, problems);
  if (template && problems.isEmpty) return { template, problems: [] };
  return { template: undefined, problems: problems.list({ ...place, name: template?.name ?? fileName }) };
}

function readTemplate(
  fields: Fields,
  problems: Problems,
  { origin, file, fileName }: { origin: WorkflowOrigin; file: string; fileName: string },
): WorkflowTemplate {
  const name = fields.oneLine("name") ?? fileName;
  if (roleKey(name) === "") fields.problem("name", "the name holds no letter");
  if (name.length > 100) fields.problem("name", "the name is longer than 100 characters");
  const inputs = (fields.list("inputs") ?? []).flatMap(({ value, path }) => {
    const input = Fields.of(value, { path, keys: INPUT_KEYS, what: "an input", problems });
    return input ? (readInput(input) ?? []) : [];
  });
  const steps = (fields.list("steps") ?? []).map(({ value, path }, index) => {
    const step = Fields.of(value, { path, keys: STEP_KEYS, what: "a step", problems });
    return step ? readStep(step, problems) : unreadableStep(index);
  });
  const isEmpty = steps.length === 0 && !Array.isArray(fields.raw("steps"));
  if (!fields.has("steps")) problems.add([], "a workflow has steps", { hint: "Write steps: and below it - id: …" });
  else if (steps.length === 0 && !isEmpty) fields.problem("steps", "a workflow has at least one step");
  else if (steps.length > MAX_STEPS) fields.problem("steps", `a workflow has at most ${MAX_STEPS} steps`);
  return {
    name,
    aliases: (fields.texts("aliases", { mayBeOne: true }) ?? []).map((alias) => alias.trim()),
    title: fields.oneLine("title") ?? name,
    description: (fields.text("description") ?? "").replace(/\s+/g, " ").trim(),
    inputs,
    steps,
    origin,
    file,
  };
}

function readInput(fields: Fields): WorkflowInput | undefined {
  const name = identifier(fields, "name", "an input");
  const type = fields.oneOf("type", INPUT_TYPES) ?? (Array.isArray(fields.raw("default")) ? "list" : "text");
  const standard = type === "list" ? fields.texts("default", { mayBeOne: true }) : fields.text("default");
  const required = fields.boolean("required");
  if (required === true && standard !== undefined) {
    fields.problem("required", "an input with a default is not required", { hint: "Leave one of the two out." });
  }
  if (name === undefined) return undefined;
  return {
    name,
    description: (fields.text("description") ?? "").replace(/\s+/g, " ").trim(),
    type,
    required: required ?? standard === undefined,
    default: standard ?? null,
  };
}

function readStep(fields: Fields, problems: Problems): WorkflowStep {
  const id = identifier(fields, "id", "a step") ?? "";
  const prompt = fields.text("prompt");
  if (prompt === undefined && !fields.has("prompt")) problems.add(fields.path, "a step has a prompt");
  if (prompt?.trim() === "") fields.problem("prompt", "the prompt is empty");
  const timeout = fields.oneLine("timeout");
  if (timeout !== undefined && !parseDuration(timeout)) {
    fields.problem("timeout", `${JSON.stringify(timeout)} is no duration`, { hint: "Write 90s, 10m or 1h30m." });
  }
  const worktree = fields.boolean("worktree") ?? false;
  const conversation = fields.oneOf("conversation", TASK_CONVERSATIONS) ?? null;
  if (worktree && conversation === "kept") {
    fields.problem("conversation", "an agent that keeps its conversation stays in its folder: there is no worktree", {
      hint: "Leave one of the two out.",
    });
  }
  return {
    id,
    title: parsePlaceholders(fields.oneLine("title") ?? id),
    role: fields.oneLine("role") ?? null,
    prompt: parsePlaceholders((prompt ?? "").trimEnd()),
    needs: fields.texts("needs", { mayBeOne: true }) ?? [],
    check: readCheck(fields),
    parallel: readParallel(fields),
    when: readWhen(fields, problems),
    retries: fields.whole("retries", { max: MAX_RETRIES }) ?? 0,
    timeout: timeout ?? null,
    worktree,
    conversation,
    onFailure: fields.oneOf("onFailure", ON_FAILURE) ?? "none",
  };
}

/** Keeps its place in the list, so that later steps are found at their own index. */
function unreadableStep(index: number): WorkflowStep {
  const nothing = parsePlaceholders("");
  return {
    ...{ id: `#${index}`, title: nothing, role: null, prompt: nothing, needs: [], check: null, parallel: null },
    ...{ when: null, retries: 0, timeout: null, worktree: false, conversation: null },
    onFailure: "none",
  };
}

function identifier(fields: Fields, key: string, what: string): string | undefined {
  const text = fields.oneLine(key);
  if (text !== undefined && IDENTIFIER.test(text)) return text;
  const hint = "Use letters, digits, - and _, starting with a letter.";
  if (text !== undefined)
    return fields.problem(key, `${JSON.stringify(text)} cannot be the ${key} of ${what}`, { hint });
  return fields.has(key)
    ? undefined
    : fields.problem(key, `${what} has ${key === "id" ? "an id" : "a name"}`, { hint });
}

function readCheck(fields: Fields): PromptTemplate[] | null {
  const value = fields.raw("check");
  if (Array.isArray(value)) {
    const words = fields.texts("check") ?? [];
    if (words.length === 0) fields.problem("check", "the check names no program");
    return words.map(parsePlaceholders);
  }
  const line = fields.text("check");
  if (line === undefined) return null;
  const words = commandWords(withoutBlanksInPlaceholders(line));
  if (words === undefined) fields.problem("check", "a quote of the check is not closed");
  else if (words.length === 0) fields.problem("check", "the check names no program");
  return (words ?? []).map(parsePlaceholders);
}

/** `{{ inputs.check }}` is one word of a command line. */
function withoutBlanksInPlaceholders(line: string): string {
  return line.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, "{{$1}}");
}

function readParallel(fields: Fields): WorkflowStep["parallel"] {
  const value = fields.raw("parallel");
  if (value === undefined) return null;
  if (Array.isArray(value)) return { items: fields.texts("parallel") ?? [] };
  const [, input] =
    (typeof value === "string" && /^(?:\{\{\s*)?inputs\.([\w-]+)(?:\s*\}\})?$/.exec(value.trim())) || [];
  if (input !== undefined) return { input };
  const hint = 'Write parallel: inputs.NAME, or parallel: ["one", "two"]; results of steps cannot be fanned out.';
  fields.problem("parallel", "parallel is a list of texts, or a list input", { hint });
  return null;
}

function readWhen(fields: Fields, problems: Problems): WorkflowStep["when"] {
  const text = fields.text("when");
  if (text === undefined) return null;
  const parsed = parseCondition(text);
  if (!isConditionProblem(parsed)) return { text: text.trim(), condition: parsed };
  const passage = text.slice(parsed.at).split("\n")[0] ?? "";
  problems.add(fields.at("when"), `when: ${parsed.problem}`, {
    ...(passage.trim() === "" ? {} : { passage }),
    hint: 'For example: steps.test.state == "failed" and inputs.mode != "quick"',
  });
  return null;
}
