import { run } from "@oclif/core/run";
import { type AppError, toEnvelope } from "../core/errors.ts";
import { describeError, toCliError, wantsJson } from "./failure.ts";

/**
 * Runs the command line and ends the process with the command's exit code once everything is written.
 * @param root folder of the package (package.json, oclif.manifest.json)
 */
export async function main(argv: string[], root: string): Promise<void> {
  try {
    await run(argv, { root });
  } catch (thrown) {
    const error = fromOclif(thrown);
    if (error) {
      process.exitCode = error.exitCode;
      if (wantsJson(argv)) process.stdout.write(`${JSON.stringify(toEnvelope(error))}\n`);
      else process.stderr.write(`${describeError(error)}\n`);
    }
  }
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(process.exitCode ?? 0);
}

/** What oclif itself throws: undefined for its way of leaving after --help, else a mistake in the command line. */
function fromOclif(thrown: unknown): AppError | undefined {
  const { code, oclif } = thrown as { code?: string; oclif?: { exit?: number } };
  if (code === "EEXIT" && oclif?.exit === 0) return undefined;
  return toCliError(thrown);
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) return resolve();
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
}
