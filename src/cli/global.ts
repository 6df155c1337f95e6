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

/** Adds the global options. */
export function withGlobals(yargs: Argv): Argv<GlobalArguments> {
  return yargs.options({
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
  }) as unknown as Argv<GlobalArguments>;
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
