#!/usr/bin/env node
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const argv = process.argv.slice(2);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Error: Node.js ${process.versions.node} is too old\nCode: NODE_TOO_OLD\nTry this: Use Node.js 20.19 or newer.\n`,
  );
  process.exit(5);
}

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
  // Answered here: loading the command line for it would cost ten times as much.
  const { name, version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  const require = nodeModule.createRequire(import.meta.url);
  // Beside the code that it is made from: in Node's own place, below /tmp, others could put theirs.
  const compiled = `${root}dist/.compile-cache`;
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache(compiled);
  else require("../dist/cli/code-cache.js").keepCompiledCode(`${root}dist`, compiled);
  const { main } = require("../dist/cli/main.js");
  await main(argv, root);
}
