import type { Operation } from "./operation.ts";

/** `waitTimeout` → `wait-timeout`: the flag of a field. */
export function flagName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** How the command line calls a field: `AGENT` where it is positional, `--wait-timeout` where it is a flag. */
export function commandLineName(operation: Pick<Operation, "cli">, field: string): string {
  const isPositional = operation.cli?.args?.includes(field) === true;
  return isPositional ? flagName(field).replaceAll("-", "_").toUpperCase() : `--${flagName(field)}`;
}

/** "AGENT is missing", "--timeout: write a duration such as 90s": a problem that is no predicate stands behind a colon. */
export function sayProblem(name: string, problem: string): string {
  if (name === "") return problem;
  return /^(?:is|must) /.test(problem) ? `${name} ${problem}` : `${name}: ${problem}`;
}
