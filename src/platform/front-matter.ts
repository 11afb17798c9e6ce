import { type Document, LineCounter, parseDocument } from "yaml";
import type { FrontMatter, MarkdownFile } from "../core/ports/markdown-source.ts";

/** Splits a Markdown text into the YAML between the `---` lines at its start and the rest. */
export function splitFrontMatter(text: string): Omit<MarkdownFile, "path"> {
  const match = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!match) return { matter: null, body: text };
  const body = text.slice(match[0].length);
  const yaml = match[1] ?? "";
  const first = read(yaml);
  // Claude Code takes `description: Use it when: …`, which is no YAML, and so do the files that it writes itself.
  const matter = first.document.errors.length === 0 ? first : read(quoteValues(yaml));
  const [error] = matter.document.errors.length === 0 ? [] : first.document.errors;
  if (!error) return { matter: frontMatter(matter), body };
  const [message = ""] = error.message.split(/ at line \d+/);
  return { matter: null, body, problem: { line: first.lines.linePos(error.pos[0]).line + 1, message } };
}

interface Read {
  document: Document;
  lines: LineCounter;
}

function read(yaml: string): Read {
  const lines = new LineCounter();
  // Version 1.1 would make `no` and `on` booleans; a role may be called so.
  return { document: parseDocument(yaml, { lineCounter: lines, version: "1.2", prettyErrors: true }), lines };
}

/** Puts the plain text of each `key: text` line into quotes. Lines stay where they are. */
function quoteValues(yaml: string): string {
  return yaml.replace(/^([A-Za-z][\w-]*:[ \t]+)(?!["'[{|>#])(\S.*?)[ \t]*(\r?)$/gm, (_, key, value, end) => {
    return `${key}${JSON.stringify(value)}${end}`;
  });
}

function frontMatter({ document, lines }: Read): FrontMatter {
  return {
    // Aliases may not blow a small text up to a huge one.
    value: document.toJS({ maxAliasCount: 10 }),
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true) as { range?: [number, ...unknown[]] } | undefined;
        // The first line of the file is the one of dashes.
        if (node?.range) return lines.linePos(node.range[0]).line + 1;
      }
      return 1;
    },
  };
}
