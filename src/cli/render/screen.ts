import type { Output } from "../output.ts";

/** The terminal's own lines, as they are: with --raw their escape sequences are what was asked for. */
export function renderScreen({ lines }: { lines: string[] }, output: Output): void {
  output.data(lines.join("\n"));
}
