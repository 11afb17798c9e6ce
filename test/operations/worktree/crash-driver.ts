/**
 * One operation of the product on scripted agents, in a process that ends itself by SIGKILL around one git command:
 * `node crash-driver.mjs before|after VERB OPERATION INPUT-JSON`. Exit code 3: it ended without that command.
 */
import { compose } from "../../../src/compose.ts";
import { agentDelete } from "../../../src/operations/agent/delete.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { callOperation } from "../../../src/operations/call.ts";
import type { Operation } from "../../../src/operations/operation.ts";

const [, , when, verb = "", name, input = "{}"] = process.argv;
const operation: Operation = name === "agent.spawn" ? agentSpawn : agentDelete;

const context = await compose({ signal: new AbortController().signal });
const run = context.processes.run.bind(context.processes);
context.processes.run = async (file, args, options) => {
  const isIt = args.join(" ").includes(verb);
  if (isIt && when === "before") process.kill(process.pid, "SIGKILL");
  const result = await run(file, args, options);
  if (isIt && when === "after") process.kill(process.pid, "SIGKILL");
  return result;
};
await callOperation(operation, JSON.parse(input), context);
await context.store.close();
process.exitCode = 3;
