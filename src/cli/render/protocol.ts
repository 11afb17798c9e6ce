import type { Protocol } from "../../core/protocol.ts";
import type { ProtocolProblem } from "../../core/protocol-file.ts";
import { type Output, printable } from "../output.ts";
import { formatFactRows } from "./fact-rows.ts";
import { type Column, formatTable } from "./table.ts";

type Listed = Pick<Protocol, "name" | "aliases" | "description" | "prepend" | "origin">;

export function renderProtocols(
  { protocols, problems }: { protocols: Listed[]; problems: Omit<ProtocolProblem, "name">[] },
  output: Output,
): void {
  const columns: Column<Listed>[] = [
    { title: "protocol", value: ({ name }) => name },
    { title: "aliases", value: ({ aliases }) => aliases.join(", ") || "-" },
    { title: "prepend", value: ({ prepend }) => prepend },
    { title: "from", value: ({ origin }) => origin },
    { title: "what it is for", value: ({ description }) => description, isElastic: true },
  ];
  output.data(formatTable(protocols, columns, output));
  for (const { file, line, message } of problems) output.note(printable(`${file}:${line}: ${message}`));
}

const BEFORE: Record<Protocol["prepend"], string> = {
  always: "before each prompt",
  first: "before the first prompt of a conversation",
  never: "before no prompt",
};

export function renderProtocol({ protocol }: { protocol: Protocol }, output: Output): void {
  const rows: [string, string][] = [
    ["aliases", protocol.aliases.join(", ")],
    ["its message", BEFORE[protocol.prepend]],
    ["task files", protocol.taskFiles ? ".claude-orch/TODO.md and .claude-orch/tasks" : ""],
    ["on failure", protocol.onFailure === "fix" ? "a task to mend it" : ""],
    ["file", protocol.file],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  output.data(
    [
      `${output.paint.bold(printable(protocol.name))}  ${printable(protocol.description)}`,
      ...formatFactRows(shown, output),
      "",
      printable(protocol.text),
    ].join("\n"),
  );
}
