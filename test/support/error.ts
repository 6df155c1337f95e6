/** What a body throws, as data to compare; undefined where it throws nothing. */
export function errorOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}
