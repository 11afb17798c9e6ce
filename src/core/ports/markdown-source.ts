/** The YAML between the `---` lines at the start of a Markdown file. */
export interface FrontMatter {
  value: unknown;
  /** Line in the file (from 1) at which this key's value stands; that of the nearest key above it when it is not there. */
  lineOf(path: readonly (string | number)[]): number;
}

/** A Markdown file with front matter, which may be a role or a working protocol. */
export interface MarkdownFile {
  /** Absolute. */
  path: string;
  /** Null where the file has none, or where `problem` says why it cannot be read. */
  matter: FrontMatter | null;
  /** What follows the front matter. */
  body: string;
  problem?: { line: number; message: string };
}

/** Roles, or working protocols: both are folders of Markdown files. */
export interface MarkdownSource {
  /** Folder of those that come with us (absolute). */
  readonly builtIn: string;
  /**
   * The Markdown files of a folder and of those below it, by path; none where there is no such folder. Never throws: what
   * cannot be read says so in its `problem`.
   */
  read(folder: string): Promise<MarkdownFile[]>;
}
