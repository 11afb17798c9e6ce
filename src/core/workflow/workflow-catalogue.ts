import { AppError } from "../errors.ts";
import { nearNames } from "../near-names.ts";
import type { WorkflowFile } from "../ports/workflow-source.ts";
import { roleKey } from "../role.ts";
import type { KnownRoles } from "./check-template.ts";
import type { WorkflowProblem } from "./problems.ts";
import { readWorkflow } from "./read-template.ts";
import { WORKFLOW_ORIGINS, type WorkflowOrigin, type WorkflowTemplate } from "./template.ts";

/** All templates that can be had in one place, each name once, and what is wrong with the files that cannot be used. */
export interface WorkflowCatalogue {
  templates: WorkflowTemplate[];
  problems: WorkflowProblem[];
}

/** Of each name the first one, in the order of WORKFLOW_ORIGINS; names are compared as those of roles are. */
export function collectWorkflows(
  places: readonly { origin: WorkflowOrigin; files: readonly WorkflowFile[] }[],
  roles: KnownRoles,
): WorkflowCatalogue {
  const templates = new Map<string, WorkflowTemplate>();
  const problems: WorkflowProblem[] = [];
  for (const { origin, files } of places.toSorted((a, b) => rank(a.origin) - rank(b.origin))) {
    for (const file of files) {
      const read = readWorkflow(file, origin, roles);
      problems.push(...read.problems);
      if (!read.template) continue;
      const key = roleKey(read.template.name);
      const earlier = templates.get(key);
      if (!earlier) templates.set(key, read.template);
      else if (earlier.origin === origin) problems.push(secondOf(read.template, earlier));
    }
  }
  return { templates: [...templates.values()], problems };
}

/**
 * The template of this name or alias. A file that should have been it and cannot be used is never passed over for another
 * one further down.
 * @throws WORKFLOW_FILE_INVALID with every problem in its details, WORKFLOW_NOT_FOUND with near names
 */
export function findWorkflow({ templates, problems }: WorkflowCatalogue, name: string): WorkflowTemplate {
  const key = roleKey(name);
  const found =
    templates.find((template) => roleKey(template.name) === key) ??
    templates.find(({ aliases }) => aliases.some((alias) => roleKey(alias) === key));
  const keys = [key, ...(found ? [roleKey(found.name)] : [])];
  const broken = problems.filter((problem) => keys.includes(roleKey(problem.name)) || keys.includes(fileKey(problem)));
  const [first] = broken;
  if (first && (!found || rank(first.origin) < rank(found.origin))) throw invalid(first.file, broken);
  if (found) return found;
  const near = nearNames(
    name,
    templates.flatMap((template) => [template.name, ...template.aliases]),
  );
  throw new AppError("WORKFLOW_NOT_FOUND", `There is no workflow ${JSON.stringify(name)}`, {
    ...(near.length > 0
      ? { hint: `Did you mean ${near.join(" or ")}? claude-orch workflow list shows them all.` }
      : {}),
    details: { workflow: name, near },
  });
}

/** One problem a line, as compilers write them. */
export function describeProblem({ file, line, column, message, hint }: WorkflowProblem): string {
  return `${file}:${line}:${column}: ${message}${hint === null ? "" : `. ${hint}`}`;
}

function invalid(file: string, problems: readonly WorkflowProblem[]): AppError {
  const own = problems.filter((problem) => problem.file === file);
  return new AppError("WORKFLOW_FILE_INVALID", own.map(describeProblem).join("\n"), {
    details: { file, problems: own.map(({ line, column, message, hint }) => ({ line, column, message, hint })) },
  });
}

function fileKey({ file }: WorkflowProblem): string {
  return roleKey((file.split(/[\\/]/).at(-1) ?? "").replace(/\.ya?ml$/i, ""));
}

function secondOf({ name, file, origin }: WorkflowTemplate, earlier: WorkflowTemplate): WorkflowProblem {
  const message = `${earlier.file} has the name ${name}, too, and is used`;
  return { origin, file, name, line: 1, column: 1, message, hint: "Give it another name." };
}

function rank(origin: WorkflowOrigin): number {
  return WORKFLOW_ORIGINS.indexOf(origin);
}
