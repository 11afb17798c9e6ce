import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = new URL("../../src", import.meta.url).pathname;

const COMPOSED = ["core", "operations", "claude", "terminals", "store", "platform"];

/** Who may import whom: the table of `src/README.md`. `dynamic` imports load lazily what a static one must not pull in. */
const ROOMS: Record<string, { imports: string[]; dynamic?: string[]; packages: RegExp }> = {
  core: { imports: ["core"], packages: /^zod$/ },
  // One layer over core: operations on tasks use the scheduler, and the scheduler what agents, roles and worktrees share.
  operations: { imports: ["operations", "scheduler", "core"], packages: /^zod$|^node:(path|crypto)$/ },
  scheduler: { imports: ["scheduler", "operations", "core"], packages: /^zod$|^node:path$/ },
  claude: { imports: ["claude", "core"], packages: /^zod$|^node:/ },
  terminals: { imports: ["terminals", "core"], packages: /^zod$|^node:|^ws$|^protobufjs\/minimal\.js$/ },
  store: { imports: ["store", "core"], packages: /^kysely$|^@photostructure\/sqlite$|^zod$|^node:/ },
  platform: { imports: ["platform", "core"], packages: /^node:|^execa$|^conf$|^yaml$|^@napi-rs\/keyring$|^zod$/ },
  cli: {
    imports: ["cli", "operations", "core"],
    dynamic: ["compose"],
    // oclif by its parts: the package as a whole would add 180 kB to compile at every start.
    packages: /^@oclif\/core\/|^chalk$|^log-update$|^zod$|^node:/,
  },
  mcp: {
    imports: ["mcp", "operations", "core"],
    dynamic: ["compose"],
    packages: /^@modelcontextprotocol\/sdk|^zod$|^node:/,
  },
  commands: { imports: ["cli", "operations", "core"], dynamic: ["mcp", "demo"], packages: /^@oclif\/core\/flags$/ },
  demo: { imports: ["demo", "operations", "core"], dynamic: ["compose-demo"], packages: /^node:/ },
  compose: { imports: COMPOSED, packages: /^node:/ },
  "compose-demo": { imports: [...COMPOSED, "compose"], packages: /^node:/ },
};

/** Time, randomness, processes and environment are injected; only `platform` touches the machine's own. */
const BANNED: [RegExp, string, (room: string) => boolean][] = [
  [/\bDate\.now\(/, "Date.now", (room) => room !== "platform"],
  [/\bnew Date\(\)/, "new Date()", (room) => room !== "platform"],
  [/\bperformance\.now\(/, "performance.now", (room) => room !== "platform"],
  [/\bset(Timeout|Interval|Immediate)\(/, "timers", (room) => room !== "platform"],
  [/\brandomUUID\b|\brandomBytes\b|\bMath\.random\(/, "randomness", (room) => room !== "platform"],
  [/["']node:child_process["']|["']node:timers/, "node:child_process, node:timers", (room) => room !== "platform"],
  [/\bprocess\.env\b/, "process.env", (room) => room !== "platform" && room !== "cli"],
  [/\bprocess\.stdout\b|\bconsole\./, "stdout", (room) => room !== "cli" && room !== "mcp"],
];

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));

function roomOf(file: string): string {
  return file.split("/")[0]?.replace(/\.ts$/, "") ?? "";
}

function importsOf(source: string): { specifier: string; isDynamic: boolean; isTypeOnly: boolean }[] {
  const statics = [...source.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm)].map(
    (match) => ({
      specifier: match[2] ?? "",
      isDynamic: false,
      isTypeOnly: match[1] !== undefined,
    }),
  );
  const dynamics = [...source.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)].map((match) => ({
    specifier: match[1] ?? "",
    isDynamic: true,
    isTypeOnly: false,
  }));
  return [...statics, ...dynamics];
}

/** What of the operations the scheduler may use: what agents, roles and worktrees share, never the tasks' own operations. */
const FOR_SCHEDULER = /^operations\/(?:context\.ts|(?:agent|role|worktree)\/)/;

describe("layering", () => {
  it("finds the sources", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files)("%s imports only what its room may", (file) => {
    const room = ROOMS[roomOf(file)];
    if (!room) throw new Error(`${file} is in no known room`);
    const problems: string[] = [];
    for (const { specifier, isDynamic, isTypeOnly } of importsOf(readFileSync(join(SRC, file), "utf8"))) {
      if (specifier.startsWith(".")) {
        const target = roomOf(relative(SRC, join(SRC, file, "..", specifier)));
        const allowed = isDynamic ? [...room.imports, ...(room.dynamic ?? [])] : room.imports;
        if (!allowed.includes(target)) problems.push(`${isDynamic ? "import()" : "import"} of ${specifier}`);
      } else if (!room.packages.test(specifier) && !isTypeOnly) {
        problems.push(`package ${specifier}`);
      }
    }
    expect(problems).toEqual([]);
  });

  it.each(files)("%s takes time, randomness, processes and environment from its context", (file) => {
    const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const problems = BANNED.filter(([pattern, , applies]) => applies(roomOf(file)) && pattern.test(code)).map(
      ([, name]) => name,
    );
    expect(problems).toEqual([]);
  });

  it("the scheduler uses what agents, roles and worktrees share, and none of the operations on tasks", () => {
    const uses = files
      .filter((file) => roomOf(file) === "scheduler")
      .flatMap((file) =>
        importsOf(readFileSync(join(SRC, file), "utf8")).map(({ specifier }) => join(file, "..", specifier)),
      )
      .filter((target) => roomOf(target) === "operations");

    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((target) => !FOR_SCHEDULER.test(target))).toEqual([]);
  });

  it("covers the imports that it claims to see", () => {
    const seen = importsOf(
      'import type { A } from "./a.ts";\nimport { b } from "../b.ts";\nconst c = await import("./c.ts");\nexport * from "d";',
    );
    expect(seen.map(({ specifier }) => specifier)).toEqual(["./a.ts", "../b.ts", "d", "./c.ts"]);
  });
});
