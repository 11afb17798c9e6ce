/**
 * 2.1.329 hands a collapsed paste to the model, to hooks and to the transcript inside
 * `<pasted_content id="77bc">…</pasted_content id="77bc">` (facts §5.1); this is the text that was pasted.
 */
export function unwrapPasted(text: string): string {
  if (!text.includes("<pasted_content id=")) return text;
  return text.replace(/\n*<pasted_content id="([^"]*)">\n([\s\S]*?)\n<\/pasted_content id="\1">\n?/g, "$2");
}

/** Is what Claude Code received the text that was sent? */
export function isSamePrompt(received: string, expected: string): boolean {
  return received === expected || unwrapPasted(received) === expected;
}
