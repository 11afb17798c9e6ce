import { callOperation } from "../../../src/operations/call.ts";
import { inbox } from "../../../src/operations/inbox/inbox.ts";
import { status } from "../../../src/operations/status.ts";
import { openBenchHome, RUN } from "../bench-home.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

const AGENTS = 100;
/** A large team, by R4's measure: management takes less than a second. */
const TEAM = 30;

export async function measureStatus(): Promise<Row[]> {
  return [...(await measureHundred()), ...(await measureTeam())];
}

/** R4-80: what people look with, as commands. */
async function measureTeam(): Promise<Row[]> {
  const [empty, full] = [await openBenchHome(), await openBenchHome()];
  try {
    await full.addFakeAgents(TEAM);
    const rows: Row[] = [];
    for (const args of [["status"], ["agent", "list"], ["session", "show", "bench"]]) {
      const { node, command } = await alternate(3, {
        node: () => empty.node("-e", "0"),
        command: () => full.node(RUN, ...args, "--json"),
      });
      rows.push({
        what: `R4-80 ${args.slice(0, 2).join(" ")}, ${TEAM} agents`,
        ours: command,
        baseline: { name: "node -e 0", value: node },
        unit: "ms",
        aim: { kind: "at most", limit: 1_000 },
      });
    }
    return rows;
  } finally {
    await Promise.all([empty.remove(), full.remove()]);
  }
}

/** The states of a hundred agents, each with its evidence. */
async function measureHundred(): Promise<Row[]> {
  const [empty, full] = [await openBenchHome(), await openBenchHome()];
  try {
    await full.addFakeAgents(AGENTS);
    const inProcess = await alternate(10, {
      empty: () => callOperation(status, {}, empty.context),
      full: () => callOperation(status, {}, full.context),
    });
    const inboxes = await alternate(10, {
      empty: () => callOperation(inbox, {}, empty.context),
      full: () => callOperation(inbox, {}, full.context),
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
        what: `inbox, ${AGENTS} agents, in process`,
        ours: inboxes.full,
        baseline: { name: "the same without agents", value: inboxes.empty },
        unit: "ms",
        aim: { kind: "at most", limit: 100 },
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
