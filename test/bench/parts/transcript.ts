import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ClaudeProgram } from "../../../src/claude/claude-program.ts";
import { launchRequest } from "../../support/launched-claude.ts";
import { type BenchHome, openBenchHome } from "../bench-home.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";
import { writeTranscript } from "../write-transcript.ts";

const SIZE = 300e6;

/** The newest answer of a conversation that has become very long. */
export async function measureTranscript(): Promise<Row[]> {
  const home = await openBenchHome();
  try {
    const conversationId = randomUUID();
    const file = await writeTranscript(
      join(home.env.CLAUDE_CONFIG_DIR ?? "", "projects", "bench"),
      conversationId,
      SIZE,
    );
    const { ids, processes, clock } = home.context;
    const program = new ClaudeProgram({ home: home.context.home, clock, ids, processes });
    const agent = agentOf(home);
    const { size } = await stat(file);
    const times = await alternate(9, {
      whole: () => readFile(file),
      ours: async () => {
        const last = await program.lastAnswer(agent, conversationId);
        if (last?.turn.answer?.text !== "the very last answer") throw new Error("Not the last answer");
      },
    });
    return [
      {
        what: `last answer of ${Math.round(size / 1e6)} MB, in process`,
        ours: times.ours,
        baseline: { name: "reading the whole file, unparsed", value: times.whole },
        unit: "ms",
        aim: { kind: "at most", limit: 5 },
      },
    ];
  } finally {
    await home.remove();
  }
}

function agentOf({ env, folder }: BenchHome) {
  const claude = { name: "newest", bin: "/bin/true", version: "2.1.330" } as const;
  const configDir = env.CLAUDE_CONFIG_DIR ?? "";
  const sandbox = {
    claude,
    root: folder,
    home: folder,
    project: folder,
    configDir,
    env,
    dispose: async () => undefined,
  };
  return launchRequest(sandbox).agent;
}
