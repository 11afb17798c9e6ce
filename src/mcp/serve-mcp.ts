import type { Readable, Writable } from "node:stream";
import { RunningCalls } from "./running-calls.ts";
import type { McpServerOptions } from "./server.ts";
import { createMcpServer } from "./server.ts";
import { StdioTransport } from "./stdio-transport.ts";

/** After the end of input, calls may still end by themselves: `printf … | claude-orch mcp` gets its answers. */
const FINISH_MS = 1000;
/** How long aborted calls may take to put down what they hold. Clients kill a server about 2 s after asking it to go. */
const ABORT_MS = 1500;

export interface ServeMcpOptions extends Omit<McpServerOptions, "calls"> {
  /** The client's messages, one a line. */
  input: Readable;
  /** Carries the protocol and nothing else. */
  output: Writable;
  /** Stops the server when it aborts. Without it, SIGINT, SIGTERM and SIGHUP do. */
  signal?: AbortSignal;
}

/**
 * Serves MCP on a pair of streams until the client hangs up or somebody asks it to stop. Then calls in flight are
 * ended in order, so that what they journalled is true, and answered where the client still listens. Agents go on.
 * Resolves when nothing is left running; the caller then closes what `makeContext` hands out.
 */
export async function serveMcp(options: ServeMcpOptions): Promise<void> {
  const { input, output, clock, logger, signal, ...serverOptions } = options;
  const calls = new RunningCalls();
  const transport = new StdioTransport(input, output);
  const server = createMcpServer({ ...serverOptions, clock, logger, calls });
  const asked = askedToStop(signal);
  try {
    await server.connect(transport);
    const reason = await Promise.race([transport.hungUp, asked.once]);
    logger.info("mcp.stopping", { reason });

    const within = async (ms: number, work: Promise<unknown>) => {
      const isOver = new AbortController();
      await Promise.race([work, clock.sleep(ms, isOver.signal).catch(() => undefined), asked.twice]);
      isOver.abort();
    };
    if (reason === "input ended") {
      const answered = calls.answered().then(() => transport.drained());
      await within(FINISH_MS, Promise.race([answered, asked.once]));
    }
    calls.stop(reason);
    const ended = calls.ended().then(() => transport.drained());
    await within(ABORT_MS, ended);
  } finally {
    await server.close();
    asked.forget();
  }
}

/** Who asks a second time wants it now. */
function askedToStop(signal: AbortSignal | undefined) {
  let count = 0;
  let first: (reason: string) => void = () => undefined;
  let second: () => void = () => undefined;
  const once = new Promise<string>((resolve) => {
    first = resolve;
  });
  const twice = new Promise<void>((resolve) => {
    second = resolve;
  });
  const ask = (reason: string) => {
    count += 1;
    if (count === 1) first(reason);
    else second();
  };
  const onAbort = () => ask("aborted");
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  // One signal must not count twice: whoever hands in an AbortSignal listens to the process himself.
  const names = signal ? [] : (["SIGINT", "SIGTERM", "SIGHUP"] as const);
  for (const name of names) process.on(name, ask);
  return {
    once,
    twice,
    forget() {
      for (const name of names) process.off(name, ask);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
