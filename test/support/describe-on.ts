/** Tests for each place that they can run on, of which a machine may have none. */

/** A place by its name: a kind of database, a server, a terminal. */
type Place = string | { readonly name: string };

/**
 * `describe` for each place, its name in the title where that says `%s`. Jest refuses a table and a file without tests, so
 * where there is no place, one test stands skipped, and the reason is printed.
 */
export function describeOn<P extends Place>(
  places: readonly P[],
  title: string,
  body: (place: P) => void,
  missing = "there is no such server here",
): void {
  for (const place of places) {
    describe(title.replace("%s", typeof place === "string" ? place : place.name), () => body(place));
  }
  if (places.length > 0) return;
  console.warn(`not run: "${title.replace("%s", "…")}", because ${missing}`);
  test.skip(title, () => undefined);
}
