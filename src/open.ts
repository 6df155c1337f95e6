/** Limbeck as an object of an application or a test: each command as a method, with no output and no exit of its own. */
import type { QueryRunner } from "typeorm";
import type { AgainstOptions } from "./commands/against";
import type { CheckOptions, CheckResult } from "./commands/check";
import type { CurrentOptions } from "./commands/current";
import type { DatabaseDiff } from "./commands/diff";
import type { EditOptions } from "./commands/edit";
import type { BranchPoint, HeadsOptions, HistoryItem, HistoryOptions } from "./commands/history";
import type { MergeOptions, MergeResult } from "./commands/merge";
import type { RebaseOptions, RebaseResult } from "./commands/rebase";
import type { RevisionOptions, RevisionResult } from "./commands/revision";
import type { SquashOptions, SquashResult } from "./commands/squash";
import type { NewRevisions, RevisionSql } from "./commands/show-sql";
import type { StampOptions, StampResult } from "./commands/stamp";
import type { VerifyOptions, VerifyResult } from "./commands/verify";
import type { DowngradeOptions, RunResult, UpgradeOptions } from "./commands/upgrade";
import type { Config } from "./config/config";
import type { ResolveOptions } from "./config/resolve";
import { compact } from "./model/equal";
import type { OutputPlace } from "./runtime/context";
import type { Environment } from "./runtime/environment";
import type { Reporter } from "./runtime/reporter";

/** What chooses the project, and what its commands may do. */
export interface OpenOptions extends Partial<ResolveOptions> {
  /** The configuration itself, instead of a file; paths in it are relative to `cwd`. */
  readonly config?: Config;
  /** Where chatter goes; nowhere unless said. */
  readonly reporter?: Reporter;
  /** Where SQL goes; nowhere unless said. */
  readonly write?: (text: string, place: OutputPlace) => void;
  readonly now?: () => Date;
  readonly xArguments?: Readonly<Record<string, string>>;
  readonly attributes?: Map<string, unknown>;
  /**
   * A connection of the caller's to run on, instead of one that is opened and closed here. A transaction that it is in
   * stays the caller's: nothing is committed or rolled back.
   */
  readonly queryRunner?: QueryRunner;
  /** Ends a run: the statement that is running, where the database can, and everything after it. */
  readonly signal?: AbortSignal;
}

/** The commands of a project. */
export interface Limbeck {
  /** Moves the database up to a revision, `head` unless said. */
  upgrade(options?: UpgradeOptions): Promise<RunResult>;
  /** Moves the database down to a revision. */
  downgrade(options: DowngradeOptions): Promise<RunResult>;
  /** Says that revisions are applied, without running them. */
  stamp(options: StampOptions): Promise<StampResult>;
  /** Makes Limbeck's own tables where they are absent. */
  ensureVersion(options?: { readonly sql?: boolean }): Promise<void>;
  /** Writes a new revision file. */
  revision(options?: RevisionOptions): Promise<RevisionResult>;
  /** Writes a revision file in which branches meet. */
  merge(options?: MergeOptions): Promise<MergeResult>;
  /** Puts a branch on top of another head, by changing its first file. */
  rebase(options: RebaseOptions): Promise<RebaseResult>;
  /** Writes one revision that stands for a range, and proves that it does. */
  squash(options: SquashOptions): Promise<SquashResult>;
  /** Opens revision files in an editor, and answers with their names. */
  edit(options: EditOptions): Promise<readonly string[]>;
  /** Whether the entities and the database agree. */
  check(options?: CheckOptions): Promise<CheckResult>;
  /** Tries all revisions up, down and up on a scratch database. */
  verify(options?: VerifyOptions): Promise<VerifyResult>;
  /** What `revision` would write, without a file. */
  diff(options?: AgainstOptions): Promise<readonly DatabaseDiff[]>;
  /** Where the database is. */
  current(options?: CurrentOptions): Promise<readonly HistoryItem[]>;
  /** The revisions, newest first. */
  history(options?: HistoryOptions): Promise<readonly HistoryItem[]>;
  /** The heads of the graph. */
  heads(options?: HeadsOptions): Promise<readonly HistoryItem[]>;
  /** Where branches begin. */
  branches(): Promise<readonly BranchPoint[]>;
  /** Revisions with their files. */
  show(revisions: readonly string[]): Promise<readonly (HistoryItem & { readonly source: string })[]>;
  /** What revisions run, without asking a database. */
  showSql(revisions: readonly string[]): Promise<readonly RevisionSql[]>;
  /** The revisions that a reference of git does not have, with their SQL. */
  newSince(ref: string): Promise<NewRevisions>;
}

type Open = () => Environment;
type GraphCommand =
  | "revision"
  | "merge"
  | "rebase"
  | "squash"
  | "edit"
  | "history"
  | "heads"
  | "branches"
  | "show"
  | "showSql"
  | "newSince";

/** Opens a project: finds and checks its configuration. Throws what the configuration throws. */
export async function open(options: OpenOptions = {}): Promise<Limbeck> {
  const { resolveConfig, resolveConfigObject } =
    require("./config/resolve") as typeof import("./config/resolve");
  const { Environment: Built } = require("./runtime/environment") as typeof import("./runtime/environment");
  const { silentReporter } = require("./runtime/reporter") as typeof import("./runtime/reporter");
  const { cwd = process.cwd(), env = process.env, ...choice } = options;
  const config = options.config
    ? resolveConfigObject(options.config, cwd, choice)
    : await resolveConfig({ ...choice, cwd, env });
  const { reporter = silentReporter, write = () => undefined, now = () => new Date() } = options;
  const { xArguments = {}, attributes = new Map<string, unknown>() } = options;
  const given = compact({ signal: options.signal, queryRunner: options.queryRunner });
  // A fresh environment for each command: files and database may have changed since the last.
  const environment = () => new Built({ config, reporter, write, now, xArguments, attributes, ...given });
  return { ...databaseCommands(environment), ...graphCommands(environment) };
}

/** The commands on revision files; a command's module is loaded when it is first called. */
function graphCommands(environment: Open): Pick<Limbeck, GraphCommand> {
  return {
    revision: async (request) =>
      await (require("./commands/revision") as typeof import("./commands/revision")).revision(
        environment(),
        request,
      ),
    merge: async (request) =>
      await (require("./commands/merge") as typeof import("./commands/merge")).merge(environment(), request),
    rebase: async (request) =>
      await (require("./commands/rebase") as typeof import("./commands/rebase")).rebase(
        environment(),
        request,
      ),
    squash: async (request) =>
      await (require("./commands/squash") as typeof import("./commands/squash")).squash(
        environment(),
        request,
      ),
    edit: async (request) =>
      await (require("./commands/edit") as typeof import("./commands/edit")).edit(environment(), request),
    history: async (request) =>
      await (require("./commands/history") as typeof import("./commands/history")).history(
        environment(),
        request,
      ),
    heads: async (request) =>
      await (require("./commands/history") as typeof import("./commands/history")).heads(
        environment(),
        request,
      ),
    branches: async () =>
      await (require("./commands/history") as typeof import("./commands/history")).branches(environment()),
    show: async (revisions) =>
      await (require("./commands/history") as typeof import("./commands/history")).show(
        environment(),
        revisions,
      ),
    showSql: async (revisions) =>
      await (require("./commands/show-sql") as typeof import("./commands/show-sql")).showSql(
        environment(),
        revisions,
      ),
    newSince: async (ref) =>
      await (require("./commands/show-sql") as typeof import("./commands/show-sql")).newSince(
        environment(),
        ref,
      ),
  };
}

/** The commands on databases. */
function databaseCommands(environment: Open): Omit<Limbeck, GraphCommand> {
  return {
    upgrade: async (request) =>
      await (require("./commands/upgrade") as typeof import("./commands/upgrade")).upgrade(
        environment(),
        request,
      ),
    downgrade: async (request) =>
      await (require("./commands/upgrade") as typeof import("./commands/upgrade")).downgrade(
        environment(),
        request,
      ),
    stamp: async (request) =>
      await (require("./commands/stamp") as typeof import("./commands/stamp")).stamp(environment(), request),
    ensureVersion: async (request) =>
      await (require("./commands/stamp") as typeof import("./commands/stamp")).ensureVersion(
        environment(),
        request,
      ),
    check: async (request) =>
      await (require("./commands/check") as typeof import("./commands/check")).check(environment(), request),
    verify: async (request) =>
      await (require("./commands/verify") as typeof import("./commands/verify")).verify(
        environment(),
        request,
      ),
    diff: async (request) =>
      await (require("./commands/diff") as typeof import("./commands/diff")).diff(environment(), request),
    current: async (request) =>
      await (require("./commands/current") as typeof import("./commands/current")).current(
        environment(),
        request,
      ),
  };
}
