import type { AgentView } from "../../core/agent.ts";
import type { Role } from "../../core/role.ts";
import type { RoleProblem } from "../../core/role-file.ts";
import type { SourcedRule } from "../../core/role-rights.ts";
import { type Output, printable } from "../output.ts";
import { formatAgent } from "./agents.ts";
import { formatFactRows } from "./fact-rows.ts";
import { type Column, formatTable } from "./table.ts";

type Listed = Pick<Role, "name" | "aliases" | "description" | "origin" | "file">;

export function renderRoles({ roles, problems }: { roles: Listed[]; problems: RoleProblem[] }, output: Output): void {
  const columns: Column<Listed>[] = [
    { title: "role", value: ({ name }) => name },
    { title: "aliases", value: ({ aliases }) => aliases.join(", ") || "-" },
    { title: "from", value: ({ origin }) => origin },
    { title: "what it is for", value: ({ description }) => description, isElastic: true },
  ];
  output.data(formatTable(roles, columns, output));
  for (const { file, line, message } of problems) output.note(printable(`${file}:${line}: ${message}`));
}

export function renderRole({ role }: { role: Role }, output: Output): void {
  const rows: [string, string][] = [
    ["aliases", role.aliases.join(", ")],
    ["model", role.model ?? ""],
    ["permission mode", role.permissionMode ?? ""],
    ["tools", role.tools === null ? "all" : role.tools.join(", ") || "none"],
    ["without", role.disallowedTools.join(", ")],
    ...role.rules.map(({ effect, rule }): [string, string] => [effect, rule]),
    ["max agents", role.limits.maxAgents?.toLocaleString("en") ?? ""],
    ["max tokens", role.limits.maxTokens?.toLocaleString("en") ?? ""],
    ["max cost", role.limits.maxCost === null ? "" : `$${role.limits.maxCost}`],
    ["spawns agents", role.spawn ? "yes" : ""],
    ["file", role.file],
  ];
  output.data(
    [
      `${output.paint.bold(printable(role.name))}  ${printable(role.description)}`,
      ...formatFactRows(
        rows.filter(([, value]) => value !== ""),
        output,
      ),
      "",
      printable(role.prompt),
    ].join("\n"),
  );
  for (const note of role.notes) output.note(printable(note));
}

interface Explained {
  role: Pick<Role, "name" | "origin" | "file">;
  session: { name: string } | null;
  model: { value: string | null; from: string };
  permissionMode: { value: string; from: string };
  tools: { value: string[] | null; from: string };
  rules: (SourcedRule & { overruledBy: string | null })[];
  otherwise: string;
  notes: string[];
}

const ORDER: Record<SourcedRule["effect"], number> = { deny: 0, ask: 1, allow: 2 };

export function renderExplained(explained: Explained, output: Output): void {
  const { role, session, model, permissionMode, tools, rules, otherwise } = explained;
  const { paint } = output;
  const columns: Column<Explained["rules"][number]>[] = [
    {
      title: "effect",
      value: ({ effect }) => effect,
      paint: (text, { effect }) =>
        effect === "allow" ? paint.green(text) : effect === "deny" ? paint.red(text) : paint.yellow(text),
    },
    { title: "rule", value: ({ rule }) => rule },
    { title: "from", value: ({ source }) => source },
    { title: "", value: ({ overruledBy }) => (overruledBy === null ? "" : `no effect: ${overruledBy} is stronger`) },
  ];
  const rows: [string, string][] = [
    ["file", `${role.file} (${role.origin})`],
    ["session", session?.name ?? "none"],
    ["model", `${model.value ?? "Claude Code's own"} (${model.from})`],
    ["permission mode", `${permissionMode.value} (${permissionMode.from})`],
    ["tools", `${tools.value === null ? "all" : tools.value.join(", ") || "none"} (${tools.from})`],
  ];
  const sorted = rules.toSorted((a, b) => ORDER[a.effect] - ORDER[b.effect]);
  output.data(
    [
      paint.bold(printable(role.name)),
      ...formatFactRows(rows, output),
      "",
      formatTable(sorted, columns, output),
      "",
      `${otherwise}.`,
    ].join("\n"),
  );
  for (const note of explained.notes) output.note(printable(note));
}

export function renderAssigned(
  { agent, applied, missingEnv }: { agent: AgentView; applied: string; missingEnv?: string[] },
  output: Output,
): void {
  output.data(formatAgent(agent, output));
  output.note(`Role ${printable(agent.role)}: ${applied}`);
  if (missingEnv) output.note(`It runs without ${missingEnv.map(printable).join(", ")}: set them and start it again`);
}
