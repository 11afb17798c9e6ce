import { AppError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Operation, Risk } from "../operation.ts";

export const REACHES = [
  "everything",
  "what only reads",
  "what agents are offered, in their own session",
  "starting agents of their own, where their role says spawn",
  "nothing",
] as const;
export type Reach = (typeof REACHES)[number];

/** Who may call what, by the risk of the operation. `policy` shows this very table. */
export const RIGHTS: Readonly<Record<Principal["kind"], Readonly<Record<Risk, Reach>>>> = {
  operator: { low: "everything", medium: "everything", high: "everything" },
  manager: { low: "everything", medium: "everything", high: "everything" },
  observer: { low: "what only reads", medium: "what only reads", high: "what only reads" },
  worker: {
    low: "what agents are offered, in their own session",
    medium: "what agents are offered, in their own session",
    high: "starting agents of their own, where their role says spawn",
  },
};

/**
 * Workers see the operations marked for them and, through `resolve.ts`, only their own session; observers only read.
 * @throws PERMISSION_DENIED
 */
export function authorise(operation: Operation, principal: Principal): void {
  if (isAllowed(operation, principal)) return;
  throw new AppError("PERMISSION_DENIED", `A ${principal.kind} may not call ${operation.name}`, {
    details: { operation: operation.name, principal: principal.kind },
  });
}

export function isAllowed(operation: Operation, principal: Principal): boolean {
  switch (RIGHTS[principal.kind][operation.risk]) {
    case "everything":
      return true;
    case "what only reads":
      return operation.effect === "read";
    case "what agents are offered, in their own session":
      return operation.exposure.worker === true;
    case "starting agents of their own, where their role says spawn":
      return operation.exposure.worker === "spawn" && principal.kind === "worker" && principal.maySpawn === true;
    case "nothing":
      return false;
  }
}

/** @throws PERMISSION_DENIED when a worker reaches outside its session (R1-32) */
export function assertSameSession(principal: Principal, sessionId: string): void {
  if (principal.kind !== "worker" || principal.sessionId === sessionId) return;
  throw new AppError("PERMISSION_DENIED", "An agent may only reach its own session", {
    hint: "Ask the person or manager who runs the other session.",
  });
}
