// npm run bench [-- PART…] [--json]: how long things take, each beside a baseline of the same run. Never part of the
// tests: a shared machine would fail them. The parts are bundled into dist/, from where the product finds its package.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = new URL("../..", import.meta.url).pathname;
// As deep in the package as the tests' own files, which find bin/run.js by a relative path.
const outfile = join(root, "dist/bench/out/main.mjs");

await build({
  entryPoints: [join(root, "test/bench/main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  external: ["@photostructure/sqlite", "@napi-rs/keyring", "conf"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "error",
});
try {
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await rm(join(root, "dist/bench"), { recursive: true, force: true });
}
