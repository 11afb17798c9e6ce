/** One event of a Messages API stream: its data repeats its name as `type`. */
export function serverSentEvent(type: string, fields: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
