import { LimbeckError } from "../../src/errors";

/** What a body throws, as data to compare; undefined where it throws nothing. */
export function errorOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The LimbeckError that work ends with. Throws anything else that it throws, and where it throws nothing. */
export async function failure(work: Promise<unknown>): Promise<LimbeckError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LimbeckError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
