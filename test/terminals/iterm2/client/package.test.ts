import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../../src/terminals/iterm2/client", import.meta.url).pathname;
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(ts|js)$/.test(file));

describe("iTerm2 client: a package of its own", () => {
  it("imports nothing from the rest of the product, and only two packages", () => {
    const specifiers = sources.flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/\bfrom "([^"]+)"/g)].map(
        ([, specifier]) => specifier ?? "",
      ),
    );

    expect(specifiers.length).toBeGreaterThan(50);
    expect(specifiers.filter((specifier) => specifier.startsWith("../"))).toEqual([]);
    const packages = specifiers.filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"));
    expect([...new Set(packages)].sort()).toEqual(["protobufjs/minimal.js", "ws"]);
  });

  it("has no word for what could crash or freeze iTerm2: transactions, shared profiles, a close that asks", () => {
    const text = sources.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");

    for (const word of ["transactionRequest", "guidList", "force: false", "suppressBroadcast: false", "1912"]) {
      expect(text).not.toContain(word);
    }
    const types = /const TYPES[^{]*\{([^}]*)\}/.exec(text)?.[1] ?? "";
    expect([...types.matchAll(/: (\d+)/g)].map(([, type]) => Number(type)).sort((a, b) => a - b)).toEqual([
      2, 6, 7, 8, 9, 12,
    ]);
  });
});
