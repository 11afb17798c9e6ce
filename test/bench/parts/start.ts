import { openBenchHome, RUN } from "../bench-home.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

/** From the shell to the end of the process. */
export async function measureStart(): Promise<Row[]> {
  const home = await openBenchHome();
  try {
    const times = await alternate(12, {
      bare: () => home.node("-e", "0"),
      version: () => home.node(RUN, "--version"),
      help: () => home.node(RUN, "--help"),
      status: () => home.node(RUN, "status", "--json"),
    });
    const baseline = { name: "node -e 0", value: times.bare };
    const row = (what: string, ours: number, limit: number): Row => ({
      ...{ what, ours, baseline, unit: "ms" },
      aim: { kind: "above baseline", limit },
    });
    return [
      row("claude-orch --version", times.version, 15),
      row("claude-orch --help", times.help, 100),
      row("claude-orch status --json", times.status, 100),
    ];
  } finally {
    await home.remove();
  }
}
