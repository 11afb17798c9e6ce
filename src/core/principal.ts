/** Who calls (interface §1). A worker is bound to its own agent and session; few may start agents of their own. */
export type Principal =
  | { kind: "operator" }
  | { kind: "manager" }
  | { kind: "observer" }
  | { kind: "worker"; agentId: string; sessionId: string; maySpawn?: boolean };

/** How a sender is named in a message row. */
export function senderName(principal: Principal): string {
  return principal.kind === "worker" ? principal.agentId : principal.kind;
}
