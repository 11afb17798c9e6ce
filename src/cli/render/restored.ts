import type { Output } from "../output.ts";
import { type Column, formatTable } from "./table.ts";

interface Restored {
  name: string;
  session: string;
  outcome: string;
  state?: string;
  reason?: string;
  missingEnv?: string[];
}

export function renderRestored({ agents }: { agents: Restored[] }, output: Output): void {
  const columns: Column<Restored>[] = [
    { title: "agent", value: ({ session, name }) => `${session}/${name}` },
    {
      title: "outcome",
      value: ({ outcome }) => outcome,
      paint: (text, { outcome }) => (outcome === "failed" ? output.paint.red(text) : text),
    },
    { title: "state", value: ({ state }) => state ?? "-" },
    { title: "reason", value: reasonOf, isElastic: true },
  ];
  output.data(agents.length === 0 ? "No agents." : formatTable(agents, columns, output));
}

function reasonOf({ reason, missingEnv }: Restored): string {
  const missing = missingEnv ? [`runs without ${missingEnv.join(", ")}: set them and start it again`] : [];
  return [...(reason === undefined ? [] : [reason]), ...missing].join("; ");
}
