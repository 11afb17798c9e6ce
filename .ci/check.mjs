// Everything CI checks apart from the slow suites: types, lint and format, unused code, generated files, fast tests.
import { execa } from "execa";

const steps = [
  ["types", "tsc", ["-p", "."]],
  ["lint and format", "biome", ["check", "--error-on-warnings", "."]],
  ["unused code", "knip", ["--no-progress"]],
  ["generated files", process.execPath, [".ci/generate.mjs", "--check"]],
  ["fast tests", "vitest", ["run", "--config", "test/vitest.config.ts", "--exclude", "test/e2e/**"]],
];

const only = process.argv[2];
let failed = false;
for (const [name, file, args] of steps) {
  if (only && !name.startsWith(only)) continue;
  const started = performance.now();
  const bin = file.includes("/") ? file : `node_modules/.bin/${file}`;
  const { exitCode: status } = await execa(bin, args, { stdio: "inherit", reject: false });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${status === 0 ? "ok" : "FAILED"}: ${name} (${seconds} s)\n`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
