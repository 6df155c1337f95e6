/** What yargs says of a call that it cannot read, in words that name what is wrong with it. */
import { LimbeckError } from "../errors";
import type { CliCommand } from "./options";

const LIST = "`limbeck --help` lists the commands";

/** The error for a sentence of yargs about arguments. */
export function mistake(
  said: string,
  argv: readonly string[],
  commands: readonly CliCommand[],
): LimbeckError {
  const known = new Map(
    commands.flatMap(({ command }) => command.map((pattern) => [wordOf(pattern), pattern] as const)),
  );
  const typed = argv.find((argument) => known.has(argument));
  const pattern = typed === undefined ? undefined : known.get(typed);
  if (said.startsWith("Not enough non-option arguments") && pattern !== undefined) return missing(pattern);
  const unknown = /^Unknown (?:argument|command)s?: (\S+?),?(?:\s|$)/.exec(said)?.[1];
  // A word may be an option's value, and no command: yargs names the options that it does not know, too.
  if (typed !== undefined || unknown === undefined || argv.some((one) => isOption(one, unknown)))
    return new LimbeckError("USAGE", said, { hint: pattern === undefined ? LIST : helpOf(pattern) });
  const { likeness, SIMILAR } = require("../diff/likeness") as typeof import("../diff/likeness");
  const alike = [...known.keys()]
    .map((name) => ({ name, share: likeness(name, unknown) }))
    .filter(({ share }) => share >= SIMILAR)
    .sort((left, right) => right.share - left.share)[0];
  return new LimbeckError("USAGE", `there is no command "${unknown}"`, {
    hint: alike === undefined ? LIST : `did you mean \`limbeck ${alike.name}\`? ${LIST}`,
  });
}

function missing(pattern: string): LimbeckError {
  const name = wordOf(pattern);
  const needed = [...pattern.matchAll(/<(\w+)(?:\.\.)?>/g)].map(([, word = ""]) => `<${word}>`).join(" and ");
  return new LimbeckError("USAGE", `\`limbeck ${name}\` needs ${needed}, and none is given`, {
    hint: `write \`limbeck ${pattern}\`; ${helpOf(pattern)}`,
  });
}

function helpOf(pattern: string): string {
  return `\`limbeck ${wordOf(pattern)} --help\` tells what it takes`;
}

function wordOf(pattern: string): string {
  return pattern.split(" ")[0] ?? "";
}

function isOption(argument: string, name: string): boolean {
  return argument.startsWith("-") && argument.replace(/^-+/, "").split("=")[0] === name;
}
