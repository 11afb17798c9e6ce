import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import type { ReplyStep } from "./claude/scripted-model/directives.ts";
import { offlineEnvironment } from "./claude/scripted-model/offline-environment.ts";
import { startScriptedModel } from "./claude/scripted-model/scripted-model.ts";
import { compose, ownRoom } from "./compose.ts";
import type { BackendName } from "./core/session.ts";
import type { Context } from "./operations/context.ts";
import { readEnvironment } from "./platform/environment.ts";
import { SystemClock } from "./platform/system-clock.ts";

export interface DemoWorld {
  context: Context;
  /** For cleaning up after the signal aborted. */
  cleanUpContext: Context;
  /** Empty folder that stands for a codebase (real path). */
  project: string;
  backend: BackendName;
  claudeVersion: string | null;
  modelUrl: string;
  /** Why real agents cannot be used here, or null. */
  note: string | null;
  dispose(): Promise<void>;
}

/** What the model answers to a prompt: `project` is where its agents work, `app` what they are to build there. */
type Reply = (
  prompt: string,
  stage: { project: string; app: ReadonlyMap<string, string> },
) => readonly ReplyStep[] | undefined;

/**
 * A home, a Claude Code configuration, a codebase and a tmux server that exist only for the demo, and a model on loopback:
 * nothing of the user's is read or written.
 */
export async function openDemoWorld(signal: AbortSignal, reply: Reply): Promise<DemoWorld> {
  const app = await textsBelow(join(ownRoom(), "demo", "app"));
  const root = await realpath(await mkdtemp(join(tmpdir(), "claude-orch-demo-")));
  const project = join(root, "app");
  const socket = `claude-orch-demo-${process.pid}`;
  const model = await startScriptedModel({
    clock: new SystemClock(),
    reply: ({ prompt }) => reply(prompt, { project, app }),
  });
  try {
    await mkdir(project);
    const ambient = readEnvironment();
    const offline = await offlineEnvironment({ root, modelUrl: model.url, ambient });
    const env = {
      ...offline,
      // The checks run this very Node, also where it is on no PATH.
      PATH: [offline.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter),
      CLAUDE_ORCH_HOME: join(root, "orch"),
      CLAUDE_ORCH_TMUX_SOCKET: socket,
      ...(ambient.CLAUDE_ORCH_CLAUDE_BIN ? { CLAUDE_ORCH_CLAUDE_BIN: ambient.CLAUDE_ORCH_CLAUDE_BIN } : {}),
    };
    const context = await compose({ signal, env, cwd: project });
    const tmux = await (await context.backend("tmux")).probe(signal);
    const claude = await (await context.program("tmux")).probe(env, context.settings.claudeBin ?? undefined, signal);
    const problems = [claude.problem, tmux.problem && `tmux cannot be used: ${tmux.problem}`].filter(Boolean);
    const note = problems.length === 0 ? null : `${problems.join(". ")}.`;
    return {
      context,
      cleanUpContext: { ...context, signal: new AbortController().signal },
      project,
      backend: note === null ? "tmux" : "fake",
      claudeVersion: claude.version ?? null,
      modelUrl: model.url,
      note,
      async dispose() {
        await context.store.close();
        await model.close();
        // tmux leaves the socket file of a server that ended (and its lock, when it was cut off while it started one),
        // and each demo has a socket of its own.
        const socketFile = join(ambient.TMUX_TMPDIR || "/tmp", `tmux-${process.getuid?.()}`, socket);
        await Promise.all([socketFile, `${socketFile}.lock`].map((file) => rm(file, { force: true })));
        await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      },
    };
  } catch (error) {
    await model.close();
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** Path below the folder → text of the file. */
async function textsBelow(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")] as const)),
  );
}
