/** Pure functions that remember their answers, because a catalogue says the same things thousands of times. */

/** More than any schema has; a process that runs for long sees ever new ones. */
const MOST = 10_000;

/** The same function, which works an answer out once for each key. Answers are shared, so they must not be changed. */
export function remembering<Question extends readonly unknown[], Answer>(
  answer: (...question: Question) => Answer,
  keyOf: (...question: Question) => string,
): (...question: Question) => Answer {
  const known = new Map<string, { readonly answer: Answer }>();
  return (...question) => {
    const key = keyOf(...question);
    const found = known.get(key);
    if (found) return found.answer;
    if (known.size >= MOST) known.clear();
    const fresh = { answer: answer(...question) };
    known.set(key, fresh);
    return fresh.answer;
  };
}
