import { type Output, printable } from "../output.ts";

interface Report {
  ok: boolean;
  findings: { check: string; status: "ok" | "warning" | "problem"; message: string; fix?: string }[];
}

export function renderDoctor({ ok, findings }: Report, output: Output): void {
  const { paint } = output;
  const marks = { ok: paint.green("ok     "), warning: paint.yellow("warning"), problem: paint.red("problem") };
  for (const { check, status, message, fix } of findings) {
    output.data(`${marks[status]} ${check}: ${printable(message)}`);
    if (fix) output.data(`        Try this: ${printable(fix)}`);
  }
  output.data(
    ok ? "Agents can be run on this machine." : paint.red("Agents cannot be run yet: see the problems above."),
  );
}
