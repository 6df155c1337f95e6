/** The options that every command takes, before it or after it. */
import type { Argv } from "yargs";

/** The global options as they were typed. */
export interface GlobalArguments {
  readonly config?: string;
  readonly name?: string;
  readonly env?: string;
  readonly x?: readonly string[];
  readonly dataSource?: string;
  readonly quiet?: boolean;
  readonly raise?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly output?: string;
}

const GLOBAL = "Options of every command:";

/** A command's own options stand in its help before those of every command. */
export function ownFirst(builder: (yargs: Argv) => Argv): (yargs: Argv) => Argv {
  return (yargs) => {
    const before = optionNames(yargs);
    const built = builder(yargs);
    return built.group(
      optionNames(built).filter((name) => !before.includes(name)),
      "Options:",
    );
  };
}

/** What yargs knows of options; its types leave these methods out. */
interface Known {
  getOptions(): { readonly key: object; readonly alias: Readonly<Record<string, readonly string[]>> };
  getGroups(): Readonly<Record<string, readonly string[]>>;
}

/** The options by their first names, without what is typed without one. */
function optionNames(yargs: Argv): readonly string[] {
  const known = yargs as unknown as Known;
  const { key, alias } = known.getOptions();
  const others = new Set([...Object.values(alias).flat(), ...(known.getGroups()["Positionals:"] ?? [])]);
  return Object.keys(key).filter((name) => !others.has(name));
}

/** Adds the global options. */
export function withGlobals(yargs: Argv): Argv<GlobalArguments> {
  const options = {
    config: { alias: "c", type: "string", requiresArg: true, describe: "The configuration file" },
    name: { alias: "n", type: "string", requiresArg: true, describe: "Which of several databases" },
    env: { type: "string", requiresArg: true, describe: "Which of the environments (or LIMBECK_ENV)" },
    x: {
      type: "string",
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: "key=value for env.ts, repeatable",
    },
    dataSource: {
      alias: ["d", "data-source"],
      type: "string",
      requiresArg: true,
      describe: "The file of the data source",
    },
    quiet: { alias: "q", type: "boolean", describe: "Results only" },
    raise: { type: "boolean", describe: "Errors with their whole stack" },
    json: { type: "boolean", describe: "Results as JSON" },
    color: { type: "boolean", default: true, describe: "--no-color: no colours" },
    output: { alias: "o", type: "string", requiresArg: true, describe: "Write SQL or data to a file" },
  } as const;
  const names = [...Object.keys(options), "help", "version"];
  return yargs.options(options).group(names, GLOBAL) as unknown as Argv<GlobalArguments>;
}

/** `-x key=value` as an object. A key alone has an empty value. */
export function xArguments(typed: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    typed.map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
