import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Bundles `stdio-server.ts` into one file that plain Node runs. */
export async function buildStdioServer(): Promise<{ program: string; remove(): Promise<void> }> {
  const directory = await temporaryDirectory("claude-orch-mcp");
  const program = join(directory.path, "server.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("./stdio-server.ts", import.meta.url))],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // The SDK's validator is CommonJS and asks for `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return { program, remove: directory.remove };
}
