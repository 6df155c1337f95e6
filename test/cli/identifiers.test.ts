/**
 * Every identifier in every position, through the built command line, typed just so: without quotes and without `--`.
 * The graph is that of Alembic's manual; what the version table holds is said for each position.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { runMany } from "./many";
import { CLI, Project } from "./project";
import type { Outcome } from "./project";
import { shopFiles } from "./shop";

/** A position: what the database is at, and how the identifier is typed. */
interface Position {
  readonly rows: readonly string[];
  readonly typed: (identifier: string) => readonly string[];
}

const UPPER = ["27c6", "ae10"];
const ALL = ["2a95", "d747"];
const POSITIONS = {
  upgrade: { rows: UPPER, typed: (id) => ["upgrade", id, "--json"] },
  downgrade: { rows: ALL, typed: (id) => ["downgrade", id, "--json"] },
  stamp: { rows: UPPER, typed: (id) => ["stamp", id, "--json"] },
  show: { rows: UPPER, typed: (id) => ["show", id, "--json"] },
  history: { rows: UPPER, typed: (id) => ["history", "-r", id, "--json"] },
  // Anything does beside it, as long as it is none of what is merged.
  merge: { rows: UPPER, typed: (id) => ["merge", id, "29f8", "--splice", "--rev-id", "new", "--json"] },
  head: { rows: UPPER, typed: (id) => ["revision", "--head", id, "--splice", "--rev-id", "new", "--json"] },
  script: { rows: [], typed: (id) => ["upgrade", id, "--sql"] },
  back: { rows: [], typed: (id) => ["downgrade", id, "--sql"] },
} as const satisfies Readonly<Record<string, Position>>;
type PositionName = keyof typeof POSITIONS;

/** What comes of each: the version rows, or the revisions, by the beginnings of their ids; or the code of an error. */
type Row = readonly [identifier: string, outcomes: Readonly<Partial<Record<PositionName, string>>>];

const TABLE: readonly Row[] = [
  [
    "109ec7d132bf",
    {
      upgrade: "109e 27c6 ae10",
      downgrade: "109e 55af d747",
      stamp: "109e 27c6 ae10",
      show: "109e",
      history: "INVALID_TARGET",
      merge: "109e 29f8",
      head: "109e",
      script: "base>3cac 3cac>109e",
    },
  ],
  [
    "ae1027",
    {
      upgrade: "27c6 ae10",
      downgrade: "29f8 ae10 d747",
      stamp: "27c6 ae10",
      show: "ae10",
      history: "INVALID_TARGET",
      merge: "ae10 29f8",
      head: "ae10",
      script: "base>1975 1975>ae10",
    },
  ],
  [
    "1",
    {
      upgrade: "AMBIGUOUS_REVISION",
      downgrade: "AMBIGUOUS_REVISION",
      stamp: "AMBIGUOUS_REVISION",
      show: "AMBIGUOUS_REVISION",
      history: "INVALID_TARGET",
      merge: "AMBIGUOUS_REVISION",
      head: "AMBIGUOUS_REVISION",
      script: "refused",
    },
  ],
  [
    "zz",
    {
      upgrade: "UNKNOWN_REVISION",
      downgrade: "UNKNOWN_REVISION",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "head",
    {
      upgrade: "MULTIPLE_HEADS",
      downgrade: "MULTIPLE_HEADS",
      stamp: "MULTIPLE_HEADS",
      show: "MULTIPLE_HEADS",
      history: "INVALID_TARGET",
      merge: "MULTIPLE_HEADS",
      head: "MULTIPLE_HEADS",
      script: "refused",
    },
  ],
  [
    "heads",
    {
      upgrade: "2a95 d747",
      downgrade: "MULTIPLE_HEADS",
      stamp: "2a95 d747",
      show: "2a95 d747",
      history: "INVALID_TARGET",
      merge: "2a95 55af d747 29f8",
      head: "2a95 d747",
      script: "base>3cac 3cac>109e 109e>29f8 base>1975 1975>ae10 ae10>55af 29f8>2a95 1975>27c6 27c6>d747",
    },
  ],
  [
    "base",
    {
      upgrade: "27c6 ae10",
      downgrade: "-",
      stamp: "-",
      show: "-",
      history: "INVALID_TARGET",
      merge: "USAGE",
      head: "-",
      script: "-",
    },
  ],
  [
    "current",
    {
      upgrade: "27c6 ae10",
      downgrade: "MULTIPLE_HEADS",
      stamp: "27c6 ae10",
      show: "27c6 ae10",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  [
    "cart",
    {
      upgrade: "27c6 ae10",
      downgrade: "27c6 2a95",
      stamp: "27c6 ae10",
      show: "27c6",
      history: "INVALID_TARGET",
      merge: "27c6 29f8",
      head: "27c6",
      script: "base>1975 1975>27c6",
    },
  ],
  [
    "cart@head",
    {
      upgrade: "ae10 d747",
      downgrade: "MULTIPLE_HEADS",
      stamp: "ae10 d747",
      show: "d747",
      history: "INVALID_TARGET",
      merge: "d747 29f8",
      head: "d747",
      script: "base>1975 1975>27c6 27c6>d747",
    },
  ],
  [
    "cart@heads",
    {
      upgrade: "ae10 d747",
      downgrade: "MULTIPLE_HEADS",
      stamp: "ae10 d747",
      show: "d747",
      history: "INVALID_TARGET",
      merge: "d747 29f8",
      head: "d747",
      script: "base>1975 1975>27c6 27c6>d747",
    },
  ],
  [
    "cart@base",
    {
      upgrade: "27c6 ae10",
      downgrade: "29f8",
      stamp: "ae10",
      show: "-",
      history: "INVALID_TARGET",
      merge: "USAGE",
      head: "-",
      script: "-",
    },
  ],
  [
    "networking@base",
    {
      upgrade: "27c6 ae10",
      downgrade: "55af d747",
      stamp: "27c6 ae10",
      show: "-",
      history: "INVALID_TARGET",
      merge: "USAGE",
      head: "-",
      script: "-",
    },
  ],
  [
    "ae10@head",
    {
      upgrade: "27c6 55af",
      downgrade: "MULTIPLE_HEADS",
      stamp: "27c6 55af",
      show: "55af",
      history: "INVALID_TARGET",
      merge: "55af 29f8",
      head: "55af",
      script: "base>1975 1975>ae10 ae10>55af",
    },
  ],
  [
    "1975@heads",
    {
      upgrade: "55af d747",
      downgrade: "MULTIPLE_HEADS",
      stamp: "55af d747",
      show: "55af d747",
      history: "INVALID_TARGET",
      merge: "55af d747 29f8",
      head: "55af d747",
      script: "base>1975 1975>ae10 ae10>55af 1975>27c6 27c6>d747",
    },
  ],
  [
    "cart@1975",
    {
      upgrade: "27c6 ae10",
      downgrade: "2a95",
      stamp: "1975",
      show: "1975",
      history: "INVALID_TARGET",
      merge: "1975 29f8",
      head: "1975",
      script: "base>1975",
    },
  ],
  [
    "networking@ae10",
    {
      upgrade: "UNKNOWN_REVISION",
      downgrade: "29f8 ae10 d747",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "cart@current",
    {
      upgrade: "27c6 ae10",
      downgrade: "MULTIPLE_HEADS",
      stamp: "27c6 ae10",
      show: "27c6",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  [
    "+1",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "-1",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "29f8 27c6",
      history: "INVALID_TARGET",
      merge: "USAGE",
      head: "29f8 27c6",
      script: "refused",
    },
  ],
  [
    "+2",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "cart@+1",
    {
      upgrade: "ae10 d747",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>1975",
    },
  ],
  [
    "cart@-1",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "27c6 2a95",
      stamp: "UNKNOWN_REVISION",
      show: "27c6",
      history: "INVALID_TARGET",
      merge: "27c6 29f8",
      head: "27c6",
      script: "refused",
    },
  ],
  [
    "networking@+1",
    {
      upgrade: "27c6 3cac ae10",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>3cac",
    },
  ],
  [
    "networking@-1",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "29f8 55af d747",
      stamp: "UNKNOWN_REVISION",
      show: "29f8",
      history: "INVALID_TARGET",
      merge: "USAGE",
      head: "29f8",
      script: "refused",
    },
  ],
  [
    "ae10+1",
    {
      upgrade: "27c6 55af",
      downgrade: "NOT_ANCESTOR",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>1975 1975>ae10 ae10>55af",
    },
  ],
  [
    "55af-1",
    {
      upgrade: "27c6 ae10",
      downgrade: "29f8 ae10 d747",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>1975 1975>ae10",
    },
  ],
  [
    "2a95-2",
    {
      upgrade: "109e 27c6 ae10",
      downgrade: "109e 55af d747",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>3cac 3cac>109e",
    },
  ],
  [
    "cart@head-1",
    {
      upgrade: "27c6 ae10",
      downgrade: "27c6 2a95",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>1975 1975>27c6",
    },
  ],
  [
    "head-1",
    {
      upgrade: "MULTIPLE_HEADS",
      downgrade: "MULTIPLE_HEADS",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "base+1",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "networking@base+1",
    {
      upgrade: "27c6 3cac ae10",
      downgrade: "3cac 55af d747",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>3cac",
    },
  ],
  [
    "cart@1975+1",
    {
      upgrade: "27c6 ae10",
      downgrade: "27c6 2a95",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "base>1975 1975>27c6",
    },
  ],
  [
    "ae10+9",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "ae10-9",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "UNKNOWN_REVISION",
      show: "UNKNOWN_REVISION",
      history: "INVALID_TARGET",
      merge: "UNKNOWN_REVISION",
      head: "UNKNOWN_REVISION",
      script: "refused",
    },
  ],
  [
    "cart@",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "INVALID_TARGET",
      show: "INVALID_TARGET",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  [
    "@head",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "INVALID_TARGET",
      show: "INVALID_TARGET",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  [
    "a:b:c",
    {
      upgrade: "USAGE",
      downgrade: "USAGE",
      stamp: "INVALID_TARGET",
      show: "INVALID_TARGET",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  [
    "",
    {
      upgrade: "INVALID_TARGET",
      downgrade: "INVALID_TARGET",
      stamp: "INVALID_TARGET",
      show: "INVALID_TARGET",
      history: "INVALID_TARGET",
      merge: "INVALID_TARGET",
      head: "INVALID_TARGET",
      script: "refused",
    },
  ],
  ["1975:ae10", { history: "ae10 1975", script: "1975>ae10", back: "refused" }],
  ["27c6:", { history: "d747 27c6", script: "refused", back: "refused" }],
  [":109e", { history: "109e 3cac", script: "base>3cac 3cac>109e", back: "refused" }],
  ["-3:", { history: "d747 27c6 2a95 55af ae10 1975 29f8 109e 3cac", script: "refused", back: "refused" }],
  ["-1:", { history: "d747 27c6 2a95 29f8", script: "refused", back: "refused" }],
  ["-3:current", { history: "27c6 ae10 1975", script: "refused", back: "refused" }],
  ["current:", { history: "d747 27c6 2a95 55af ae10", script: "refused", back: "refused" }],
  [":current", { history: "27c6 ae10 1975", script: "refused", back: "refused" }],
  ["current:cart@+1", { history: "INVALID_TARGET", script: "refused", back: "refused" }],
  ["cart@base:", { history: "d747 27c6 1975", script: "refused", back: "refused" }],
  ["networking@base:", { history: "2a95 29f8 109e 3cac", script: "refused", back: "refused" }],
  ["1975:cart@+1", { history: "27c6 1975", script: "1975>27c6", back: "refused" }],
  ["1975:+1", { history: "INVALID_TARGET", script: "refused", back: "refused" }],
  ["ae10:1975", { history: "NOT_ANCESTOR", script: "-", back: "ae10>1975" }],
  [":cart@head-1", { history: "27c6 1975", script: "base>1975 1975>27c6", back: "refused" }],
  [":", { history: "d747 27c6 2a95 55af ae10 1975 29f8 109e 3cac", script: "refused", back: "refused" }],
  [
    "base:heads",
    {
      history: "d747 27c6 2a95 55af ae10 1975 29f8 109e 3cac",
      script: "base>3cac 3cac>109e 109e>29f8 base>1975 1975>ae10 ae10>55af 29f8>2a95 1975>27c6 27c6>d747",
      back: "refused",
    },
  ],
  ["-1:base", { history: "-", script: "-", back: "27c6>1975 1975>base 29f8>109e 109e>3cac 3cac>base" }],
  [
    "2a95:base",
    {
      history: "NOT_ANCESTOR",
      script: "-",
      back: "2a95>29f8 55af>ae10 ae10>1975 1975>base 29f8>109e 109e>3cac 3cac>base",
    },
  ],
  ["2a95:-1", { history: "NOT_ANCESTOR", script: "refused", back: "2a95>29f8" }],
  ["heads:-1", { history: "NOT_ANCESTOR", script: "refused", back: "refused" }],
  ["head:base", { history: "MULTIPLE_HEADS", script: "refused", back: "refused" }],
  ["cart@head:base", { history: "NOT_ANCESTOR", script: "-", back: "d747>27c6 27c6>1975 1975>base" }],
  ["base:cart@+1", { history: "1975", script: "base>1975", back: "refused" }],
];

const project = new Project(shopFiles());
afterAll(() => project.remove());

/** The version rows or revisions that a call answers with, or the code of its error. */
function answer({ stdout, stderr, status }: Outcome): string {
  const short = (ids: readonly string[]): string => ids.map((id) => id.slice(0, 4)).join(" ") || "-";
  if (!/^\s*[[{]/.test(stdout)) {
    if (status !== 0) return /^error: .*\nnext: ./.test(stderr) ? "refused" : stderr;
    const steps = [...stdout.matchAll(/^-- (?:up|down)grade (\S+?),? .*?-> (\S+?):/gm)];
    return steps.map(([, from = "", to = ""]) => `${from.slice(0, 4)}>${to.slice(0, 4)}`).join(" ") || "-";
  }
  const result = JSON.parse(stdout) as
    | readonly { readonly revision: string }[]
    | Readonly<Partial<Record<"to" | "parents", readonly string[]>>>
    | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };
  if ("error" in result) return result.error.hint === undefined ? "no hint" : result.error.code;
  if ("parents" in result) return short(result.parents ?? []);
  return short(
    "to" in result
      ? (result.to ?? [])
      : (result as readonly { revision: string }[]).map((item) => item.revision),
  );
}

describe.each(Object.keys(POSITIONS) as PositionName[])("typed for %s", (name) => {
  const rows = TABLE.filter(([, outcomes]) => outcomes[name] !== undefined);
  const found = new Map<string, Outcome>();

  beforeAll(() => {
    const position: Position = POSITIONS[name];
    const at = position.rows.length === 0 ? ["base"] : position.rows;
    expect(project.run("stamp", "--purge", ...at)).toMatchObject({ status: 0 });
    copyFileSync(join(project.folder, "app.db"), join(project.folder, "template.db"));
    const outcomes = runMany(
      project,
      rows.map(([identifier]) => position.typed(identifier)),
    );
    rows.forEach(([identifier], index) => {
      const outcome = outcomes[index];
      if (outcome) found.set(identifier, outcome);
    });
  });

  it.each(rows.map(([identifier, outcomes]) => [identifier, outcomes[name] ?? ""] as const))(
    "%j means %s",
    (identifier, expected) => {
      const outcome = found.get(identifier);
      if (!outcome) throw new Error("it was not run");
      expect(answer(outcome)).toBe(expected);
      expect(outcome.status).toBe(/^[A-Z_]+$|^refused$/.test(expected) ? 2 : 0);
      expect(outcome.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    },
  );
});

describe("typed into a shell", () => {
  const shell = (line: string): string =>
    execFileSync("sh", ["-c", line.replace(/^limbeck/, `"${process.execPath}" "${CLI}" -q`)], {
      cwd: project.folder,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "", FORCE_COLOR: "0" },
    });

  beforeAll(() => {
    project.run("stamp", "--purge", "base");
  });

  it.each([
    ["limbeck upgrade cart@+2", "at 27c6a30d7c24\n"],
    ["limbeck -x a=b upgrade cart@head", "at d747a8a8879b\n"],
    ["limbeck downgrade -1", "at 27c6a30d7c24\n"],
    ["limbeck upgrade +1", "at d747a8a8879b\n"],
    ["limbeck downgrade cart@-1 -x a=b -x c=d", "at 27c6a30d7c24\n"],
    ["limbeck downgrade -2", "at base\n"],
    ["limbeck downgrade 27c6:-1 --sql | grep -c '^-- downgrade'", "1\n"],
    ["limbeck downgrade -1:base --sql | grep -c '^-- downgrade'", "5\n"],
    ["limbeck upgrade -1:heads --sql | grep -c '^-- upgrade'", "4\n"],
    ["limbeck history -r -3: | wc -l | tr -d ' '", "9\n"],
    ["limbeck history -r-1: | wc -l | tr -d ' '", "4\n"],
    ["limbeck history --rev-range=-1:heads | wc -l | tr -d ' '", "4\n"],
    ["limbeck history --rev-range -1:heads | wc -l | tr -d ' '", "4\n"],
    ["limbeck revision -m -1 --rev-id new1 --head cart@head | grep -c new1", "1\n"],
  ])("%s", (line, expected) => {
    expect(shell(line)).toBe(expected);
  });
});
