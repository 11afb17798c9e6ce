/**
 * The product's own operations in a process that ends itself by SIGKILL at one named step: `node crash-driver.mjs STEP
 * OPERATION INPUT-JSON`. It composes what the command line composes and listens in on the ports, so that the product
 * needs no switch for tests. Exit code 3: the operation ended without coming to the step.
 */
import { compose } from "../../../src/compose.ts";
import { callOperation } from "../../../src/operations/call.ts";
import type { Context } from "../../../src/operations/context.ts";
import { operations } from "../../../src/operations/index.ts";
import type { CrashStep } from "./crash-steps.ts";

type Hit = (args: readonly unknown[], result: unknown) => boolean;
const always: Hit = () => true;

/** Calls of one method count from 1; the process dies after (or before) the first call that `hit` accepts. */
function dieAround(target: object, method: string, hit: Hit, when: "before" | "after" = "after"): void {
  const original: unknown = Reflect.get(target, method);
  if (typeof original !== "function") throw new Error(`There is no method ${method} to crash at`);
  Reflect.set(target, method, async (...args: unknown[]) => {
    if (when === "before" && hit(args, undefined)) die();
    const result: unknown = await Reflect.apply(original, target, args);
    if (when === "after" && hit(args, result)) die();
    return result;
  });
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("SIGKILL ends the process before this");
}

/** A message row that goes to this state. */
function toState(state: string): Hit {
  return ([, change], isDone) => (change as { state?: string }).state === state && isDone !== false;
}

function presses(key: string): Hit {
  return ([, steps]) =>
    (steps as { kind: string; keys?: string[] }[]).some((step) => step.kind === "keys" && step.keys?.includes(key));
}

function nth(wanted: number, hit: Hit): Hit {
  let seen = 0;
  return (args, result) => {
    if (hit(args, result)) seen += 1;
    return seen === wanted;
  };
}

const STEPS: Record<CrashStep, (context: Context) => void | Promise<void>> = {
  /** The first transaction of a send writes the queued row. */
  queued: ({ store }) => dieAround(store, "transaction", nth(1, always)),
  leased: ({ store }) => dieAround(store.leases, "acquire", (_args, isTaken) => isTaken === true),
  typed: ({ store }) => dieAround(store.messages, "update", toState("typed")),
  async filled(context) {
    dieAround(await context.backend("tmux"), "input", always);
  },
  async "ctrl-g"(context) {
    dieAround(await context.backend("tmux"), "input", presses("C-g"));
  },
  /** The terminal program is started for the text, but does not get it any more. */
  async "no-text"({ processes }) {
    const run = processes.run.bind(processes);
    processes.run = async (file, args, options) => {
      if (!args.includes("load-buffer")) return run(file, args, options);
      await run(file, args, { ...options, input: "" });
      return die();
    };
  },
  async fetched(context) {
    const program = await context.program("tmux");
    const planInput = program.planInput.bind(program);
    program.planInput = async (...args) => {
      const plan = await planInput(...args);
      if (plan.settle) dieAround(plan, "settle", always);
      return plan;
    };
  },
  /** Between two calls of the terminal program: the cursor stands at the beginning, Enter is not pressed yet. */
  home: ({ processes }) => dieAround(processes, "run", ([, args]) => (args as string[]).some(isHomeAlone)),
  async entered(context) {
    dieAround(await context.backend("tmux"), "input", presses("Enter"));
  },
  /** The transcript is written some 100 ms after the hook: until then there is only the hook's evidence. */
  async submitted(context) {
    const program = await context.program("tmux");
    const delivery = program.delivery.bind(program);
    program.delivery = async (...args) => {
      const { submitted } = await delivery(...args);
      return submitted ? { submitted } : {};
    };
    dieAround(context.store.messages, "update", toState("submitted"));
  },
  recorded: ({ store }) => dieAround(store.messages, "update", toState("recorded")),
  async answering(context) {
    const isRunning: Hit = (_args, turn) => (turn as { isOver: boolean } | undefined)?.isOver === false;
    dieAround(await context.program("tmux"), "turn", isRunning);
  },
  "box-emptied": ({ store }) => dieAround(store.messages, "update", toState("queued"), "before"),
  requeued: ({ store }) => dieAround(store.messages, "update", toState("queued")),

  reserved: ({ store }) => dieAround(store, "transaction", nth(1, always)),
  opening: ({ store }) => dieAround(store, "transaction", nth(2, always)),
  async prepared(context) {
    dieAround(await context.program("tmux"), "prepareLaunch", always);
  },
  async open(context) {
    dieAround(await context.backend("tmux"), "open", always);
  },
  /** An answer: written down, and nothing handed over. */
  deciding: ({ store }) => dieAround(store.answers, "begin", always),
  /** The agent has it, and the journal does not know. */
  async "handed-over"(context) {
    dieAround(await context.program("tmux"), "answer", always);
  },
  "way-known": ({ store }) =>
    dieAround(store.answers, "update", ([, change]) => (change as { via?: string }).via != null),
  settled: ({ store }) => dieAround(store.answers, "update", toState("settled")),

  /** The terminal is written down: the one transaction of an opening that answers yes. */
  journalled: ({ store }) => dieAround(store, "transaction", (_args, isWritten) => isWritten === true),
};

function isHomeAlone(arg: string): boolean {
  return arg.includes("send-keys") && arg.includes("Home") && !arg.includes("Enter");
}

const [step, name, input] = process.argv.slice(2);
const arrange = STEPS[step as CrashStep];
const operation = operations.find((one) => one.name === name);
if (!arrange || !operation) throw new Error(`Unknown step ${step} or operation ${name}`);
const context = await compose({ signal: new AbortController().signal });
await arrange(context);
await callOperation(operation, JSON.parse(input ?? "{}"), context).then(
  (output) => process.stdout.write(`${JSON.stringify(output)}\n`),
  (error: unknown) => process.stderr.write(`${String(error)}\n`),
);
process.exit(3);
