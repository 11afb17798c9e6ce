import { run } from "@oclif/core/run";
import { AppError, toEnvelope } from "../core/errors.ts";
import { describeError, toCliError, wantsJson } from "./failure.ts";
import { lostOutput, noteStdoutError } from "./lost-output.ts";
import { jsonLine } from "./output.ts";

/**
 * Runs the command line and ends the process with the command's exit code once everything is written.
 * @param root folder of the package (package.json, oclif.manifest.json)
 */
export async function main(argv: string[], root: string): Promise<void> {
  // What became of the output is looked at below; without a listener a closed pipe would be an exception.
  process.stdout.on("error", noteStdoutError);
  // Notes and progress that nobody reads any more (`2>&1 | head`) are no reason to leave a command half done.
  process.stderr.on("error", () => undefined);
  try {
    // `help agent send` is what many people type first.
    await run(argv[0] === "help" ? [...argv.slice(1), "--help"] : argv, { root });
  } catch (thrown) {
    const error = fromOclif(thrown);
    if (error) {
      process.exitCode = error.exitCode;
      if (wantsJson(argv)) process.stdout.write(`${jsonLine(toEnvelope(error))}\n`);
      else process.stderr.write(`${describeError(error)}\n`);
    }
  }
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  // The stream tells of a failed write one tick later.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  reportLostOutput();
  process.exit(process.exitCode ?? 0);
}

function reportLostOutput(): void {
  const lost = lostOutput();
  if (!lost) return;
  const error = new AppError("INTERNAL", `Standard output could not be written (${lost.code ?? lost.message})`, {
    hint: "Check where it goes; a full disk, for example.",
  });
  process.exitCode = error.exitCode;
  process.stderr.write(`${describeError(error)}\n`);
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
