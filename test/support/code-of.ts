import { AppError } from "../../src/core/errors.ts";

/** Code of the error that this ends in, "none" when it works; what is no error of ours fails the test. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
