import type { Principal } from "../core/principal.ts";
import type { Operation } from "../operations/operation.ts";
import { isAllowed } from "../operations/policy/authorise.ts";

/** The operations that a caller gets to see: a worker its own few, an observer what only reads. */
export function visibleOperations(operations: readonly Operation[], principal: Principal): Operation[] {
  return operations.filter(
    (operation) =>
      (principal.kind === "worker" ? operation.exposure.worker !== false : operation.exposure.mcp) &&
      isAllowed(operation, principal),
  );
}
