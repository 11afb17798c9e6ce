import { AppError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import type { Operation } from "./operation.ts";

/**
 * Who may call what. Workers see the operations marked for them and, through `resolve.ts`, only their own session;
 * observers only read.
 * @throws PERMISSION_DENIED
 */
export function authorise(operation: Operation, principal: Principal): void {
  if (isAllowed(operation, principal)) return;
  throw new AppError("PERMISSION_DENIED", `A ${principal.kind} may not call ${operation.name}`, {
    details: { operation: operation.name, principal: principal.kind },
  });
}

export function isAllowed(operation: Operation, principal: Principal): boolean {
  switch (principal.kind) {
    case "operator":
    case "manager":
      return true;
    case "observer":
      return operation.effect === "read";
    case "worker":
      return operation.exposure.worker;
  }
}

/** @throws PERMISSION_DENIED when a worker reaches outside its session (R1-32) */
export function assertSameSession(principal: Principal, sessionId: string): void {
  if (principal.kind !== "worker" || principal.sessionId === sessionId) return;
  throw new AppError("PERMISSION_DENIED", "An agent may only reach its own session", {
    hint: "Ask the person or manager who runs the other session.",
  });
}
