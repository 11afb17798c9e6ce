/**
 * A process that coordinates a team and ends itself by SIGKILL after so many of the acts that leave a trace: writes to the
 * store, and keys typed. `node crash-child.mjs ACTS INPUT-JSON`. Exit code 3: it came to its end before that.
 */
import { compose } from "../../../src/compose.ts";
import { callOperation } from "../../../src/operations/call.ts";
import { teamCoordinate } from "../../../src/operations/team/coordinate.ts";

const [acts = "", input = "{}"] = process.argv.slice(2);
let left = Number(acts);

function countDown(target: object, method: string): void {
  const original: unknown = Reflect.get(target, method);
  if (typeof original !== "function") throw new Error(`There is no method ${method}`);
  Reflect.set(target, method, async (...args: unknown[]) => {
    const result: unknown = await Reflect.apply(original, target, args);
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
    return result;
  });
}

const context = await compose({ signal: new AbortController().signal });
const { store } = context;
for (const method of ["insert", "claim", "advance"]) countDown(store.coordinations, method);
countDown(store, "transaction");
countDown(store.messages, "update");
countDown(await context.backend("fake"), "input");
await callOperation(teamCoordinate, JSON.parse(input), context);
process.stdout.write(String(Number(acts) - left));
process.exit(3);
