import type { ProcessRunner } from "../core/ports/process-runner.ts";

/** Deeper than any shell in a shell in an editor; a bound against pids that are reused while we climb. */
const MAX_ANCESTORS = 64;

/** The ancestors of a process, nearest first, without the first process of all. */
export function ancestors(processes: Pick<ProcessRunner, "parentOf">, pid: number): number[] {
  const found: number[] = [];
  let parent = processes.parentOf(pid);
  while (parent !== undefined && parent > 1 && found.length < MAX_ANCESTORS) {
    found.push(parent);
    parent = processes.parentOf(parent);
  }
  return found;
}
