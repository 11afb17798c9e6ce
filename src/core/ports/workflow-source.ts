/** What is looked for in a file: a key, its value, or a passage of the value. */
export interface Spot {
  /** The key itself instead of its value. */
  isKey?: boolean;
  /** A passage inside the value, and which of several equal ones it is (from 0). */
  passage?: string;
  occurrence?: number;
}

export interface Place {
  /** Both from 1. */
  line: number;
  column: number;
}

/** A parsed YAML document that still knows where everything stands. */
export interface PlacedYaml {
  value: unknown;
  /** Where this stands in the file; the nearest thing above it when it is not there. */
  placeOf(path: readonly (string | number)[], spot?: Spot): Place;
}

/** A file that may be a workflow template. */
export interface WorkflowFile {
  /** Absolute. */
  path: string;
  /** Null where `problems` say why it cannot be read. */
  yaml: PlacedYaml | null;
  problems: readonly (Place & { message: string })[];
}

export interface WorkflowSource {
  /** Folder of the templates that come with us (absolute). */
  readonly builtIn: string;
  /** The `.yaml` and `.yml` files of a folder, by path; none where there is no such folder. Never throws. */
  read(folder: string): Promise<WorkflowFile[]>;
}
