import { StatusLine } from "../../src/cli/status-line";

/** A stream that keeps what it is given. */
function stream(isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly written: string[] } {
  const written: string[] = [];
  const fake = { isTTY, columns: 40, write: (text: string) => written.push(text) > 0 };
  return { stream: fake as unknown as NodeJS.WriteStream, written };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("a terminal shows what runs and for how long, cut to its width", () => {
  const { stream: terminal, written } = stream(true);
  const line = new StatusLine(terminal, true);
  line.show("statement 3: CREATE INDEX with a very long name ON a very long table");
  expect(written).toEqual([]);
  jest.advanceTimersByTime(2000);
  const shown = written.filter((text) => text.includes("statement 3"));
  expect(shown.at(-1)).toMatch(/^statement 3: CREATE INDEX .* \(2 s\)$/);
  expect(shown.at(-1)?.length).toBeLessThan(40);
  const before = written.length;
  line.end();
  jest.advanceTimersByTime(2000);
  // Only the line was taken away.
  expect(written.slice(before).join("")).not.toContain("statement");
});

test.each([
  ["no terminal", false, true],
  ["nobody who wants it", true, false],
])("with %s it stays silent", (_name, isTTY, isWanted) => {
  const { stream: other, written } = stream(isTTY);
  const line = new StatusLine(other, isWanted);
  line.show("statement 1");
  jest.advanceTimersByTime(2000);
  line.end();
  expect(written).toEqual([]);
});
