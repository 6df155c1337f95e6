/** Limbeck as an object of an application or a test: each command as a method, with no output and no exit of its own. */
import type { QueryRunner } from "typeorm";
import type { CheckResult } from "./commands/check";
import type { CompareOptions } from "./commands/compare";
import type { CurrentOptions } from "./commands/current";
import type { EditOptions } from "./commands/edit";
import type { BranchPoint, HeadsOptions, HistoryItem, HistoryOptions } from "./commands/history";
import type { MergeOptions, MergeResult } from "./commands/merge";
import type { RebaseOptions, RebaseResult } from "./commands/rebase";
import type { RevisionOptions, RevisionResult } from "./commands/revision";
import type { StampOptions, StampResult } from "./commands/stamp";
import type { DowngradeOptions, RunResult, UpgradeOptions } from "./commands/upgrade";
import type { Config } from "./config/config";
import type { ResolveOptions } from "./config/resolve";
import { compact } from "./model/equal";
import type { Environment } from "./runtime/environment";
import type { Reporter } from "./runtime/reporter";

/** What chooses the project, and what its commands may do. */
export interface OpenOptions extends Partial<ResolveOptions> {
  /** The configuration itself, instead of a file; paths in it are relative to `cwd`. */
  readonly config?: Config;
  /** Where chatter goes; nowhere unless said. */
  readonly reporter?: Reporter;
  /** Where SQL goes; nowhere unless said. */
  readonly write?: (text: string) => void;
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
  edit(options: EditOptions): Promise<readonly string[]>;
  check(options?: CompareOptions): Promise<CheckResult>;
  current(options?: CurrentOptions): Promise<readonly HistoryItem[]>;
  history(options?: HistoryOptions): Promise<readonly HistoryItem[]>;
  heads(options?: HeadsOptions): Promise<readonly HistoryItem[]>;
  branches(): Promise<readonly BranchPoint[]>;
  show(revisions: readonly string[]): Promise<readonly (HistoryItem & { readonly source: string })[]>;
}

type Open = () => Environment;
type GraphCommand = "revision" | "merge" | "rebase" | "edit" | "history" | "heads" | "branches" | "show";

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
    current: async (request) =>
      await (require("./commands/current") as typeof import("./commands/current")).current(
        environment(),
        request,
      ),
  };
}
