/**
 * What people type that a parser of options would misread: `downgrade -1`, `-r -3:`, `-1:base`. Relative revisions get
 * a mark that no shell and no parser minds, and lose it again when they are read.
 */

/** Stands before a relative revision on its way through the parser. */
const MARK = "\u0001";
const RELATIVE = /^[+-]\d+(?::.*)?$/;
const VALUED = new Set(["-r", "--rev-range", "--revRange"]);

/** Options whose value is never a relative revision. */
const VALUES = new Set(
  "-m --message -x --x -c --config -d --dataSource --data-source -n --name --env -o --output --rollback --rev-id --tag --branch-label --version-path -t --template --lock-wait --rename --editor".split(
    " ",
  ),
);

/** The arguments with relative revisions marked. */
export function markRelative(argv: readonly string[]): readonly string[] {
  return argv.map((argument, index) => {
    const before = argv[index - 1] ?? "";
    if (RELATIVE.test(argument) && !isOtherValue(before)) return MARK + argument;
    const joined = /^(-r|--rev-range=)([+-]\d+.*)$/.exec(argument);
    if (joined) return `--rev-range=${MARK}${joined[2] ?? ""}`;
    return VALUED.has(before) && argument.startsWith("-") ? MARK + argument : argument;
  });
}

/** The argument as it was typed. */
export function unmarked(argument: string): string {
  return argument.startsWith(MARK) ? argument.slice(MARK.length) : argument;
}

/** `-m -1` is a message. */
function isOtherValue(before: string): boolean {
  return VALUES.has(before);
}
