/** Asks on the terminal what looks like a rename. */
import { createInterface } from "node:readline/promises";
import type { AskRename } from "../commands/renames";
import type { RenameQuestion } from "../diff/rename-questions";
import { oldPath, renameOption } from "../diff/renames";
import { LimbeckError } from "../errors";

/**
 * A person at a terminal, who answers by number; anything else is asked again. What was chosen is shown as the option
 * that says the same.
 *
 * The answer throws RENAME_QUESTION where the input ends or the run is interrupted before one is given.
 */
export function renameAsker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): AskRename {
  return async (question) => {
    const lines = createInterface({ input, output });
    const ended = new Promise<undefined>((resolve) => {
      lines.once("close", () => resolve(undefined));
    });
    const isNew = question.candidates.length;
    output.write(`${questionLines(question).join("\n")}\n`);
    try {
      for (;;) {
        const answer = await Promise.race([lines.question(`[1-${isNew + 1}] `, { signal }), ended]);
        if (answer === undefined) throw unanswered(question);
        const number = Number(answer.trim()) - 1;
        if (answer.trim() === "" || !Number.isInteger(number) || number < 0 || number > isNew) continue;
        const chosen = question.candidates[number];
        if (chosen) output.write(`answered: ${renameOption(chosen.rename)}\n`);
        return chosen && number;
      }
    } catch (error) {
      if (error instanceof LimbeckError || !signal.aborted) throw error;
      throw unanswered(question);
    } finally {
      lines.close();
    }
  };
}

function questionLines({ fresh, candidates }: RenameQuestion): readonly string[] {
  const names = candidates.map(({ rename }) => oldPath(rename));
  return [
    `${fresh} is not in the database: is it new, or renamed?`,
    ...candidates.map(
      ({ reasons }, place) => `  [${place + 1}] renamed from ${names[place] ?? ""} (${reasons.join(", ")})`,
    ),
    `  [${candidates.length + 1}] new; ${names.join(" and ")} ${names.length === 1 ? "is" : "are"} something else`,
  ];
}

function unanswered({ fresh, candidates }: RenameQuestion): LimbeckError {
  const ways = candidates.map(({ rename }) => renameOption(rename)).join(" or ");
  return new LimbeckError("RENAME_QUESTION", `${fresh} may be a rename, and the question was not answered`, {
    hint: `answer with ${ways}, or say --no-renames where drop and add is meant`,
  });
}
