/** The chapter of the commands: what each says of itself. */
import { Site } from "../site";
import type { Chapter } from "./chapter";

const COMMAND = /^ {2}limbeck (\S+)/;

export function commands(): Chapter {
  const site = new Site("empty");
  try {
    const help = (of: string): string => site.run(`COLUMNS=100 limbeck ${of} --help`).printed.trim();
    const all = help("");
    const names = all.split("\n").flatMap((line) => COMMAND.exec(line)?.[1] ?? []);
    return {
      title: "Commands",
      intro: [
        "What `limbeck COMMAND --help` says. The exit status is 0 when it is done, 1 when the answer is no, 2 when it could not start, 3 when a migration failed.",
        "",
        "```text",
        all,
        "```",
      ].join("\n"),
      pages: names.map((name) => ({ name, text: `\`\`\`text\n${help(name)}\n\`\`\`` })),
    };
  } finally {
    site.remove();
  }
}
