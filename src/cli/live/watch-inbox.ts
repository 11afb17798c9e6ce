import { callOperation } from "../../operations/call.ts";
import { inbox } from "../../operations/inbox/inbox.ts";
import type { Invocation } from "../base-command.ts";
import { formatInbox, inboxName } from "../render/inbox.ts";
import { runLiveView } from "./live-view.ts";

/** `inbox --watch`. */
export async function watchInbox(
  invocation: Invocation,
  input: Record<string, unknown>,
  flags: Record<string, unknown>,
): Promise<void> {
  const { context, output } = invocation;
  await runLiveView(
    invocation,
    {
      load: () => callOperation(inbox, input, context),
      format: (value) => formatInbox(value, { ...output, columns: output.size().columns }),
      identity: ({ items }) => items.map(({ because: _, ...item }) => item),
      notices: ({ items }) =>
        items.map((item) => ({
          id: item.id,
          title: `${inboxName(item)}: ${item.kind}`,
          body: item.summary,
          data: item,
        })),
    },
    typeof flags.notify === "string" ? flags.notify : undefined,
  );
}
