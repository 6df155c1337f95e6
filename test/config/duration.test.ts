import { describeDuration, parseDuration } from "../../src/config/duration";

test.each<[string, number | undefined]>([
  ["500ms", 500],
  ["5s", 5000],
  [" 1.5 s ", 1500],
  ["2min", 120_000],
  ["2m", 120_000],
  ["1h", 3_600_000],
  ["5", undefined],
  ["5 days", undefined],
  ["-5s", undefined],
  ["", undefined],
])("%j is %j milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each<[number, string]>([
  [350, "350 ms"],
  [12_000, "12 s"],
  [120_000, "2 min"],
  [200_000, "3 min 20 s"],
])("%d milliseconds are said as %j", (milliseconds, words) => {
  expect(describeDuration(milliseconds)).toBe(words);
});
