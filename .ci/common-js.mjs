// Turns the bundle's ES modules into CommonJS, file by file: Node takes half a millisecond for each ES module that it finds,
// reads and links, and keeps compiled code of CommonJS only (before Node 22.1 by src/cli/code-cache.ts). Measured with
// `npm run bench -- start`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";

/** What the bundle's files begin with so that bundled CommonJS can call `require`; here it is there anyway. */
export const BANNER =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** All `.js` files below the folder; they may use neither top-level await nor packages that only `import` can load. */
export async function toCommonJs(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".js"));
  await Promise.all(files.map((file) => convert(join(folder, file))));
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

async function convert(file) {
  const text = (await readFile(file, "utf8"))
    .replace(BANNER, "")
    // A part that is loaded when it is needed.
    .replace(/\bimport\((["'])([^"']+)\1\)/g, (_, quote, path) => `Promise.resolve().then(()=>require(${quote}${path}${quote}))`);
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minifyWhitespace: true,
    minifySyntax: true,
    define: { "import.meta.url": "__moduleUrl" },
  });
  const usesUrl = code.includes("__moduleUrl");
  const url = usesUrl ? 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' : "";
  await writeFile(file, `"use strict";${url}${code.replace(/^"use strict";/, "")}`);
}
