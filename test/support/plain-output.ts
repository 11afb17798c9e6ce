import { Chalk } from "chalk";
import type { Output } from "../../src/cli/output.ts";

export interface PlainOutput extends Output {
  /** What was written, in order. */
  written: { data: string[]; notes: string[]; bells: number };
}

/** An output without colours that remembers what was written. */
export function plainOutput(size: { columns?: number; rows?: number; isTerminal?: boolean } = {}): PlainOutput {
  const { columns = 80, rows = 24, isTerminal = true } = size;
  const written: PlainOutput["written"] = { data: [], notes: [], bells: 0 };
  return {
    isTerminal,
    canRedraw: isTerminal,
    columns,
    written,
    size: () => ({ columns, rows }),
    data: (text) => void written.data.push(text),
    note: (text) => void written.notes.push(text),
    bell: () => {
      written.bells += 1;
    },
    paint: new Chalk({ level: 0 }),
  };
}
