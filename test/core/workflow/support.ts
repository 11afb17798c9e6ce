import type { WorkflowFile } from "../../../src/core/ports/workflow-source.ts";
import { readWorkflow } from "../../../src/core/workflow/read-template.ts";
import type { WorkflowTemplate } from "../../../src/core/workflow/template.ts";
import { describeProblem } from "../../../src/core/workflow/workflow-catalogue.ts";
import { readPlacedYaml } from "../../../src/platform/placed-yaml.ts";

export const ROLES = ["general", "reviewer", "tester", "implementer"];

export function workflowFile(text: string, path = "/w/some.yaml"): WorkflowFile {
  return { path, ...readPlacedYaml(text) };
}

export function readText(text: string) {
  return readWorkflow(workflowFile(text), "project", { has: (name) => ROLES.includes(name), names: ROLES });
}

/** A template that must be sound. */
export function template(text: string): WorkflowTemplate {
  const { template: read, problems } = readText(text);
  if (!read) throw new Error(problems.map(describeProblem).join("\n"));
  return read;
}

/** What is wrong with it, each as `line:column message`. */
export function complaints(text: string): string[] {
  return readText(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}
