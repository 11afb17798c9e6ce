import { spawn } from "node:child_process";
import { AppError } from "../core/errors.ts";
import type { ProcessIdentity, RunOptions } from "../core/ports/process-runner.ts";
import { identifyProcess } from "./process-identity.ts";

/** See `ProcessRunner.detach`. `detached` is setsid(2) to Node: no controlling terminal, so no SIGHUP and no Ctrl-C. */
export function startDetached(
  file: string,
  args: readonly string[],
  options: Pick<RunOptions, "cwd" | "env">,
): Promise<ProcessIdentity> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      detached: true,
      windowsHide: true,
      stdio: "ignore",
    });
    child.once("error", (cause) => {
      reject(new AppError("BACKEND_COMMAND_FAILED", `${file} could not be started: ${cause.message}`, { cause }));
    });
    child.once("spawn", () => {
      child.unref();
      const { pid = 0 } = child;
      resolve(identifyProcess(pid) ?? { pid, startedAt: "" });
    });
  });
}
