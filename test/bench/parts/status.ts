import { callOperation } from "../../../src/operations/call.ts";
import { status } from "../../../src/operations/status.ts";
import { openBenchHome, RUN } from "../bench-home.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

const AGENTS = 100;

/** The states of a hundred agents, each with its evidence. */
export async function measureStatus(): Promise<Row[]> {
  const [empty, full] = [await openBenchHome(), await openBenchHome()];
  try {
    await full.addFakeAgents(AGENTS);
    const inProcess = await alternate(10, {
      empty: () => callOperation(status, {}, empty.context),
      full: () => callOperation(status, {}, full.context),
    });
    const asCommand = await alternate(6, {
      empty: () => empty.node(RUN, "status", "--json"),
      full: () => full.node(RUN, "status", "--json"),
    });
    return [
      {
        what: `status, ${AGENTS} agents, in process`,
        ours: inProcess.full,
        baseline: { name: "the same without agents", value: inProcess.empty },
        unit: "ms",
        aim: { kind: "at most", limit: 60 },
      },
      {
        what: `status, ${AGENTS} agents, as a command`,
        ours: asCommand.full,
        baseline: { name: "the same without agents", value: asCommand.empty },
        unit: "ms",
      },
    ];
  } finally {
    await Promise.all([empty.remove(), full.remove()]);
  }
}
