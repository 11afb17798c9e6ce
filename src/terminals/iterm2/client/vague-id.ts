/**
 * Whether iTerm2 would take the id for whatever the person uses at that moment, or for everything: never what a program
 * means.
 */
export function isVague(id: string): boolean {
  return id === "" || id === "active" || id === "all";
}
