import type { AgentState, TerminalRef } from "../../core/agent.ts";
import type { JsonValue } from "./client/json.ts";
import { setProfileProperties } from "./client/profile.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { inSession } from "./terminal.ts";

/** Red, green and blue, 0 to 1. What needs a person is warm; what has ended has no colour. */
const COLOURS: Partial<Record<AgentState, readonly [number, number, number]>> = {
  starting: [0.6, 0.6, 0.6],
  idle: [0.3, 0.69, 0.31],
  working: [0.26, 0.52, 0.96],
  waiting: [1, 0.65, 0.15],
  errored: [0.9, 0.22, 0.21],
};

/** Colours the tab, in the session's own copy of its profile. A session that a person opened keeps its looks. */
export async function colourTab(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  state: AgentState | null,
  signal?: AbortSignal,
): Promise<void> {
  const colour = state === null ? undefined : COLOURS[state];
  await inSession(link, options, ref, { signal }, async (client, { id }, { record }) => {
    if (record.adopted) return;
    const values = {
      "Use Tab Color": colour !== undefined,
      ...(colour ? { "Tab Color": asProfileValue(colour) } : {}),
    };
    await setProfileProperties(client, id, values, { signal });
  });
}

function asProfileValue([red, green, blue]: readonly [number, number, number]): JsonValue {
  return {
    "Red Component": red,
    "Green Component": green,
    "Blue Component": blue,
    "Alpha Component": 1,
    "Color Space": "sRGB",
  };
}
