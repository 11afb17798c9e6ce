import { spawn } from "node:child_process";
import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { bundleScript } from "../../support/bundle-script.ts";
import type { CrashStep } from "./crash-steps.ts";
import { collect, type World } from "./world.ts";

const PACKAGE = new URL("../../../", import.meta.url);

/** Runs an operation in a real orchestrator process that is killed (SIGKILL) at a step; fails if it never came there. */
export type Crash = (
  step: CrashStep,
  operation: string,
  input: Record<string, unknown>,
  env?: Record<string, string>,
) => Promise<void>;

/** Builds the crash driver into the world. */
export async function openCrash(world: World): Promise<Crash> {
  // The product finds its own package by its path: the driver gets the same surroundings.
  const folder = path.join(world.sandbox.root, "crash-driver");
  // A test that is tried once more finds the one of its first try.
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "dist"), { recursive: true });
  await copyFile(new URL("package.json", PACKAGE), path.join(folder, "package.json"));
  await symlink(new URL("bin", PACKAGE).pathname, path.join(folder, "bin"));
  const script = await bundleScript(new URL("./crash-driver.ts", import.meta.url), path.join(folder, "dist"));
  // As the build does: the built-in roles and protocols stand beside the code.
  for (const room of ["roles", "protocols"])
    await symlink(new URL(`src/${room}`, PACKAGE).pathname, path.join(folder, "dist", room));

  return async (step, operation, input, env = {}) => {
    const child = spawn(process.execPath, [script, step, operation, JSON.stringify(input)], {
      cwd: world.sandbox.project,
      env: { ...world.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // An operation that never comes to the step must not outlive its test.
      timeout: 15_000,
    });
    const { stdout, stderr } = await collect(child);
    if (child.signalCode === "SIGKILL") return;
    throw new Error(`${operation} was not killed at ${step} (exit ${child.exitCode}):\n${stdout}${stderr}`);
  };
}
