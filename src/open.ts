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
  upgrade(options?: UpgradeOptions): Promise<RunResult>;
  downgrade(options: DowngradeOptions): Promise<RunResult>;
  stamp(options: StampOptions): Promise<StampResult>;
  ensureVersion(options?: { readonly sql?: boolean }): Promise<void>;
  revision(options?: RevisionOptions): Promise<RevisionResult>;
  merge(options?: MergeOptions): Promise<MergeResult>;
  rebase(options: RebaseOptions): Promise<RebaseResult>;
  squash(options: SquashOptions): Promise<SquashResult>;
  edit(options: EditOptions): Promise<readonly string[]>;
  check(options?: CheckOptions): Promise<CheckResult>;
  verify(options?: VerifyOptions): Promise<VerifyResult>;
  diff(options?: AgainstOptions): Promise<readonly DatabaseDiff[]>;
  current(options?: CurrentOptions): Promise<readonly HistoryItem[]>;
  history(options?: HistoryOptions): Promise<readonly HistoryItem[]>;
  heads(options?: HeadsOptions): Promise<readonly HistoryItem[]>;
  branches(): Promise<readonly BranchPoint[]>;
  show(revisions: readonly string[]): Promise<readonly (HistoryItem & { readonly source: string })[]>;
  showSql(revisions: readonly string[]): Promise<readonly RevisionSql[]>;
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
    ? resolveConfigObject(options.config, cwd)
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
