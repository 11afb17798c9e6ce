import { describe, expect, it } from "vitest";
import { AppError, ERRORS, EXIT_CODES, toAppError, toEnvelope } from "../../src/core/errors.ts";

describe("errors", () => {
  it("carry the hint of the registry unless the thrower knows a better one", () => {
    expect(new AppError("AGENT_NOT_FOUND", "x").hint).toBe(ERRORS.AGENT_NOT_FOUND.hint);
    expect(new AppError("AGENT_NOT_FOUND", "x", { hint: "y" }).hint).toBe("y");
  });

  it("have the exit code of their kind", () => {
    expect(new AppError("DELIVERY_UNKNOWN", "x").exitCode).toBe(9);
    expect(EXIT_CODES).toEqual({
      internal: 1,
      usage: 2,
      "not-found": 3,
      conflict: 4,
      unavailable: 5,
      timeout: 6,
      failed: 7,
      denied: 8,
      unproved: 9,
      cancelled: 130,
    });
  });

  it("describe what nobody expected as a bug of ours, with its cause", () => {
    const cause = new TypeError("x is not a function");
    const error = toAppError(cause);
    expect(error).toMatchObject({ code: "INTERNAL", cause, exitCode: 1 });
    expect(toAppError("thrown string").message).toContain("thrown string");
  });

  it("describe an abort as cancelled", () => {
    expect(toAppError(new DOMException("The operation was aborted", "AbortError")).code).toBe("CANCELLED");
  });

  it("have one JSON form", () => {
    expect(toEnvelope(new AppError("AGENT_NOT_FOUND", "No agent x", { details: { agent: "x" } }))).toEqual({
      error: {
        code: "AGENT_NOT_FOUND",
        message: "No agent x",
        hint: ERRORS.AGENT_NOT_FOUND.hint,
        details: { agent: "x" },
      },
    });
  });

  it("end every hint with a full sentence", () => {
    for (const [code, { hint }] of Object.entries(ERRORS)) expect(hint, code).toMatch(/^[A-Z`].*\.$/s);
  });
});
