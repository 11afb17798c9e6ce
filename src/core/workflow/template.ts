import * as z from "zod";
import { ON_FAILURE, type OnFailure, TASK_CONVERSATIONS, type TaskConversation } from "../task.ts";
import type { Condition } from "./condition.ts";
import type { PromptTemplate } from "./placeholders.ts";

/** Where templates are looked for; the first place that has one of a name wins. */
export const WORKFLOW_ORIGINS = [
  "project", // <root>/.claude-orch/workflows
  "user", // <our home>/workflows
  "built-in",
] as const;
export type WorkflowOrigin = (typeof WORKFLOW_ORIGINS)[number];

export const INPUT_TYPES = ["text", "list"] as const;

/** What a run is given for an input: a text, or the items of a list. */
export const inputValueView = z.union([z.string(), z.array(z.string())]);
export type InputValue = z.infer<typeof inputValueView>;

export const workflowInputView = z.object({
  name: z.string(),
  description: z.string(),
  type: z.enum(INPUT_TYPES),
  required: z.boolean(),
  default: inputValueView.nullable(),
});
export type WorkflowInput = z.infer<typeof workflowInputView>;

export const workflowStepView = z.object({
  id: z.string(),
  title: z.string(),
  role: z.string().nullable().describe("Null: the default role"),
  prompt: z.string(),
  needs: z.array(z.string()).describe("Ids of the steps before it"),
  check: z.array(z.string()).nullable().describe("Program and arguments that must exit with 0"),
  parallel: z
    .union([z.object({ input: z.string() }), z.object({ items: z.array(z.string()) })])
    .nullable()
    .describe("One task for each item of a list input, or of a fixed list"),
  when: z.string().nullable().describe("It is skipped unless this holds"),
  retries: z.number().int(),
  timeout: z.string().nullable().describe("Bound of one try; null: the setting taskTimeout"),
  worktree: z.boolean(),
  conversation: z
    .enum(TASK_CONVERSATIONS)
    .nullable()
    .describe("Whether its agents shall begin a new conversation or go on in their own; null: a new one"),
  onFailure: z.enum(ON_FAILURE),
});
export type WorkflowStepView = z.infer<typeof workflowStepView>;

export const workflowView = z.object({
  name: z.string(),
  aliases: z.array(z.string()),
  title: z.string(),
  description: z.string(),
  inputs: z.array(workflowInputView),
  steps: z.array(workflowStepView),
  origin: z.enum(WORKFLOW_ORIGINS).describe("Which place it was found in"),
  file: z.string().describe("Absolute path of its file"),
});
export type WorkflowView = z.infer<typeof workflowView>;

export interface WorkflowStep {
  id: string;
  title: PromptTemplate;
  role: string | null;
  prompt: PromptTemplate;
  needs: string[];
  /** Program and arguments, each with placeholders of its own; null: the worker's report is enough. */
  check: PromptTemplate[] | null;
  parallel: { input: string } | { items: string[] } | null;
  when: { text: string; condition: Condition } | null;
  retries: number;
  timeout: string | null;
  worktree: boolean;
  conversation: TaskConversation | null;
  onFailure: OnFailure;
}

/** A way of working in steps, as its file says it. */
export interface WorkflowTemplate {
  name: string;
  aliases: string[];
  title: string;
  description: string;
  inputs: WorkflowInput[];
  steps: WorkflowStep[];
  origin: WorkflowOrigin;
  file: string;
}
