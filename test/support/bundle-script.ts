import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Builds a TypeScript file into `folder` as one script that a child `node` can run; returns its path. */
export async function bundleScript(entry: URL, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(entry.pathname, ".ts")}.mjs`);
  await build({
    entryPoints: [entry.pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    plugins: [nativeByPath],
  });
  return outfile;
}

/** A native package, or one that loads its parts itself, stays where it is; the script lies elsewhere and could not find it by name. */
const nativeByPath: Plugin = {
  name: "native-by-path",
  setup(context) {
    const resolver = createRequire(import.meta.url);
    context.onResolve({ filter: /^(@photostructure\/sqlite|@napi-rs\/keyring|conf|yaml)$/ }, ({ path }) => ({
      path: pathToFileURL(resolver.resolve(path)).href,
      external: true,
    }));
  },
};
