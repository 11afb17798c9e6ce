import type { AppError } from "../../core/errors.ts";
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

/** What can be said where home, settings or store keep everything else from being looked at. */
export async function diagnosisWithoutContext(
  error: AppError,
  { version }: { version: string },
): Promise<Report & Record<string, unknown>> {
  const [check = "store"] = (["home", "settings", "store"] as const).filter((name) =>
    error.code.startsWith(name === "settings" ? "CONFIG_" : `${name.toUpperCase()}_`),
  );
  const finding = { check, status: "problem" as const, message: error.message, fix: error.hint };
  return { ok: false, version, backend: null, findings: [finding] };
}
