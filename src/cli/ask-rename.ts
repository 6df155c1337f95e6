/** Asks on the terminal what looks like a rename. */
import { createInterface } from "node:readline";
import type { AskRename } from "../commands/renames";
import type { RenameQuestion } from "../diff/rename-questions";
import { howToAnswer, oldPath, renameOption } from "../diff/renames";
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
  const answer = async (question: RenameQuestion): Promise<number | undefined> => {
    const isNew = question.candidates.length;
    output.write(`${questionLines(question).join("\n")}\n`);
    // It is closed by Ctrl-C, Ctrl-D, the end of the input and the signal, and then has no more lines.
    const lines = createInterface({ input, output, signal, prompt: `[1-${isNew + 1}] ` });
    lines.prompt();
    try {
      for await (const line of lines) {
        const number = line.trim() === "" ? NaN : Number(line) - 1;
        if (Number.isInteger(number) && number >= 0 && number <= isNew) {
          const chosen = question.candidates[number];
          if (chosen) output.write(`answered: ${renameOption(chosen.rename)}\n`);
          return chosen && number;
        }
        lines.prompt();
      }
    } finally {
      lines.close();
    }
    throw unanswered(question);
  };
  return Object.assign(answer, { by: "on the terminal" });
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
  const options = candidates.map(({ rename }) => renameOption(rename));
  const sentence = `${fresh} may be a rename, and the question was not answered`;
  return new LimbeckError("RENAME_QUESTION", sentence, { hint: howToAnswer([{ sentence, options }]) });
}
