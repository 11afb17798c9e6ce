import type { PlacedYaml, Spot } from "../ports/workflow-source.ts";
import type { WorkflowOrigin } from "./template.ts";

/** What is wrong with a template's file, where (from 1), and what to do about it. */
export interface WorkflowProblem {
  origin: WorkflowOrigin;
  file: string;
  /** What the workflow would be called; the file's own name where it does not tell. */
  name: string;
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

export type YamlPath = readonly (string | number)[];

interface Found extends Spot {
  hint?: string;
}

/** Collects everything that is wrong with one file, each with its place. */
export class Problems {
  readonly #yaml: PlacedYaml;
  readonly #found: { line: number; column: number; message: string; hint: string | null }[] = [];

  constructor(yaml: PlacedYaml) {
    this.#yaml = yaml;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  add(path: YamlPath, message: string, { hint, ...spot }: Found = {}): void {
    const { line, column } = this.#yaml.placeOf(path, spot);
    this.#found.push({ line, column, message, hint: hint ?? null });
  }

  /** In the order of the file. */
  list(file: Pick<WorkflowProblem, "origin" | "file" | "name">): WorkflowProblem[] {
    return this.#found
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map((problem) => ({ ...file, ...problem }));
  }
}
