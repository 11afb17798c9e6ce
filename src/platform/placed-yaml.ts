import { type Document, isMap, isScalar, LineCounter, type Node, parseAllDocuments, type YAMLError } from "yaml";
import type { PlacedYaml, Spot, WorkflowFile } from "../core/ports/workflow-source.ts";

/** Reads one YAML document; keeps where everything stands, so that a complaint about a value can name line and column. */
export function readPlacedYaml(text: string): Omit<WorkflowFile, "path"> {
  const lines = new LineCounter();
  // Version 1.1 would make `no` and `on` booleans; a step may be called so.
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    version: "1.2",
    prettyErrors: false,
    logLevel: "error",
  });
  const documents = "empty" in parsed ? [] : parsed;
  const [document, second] = documents;
  const fail = (offset: number, message: string) => ({ ...placeAt(lines, offset), message });
  if (!document) return { yaml: null, problems: [fail(0, "the file is empty")] };
  if (second) return { yaml: null, problems: [fail(second.range[0], "the file holds more than one document")] };
  if (document.errors.length > 0) {
    return { yaml: null, problems: document.errors.map((error) => fail(error.pos[0], sentence(error))) };
  }
  try {
    // Aliases may not blow a small text up to a huge one.
    const value: unknown = document.toJS({ maxAliasCount: 10 });
    return { yaml: placed(value, { document, lines, text }), problems: [] };
  } catch {
    return { yaml: null, problems: [fail(0, "the file repeats parts of itself (& and *) too often")] };
  }
}

interface Source {
  document: Document.Parsed;
  lines: LineCounter;
  text: string;
}

function placed(value: unknown, source: Source): PlacedYaml {
  return {
    value,
    placeOf(path, spot = {}) {
      const { lines } = source;
      if (spot.isKey === true) {
        const key = keyAt(source.document, path);
        if (key?.range) return placeAt(lines, key.range[0]);
      }
      for (let length = path.length; length > 0; length -= 1) {
        const node = nodeAt(source.document, path.slice(0, length));
        if (node?.range) return placeAt(lines, length === path.length ? offsetIn(node, source, spot) : node.range[0]);
      }
      return placeAt(lines, source.document.contents?.range?.[0] ?? 0);
    },
  };
}

function nodeAt(document: Document.Parsed, path: readonly (string | number)[]): Node | undefined {
  return document.getIn(path, true) as Node | undefined;
}

function keyAt(document: Document.Parsed, path: readonly (string | number)[]): Node | undefined {
  const parent = path.length === 1 ? document.contents : nodeAt(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return pair?.key as Node | undefined;
}

/** Quotes, folding and indentation make positions in a value other than those in the file: the passage is looked for. */
function offsetIn(node: Node, { text }: Source, { passage, occurrence = 0 }: Spot): number {
  const [start, end] = node.range ?? [0, 0];
  if (passage === undefined) return start;
  const inside = text.slice(start, end);
  let index = -1;
  for (let count = 0; count <= occurrence; count += 1) {
    const next = inside.indexOf(passage, index + 1);
    if (next < 0) break;
    index = next;
  }
  return start + Math.max(0, index);
}

function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function sentence({ code, message }: YAMLError): string {
  if (code === "DUPLICATE_KEY") return "this key is there twice";
  if (code === "TAB_AS_INDENT") return "indent with blanks, not with tabs";
  return message.split("\n")[0] ?? "this is no YAML";
}
