/**
 * Asks the server many small questions in a fixed number of round trips, in a transaction that leaves nothing behind.
 * One bad question spoils no other: each is asked inside a block of its own (manual, section 43.6.8).
 */
import { LimbeckError } from "../../errors";
import type { Queryable } from "../dialect";
import { stringLiteral } from "./quote";
import { withoutTrace } from "./without-trace";

/**
 * One question: statements, of which the last one but `read` may be asked to repeat, and a query for one text.
 * `text` stands for the marker in them; with `twice`, all is done again with the answer in its place.
 */
export interface Question {
  readonly make: readonly string[];
  readonly read: string;
  readonly text: string;
  readonly twice?: boolean;
  /** What was made stays until all questions are answered, because later ones build on it. */
  readonly keep?: boolean;
}

/** What came back: a text, or the SQLSTATE of what went wrong. */
export type Answer = { readonly text: string } | { readonly code: string };

/** Stands for the text of a question. */
export const MARKER = "\u0001limbeck\u0001";

/** Ends a block that went well, so that what it made is undone. */
const UNDONE = "LB000";

/** The answers, in the order of the questions. `readOnly` says that nothing is made for them. */
export async function ask(
  db: Queryable,
  questions: readonly Question[],
  { readOnly }: { readonly readOnly: boolean },
): Promise<readonly Answer[]> {
  if (questions.length === 0) return [];
  return await withoutTrace(db, readOnly, async () => {
    await db.query(`DO ${stringLiteral(program(questions))}`);
    const [row] = await db.query<{ answers: string }>("SELECT current_setting('limbeck.answers') AS answers");
    const answers = JSON.parse(row?.answers ?? "[]") as readonly (readonly [string | null, string | null])[];
    return answers.map(([text, code]) => (text === null ? { code: code ?? "" } : { text }));
  });
}

/** The first round trips fail on servers without PL/pgSQL and in places where no transaction may be opened. */
export function codeOf(error: unknown): string | undefined {
  const { code, driverError, cause } = error as {
    readonly code?: unknown;
    readonly driverError?: unknown;
    readonly cause?: unknown;
  };
  if (typeof code === "string" && !(error instanceof LimbeckError)) return code;
  const inner = driverError ?? cause;
  return typeof inner === "object" && inner !== null ? codeOf(inner) : undefined;
}

/** A program in PL/pgSQL; a variable keeps its value when the block around its assignment is undone. */
function program(questions: readonly Question[]): string {
  const items = questions.map(({ make, read, text, twice, keep }) => ({ make, read, text, twice, keep }));
  return `
DECLARE
  item jsonb;
  step text;
  given text;
  answer text;
  failed text;
  answers text[] := '{}';
BEGIN
  SET LOCAL client_min_messages = error;
  FOR item IN SELECT value FROM jsonb_array_elements(${stringLiteral(JSON.stringify(items))}::jsonb) LOOP
    answer := NULL;
    failed := NULL;
    given := item ->> 'text';
    BEGIN
      FOR round IN 1 .. CASE WHEN item ? 'twice' THEN 2 ELSE 1 END LOOP
        FOR step IN SELECT value FROM jsonb_array_elements_text(item -> 'make') LOOP
          EXECUTE replace(step, ${stringLiteral(MARKER)}, given);
        END LOOP;
        EXECUTE replace(item ->> 'read', ${stringLiteral(MARKER)}, given) INTO STRICT answer;
        given := answer;
      END LOOP;
      IF NOT item ? 'keep' THEN
        RAISE EXCEPTION USING ERRCODE = '${UNDONE}';
      END IF;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE <> '${UNDONE}' THEN
        answer := NULL;
        failed := SQLSTATE;
      END IF;
    END;
    answers := array_append(answers, jsonb_build_array(answer, failed)::text);
  END LOOP;
  PERFORM set_config('limbeck.answers', '[' || array_to_string(answers, ',') || ']', true);
END`;
}
