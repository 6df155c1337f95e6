import { LimbeckError } from "../../src/errors";

/** The error of Limbeck's that something throws. */
export function failure(body: () => unknown): LimbeckError {
  try {
    body();
  } catch (error) {
    if (error instanceof LimbeckError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
