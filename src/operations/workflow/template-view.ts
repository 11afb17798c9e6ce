import type { WorkflowTemplate, WorkflowView } from "../../core/workflow/template.ts";

/** A template as surfaces show it: texts as they stand in its file. */
export function toWorkflowView({ steps, ...template }: WorkflowTemplate): WorkflowView {
  return {
    ...template,
    steps: steps.map((step) => ({
      ...step,
      title: step.title.source,
      prompt: step.prompt.source,
      check: step.check?.map(({ source }) => source) ?? null,
      when: step.when?.text ?? null,
    })),
  };
}
