import { Decorations } from "../../operations/agent/decorations.ts";
import { callOperation } from "../../operations/call.ts";
import { status } from "../../operations/status.ts";
import type { Invocation } from "../base-command.ts";
import { formatStatus } from "../render/status.ts";
import { runLiveView } from "./live-view.ts";

/** `status --watch`. While it runs, tabs have the colours of their agents' states, where the terminal program can. */
export async function watchStatus(
  invocation: Invocation,
  input: Record<string, unknown>,
  flags: Record<string, unknown>,
): Promise<void> {
  const { context, output } = invocation;
  const decorations = new Decorations(context);
  await runLiveView(
    invocation,
    {
      load: async () => {
        const value = await callOperation(status, input, context);
        await decorations.show(value.agents);
        return value;
      },
      // A box that somebody ticks rings no bell, and is to be seen within a second.
      lookEveryMs: 500,
      format: (value) => formatStatus(value, { ...output, columns: output.size().columns }),
      identity: (value) => ({ ...value, agents: value.agents.map(({ because: _, ...agent }) => agent) }),
      notices: ({ attention, tasks }) => [
        ...attention.map((item) => ({
          id: `${item.agentId} ${item.state} ${item.summary}`,
          title: `${item.agent} is ${item.state}`,
          body: item.summary,
          data: item,
        })),
        ...tasks.attention.map((item) => ({
          id: `${item.taskId} ${item.state} ${item.summary}`,
          title: `${item.task} ${item.state === "failed" ? "failed" : "asks something"}`,
          body: item.summary,
          data: item,
        })),
      ],
    },
    typeof flags.notify === "string" ? flags.notify : undefined,
  ).finally(() => decorations.clear());
}
