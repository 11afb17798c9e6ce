// Dependencies at the price of what we use of them. Measured with `npm run bench -- start memory`.
import { readFile } from "node:fs/promises";

/** Compiled at every start, used when commands are looked for without a manifest, or texts hold templates. */
const LAZY = /^(ejs|lilconfig|minimatch|tinyglobby)$/;
/** The first use of a locale's order costs 6 ms; the ids of our commands are ASCII. */
const SLOW_SORT = ".sort((a, b) => a.id.localeCompare(b.id))";
const FAST_SORT = ".sort((a, b) => (a.id < b.id ? -1 : 1))";
/** Five modules and four looks at the file system, for a word of the user agent that nobody sends. */
const SLOW_PLATFORM = "(await import('wsl-utils')).isWsl ? 'wsl' : (0, node_os_1.platform)()";
const FAST_PLATFORM = "(0, node_os_1.platform)()";

/** An esbuild plugin. */
export const leanDependencies = {
  name: "lean-dependencies",
  setup({ onResolve, onLoad }) {
    const within = (folder, namespace) => (found) =>
      found.importer.includes(folder) ? { path: found.path, namespace } : undefined;
    const inOclif = (namespace) => within("/@oclif/core/", namespace);
    onResolve({ filter: LAZY }, inOclif("lazy"));
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => ({ contents: lazyModule(path) }));

    // 48 kB of animations. These two are looked up when oclif is loaded; none of ours spins.
    onResolve({ filter: /^cli-spinners$/ }, inOclif("no-spinners"));
    onLoad({ filter: /.*/, namespace: "no-spinners" }, () => ({
      contents: "module.exports = { line: { frames: [''] }, dots2: { frames: [''] } };",
    }));

    // The SDK's default for checking what a person answers to an elicitation; mcp/server.ts hands in another.
    onResolve({ filter: /^ajv(-formats)?$/ }, within("/@modelcontextprotocol/sdk/", "no-ajv"));
    onLoad({ filter: /.*/, namespace: "no-ajv" }, () => ({
      contents: "module.exports = class { constructor() { throw new Error('ajv is not part of the bundle'); } };",
    }));

    const patch = (filter, slow, fast) =>
      onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        if (!text.includes(slow)) throw new Error(`${path} has changed: see lean-dependencies.mjs`);
        return { contents: text.replace(slow, () => fast) };
      });
    patch(/@oclif[/\\]core[/\\]lib[/\\]config[/\\]plugin\.js$/, SLOW_SORT, FAST_SORT);
    patch(/@oclif[/\\]core[/\\]lib[/\\]util[/\\]os\.js$/, SLOW_PLATFORM, FAST_PLATFORM);
  },
};

/** Loads the package from node_modules, as oclif would, when a property of it is asked for. */
function lazyModule(name) {
  return `const { createRequire } = require("node:module");
    let real;
    const load = () => (real ??= createRequire(require.resolve("@oclif/core"))(${JSON.stringify(name)}));
    module.exports = new Proxy({}, { get: (_, key) => (key === "__esModule" ? undefined : load()[key]) });`;
}
