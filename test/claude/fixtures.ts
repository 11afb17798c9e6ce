import { readFileSync } from "node:fs";
import type { Screen } from "../../src/core/ports/terminal-backend.ts";

/** Claude Code versions that samples were recorded from. */
export const VERSIONS = ["2.1.197", "2.1.329"] as const;
export type Version = (typeof VERSIONS)[number];

export function fixture(version: Version, name: string): string {
  return readFileSync(new URL(`../fixtures/claude/${version}/${name}`, import.meta.url), "utf8");
}

/** A recorded screen; its last line holds the terminal's title. */
export function screenFixture(version: Version, name: string): Screen {
  const lines = fixture(version, `screen-${name}.txt`).replace(/\n$/, "").split("\n");
  const title = lines.at(-1)?.startsWith("title: ") ? lines.pop()?.slice("title: ".length) : undefined;
  return { lines: lines.map((line) => line.trimEnd()), ...(title === undefined ? {} : { title }) };
}

/** Hook events as recorded, by name, in file order. */
export function hookFixtures(version: Version, name: string): Record<string, unknown>[] {
  return fixture(version, "hooks-stdin.jsonl")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((event) => event.hook_event_name === name);
}
