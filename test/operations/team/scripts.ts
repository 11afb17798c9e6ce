/** Directives for the task of a consensus: each agent gets the same words, and plays only what is meant for it. */
export function proposes(name: string, text: string): string {
  return `[[if You are ${name}, one of | reply ${text}]]`;
}

export function votes(name: string, choice: string, reason: string): string {
  return `[[if You are ${name}, and vote | reply VOTE: ${choice}\nREASON: ${reason}]]`;
}
