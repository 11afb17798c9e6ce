import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import { AppError } from "../../src/core/errors.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { keepQueuesMoving } from "../../src/operations/agent/delivery/keep-moving.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
let world: FakeWorld;
beforeEach(async () => { world = await openFakeWorld(); });
afterEach(() => world.dispose());
const out = async (w: Promise<any>) => { const t = Date.now(); try { const r = await w; return [Date.now() - t, "ok", JSON.stringify(r).slice(0, 200)]; } catch (e) { return [Date.now() - t, (e as AppError).code ?? String(e), (e as Error).message]; } };
const other = () => compose({ signal: new AbortController().signal, cwd: world.root, env: world.context.caller.env });

const over = (t: any, o: any) => new Proxy(t, { get: (x, k) => k in o ? o[k] : typeof x[k] === "function" ? x[k].bind(x) : x[k] });
describe("probe", () => {
  it("delete while send --wait", async () => {
    const a = await world.spawn("a");
    const w = out(world.call(agentSend, { agent: "a", text: "[[sleep 60s]] x", wait: true, timeout: "8s" }));
    await new Promise((r) => setTimeout(r, 1000));
    await world.call(agentDelete, { agent: "a", force: true });
    console.log("DELETE", await w);
  }, 30_000);
  it("read message wait on queued", async () => {
    await world.spawn("a");
    await world.call(agentSend, { agent: "a", text: "[[sleep 2s]] x" });
    const q = await out(world.call(agentSend, { agent: "a", text: "second", timeout: "100ms" }));
    const [m] = (await world.context.store.messages.list((await world.context.store.agents.list())[0]!.id)).slice(-1);
    console.log("READWAIT", q, m!.state, await out(world.call(agentRead, { agent: "a", message: m!.id, wait: true, timeout: "8s" })));
  }, 30_000);
  it("spawn prompt failed", async () => {
    const program = await world.context.program("fake");
    const broken = over(program, { planInput: async () => { throw new AppError("TEXT_NOT_DELIVERABLE", "no way"); } });
    console.log("SPAWN", await out(world.call(agentSpawn, { name: "a", prompt: "hello" }, { program: async () => broken })));
  }, 30_000);
  it("two senders, two processes: mine settled by the other", async () => {
    await world.spawn("a");
    const b = await other();
    await world.call(agentSend, { agent: "a", text: "[[sleep 1s]] x" });
    // Sender 1 sees changes late: its watch lasts the whole second.
    const program = await world.context.program("fake");
    const slow = over(program, { watch: async (_: unknown, ms: number) => { await new Promise((r) => setTimeout(r, ms)); } });
    const m1 = out(world.call(agentSend, { agent: "a", text: "[[sleep 6s]] first", timeout: "4s" }, { program: async () => slow, queueLeaders: new (b.queueLeaders.constructor as any)() }));
    await new Promise((r) => setTimeout(r, 250));
    const m2 = out(world.call(agentSend, { agent: "a", text: "second", timeout: "4s" }, { ...b }));
    console.log("TWO", await m1, await m2);
    const id = (await world.context.store.agents.list())[0]!.id;
    console.log((await world.context.store.messages.list(id)).map((m) => [m.text, m.state]));
    await b.store.close();
  }, 30_000);
  it("keep moving: two managers, one blocked queue", async () => {
    const a = await world.spawn("a");
    await world.call(agentSend, { agent: "a", text: "[[sleep 20s]] x" });
    await out(world.call(agentSend, { agent: "a", text: "second", timeout: "100ms" }));
    const stop = new AbortController();
    const b = await other();
    let n = 0;
    const counting = (c: any) => ({ ...c, signal: stop.signal, ids: Object.create(c.ids, { next: { value: (p: string) => { n += 1; return c.ids.next(p); } } }) });
    const l1 = keepQueuesMoving(counting(world.context));
    await new Promise((r) => setTimeout(r, 4000)); console.log("ONE MOVER", n, "steps in 4 s"); n = 0;
    const l2 = keepQueuesMoving(counting(b));
    await new Promise((r) => setTimeout(r, 4000)); console.log("TWO MOVERS", n, "steps in 4 s"); n = 0;
    const sub = (async () => { while (!stop.signal.aborted) await world.context.doorbell.wait(15000, stop.signal).catch(() => 0); })();
    await new Promise((r) => setTimeout(r, 3000)); console.log("TWO+SUB", n, "steps in 3 s");
    stop.abort(); await l1; await l2; await sub; await b.store.close(); void a;
  }, 30_000);
});
