import { type Output, printable } from "../output.ts";

export function renderFocus(
  { agent, attach }: { agent: { name: string }; attach: string[] | null },
  output: Output,
): void {
  output.data(
    attach === null
      ? `${agent.name} is in front`
      : `Look at ${agent.name} with: ${attach.map(quote).map(printable).join(" ")}`,
  );
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
