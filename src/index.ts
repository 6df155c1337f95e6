/** The public API. Types are free; functions are loaded when they are first called. */
export type { Config, Logging, PostWriteHook, RenderAsBatch, ResolvedConfig } from "./config/config";
export type { ConfigureOptions, EnvironmentContext, EnvironmentScript } from "./runtime/environment-context";
export type { AdHocTable, BackfillOptions, DialectName, SqlForEach } from "./operations/spec";
export type * from "./operations/spec-batch";
export type * from "./operations/spec-table";
export type { TypeormMigration } from "./operations/typeorm-migration";
export type * from "./operations/operation";
export type {
  Attachment,
  Check,
  Column,
  ColumnType,
  Constraint,
  ConstraintKind,
  CustomObject,
  Default,
  Deferrable,
  EnumType,
  Exclusion,
  Extension,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  JsonValue,
  PrimaryKey,
  QualifiedName,
  ReferentialAction,
  Schema,
  Sequence,
  StorageParameters,
  Table,
  TableOptions,
  TableSource,
  Trigger,
  Unique,
  View,
} from "./model/schema";
export type { ObjectKind, ObjectReference } from "./model/filter";
export type {
  CustomOperation,
  CustomStatement,
  Dependencies,
  Dependency,
  RenderedFile,
  SqlWriter,
} from "./operations/registry";
// `export *`, so that a plugin may add to it: `declare module "limbeck" { interface CustomOperations { ... } }`.
export type * from "./operations/custom-operations";
export type { AutogenerateOptions, IncludeSchemas } from "./autogenerate/options";
export type { Definitions, IncludedObject, IncludeName, IncludeObject } from "./autogenerate/filter";
export type { Comparator, ComparisonContext, Plugin } from "./autogenerate/plugin";
export type {
  DirectiveAnswer,
  DirectiveContext,
  DirectiveProcessor,
  ProcessRevisionDirectives,
  RevisionDirective,
} from "./autogenerate/directives";
export { Rewriter } from "./autogenerate/rewriter";
export type { Rewrite, RewriteAnswer } from "./autogenerate/rewriter";
export { replaceableObjects } from "./autogenerate/replaceable";
export type { ReplaceableObject, ReplaceableObjects } from "./autogenerate/replaceable";
export type { Compared, CompareWith } from "./diff/comparing";
export type { RenderedItem, RenderedOfColumn, RenderedOfTable, RenderItem } from "./render/items";
export type { OnVersionApply, VersionApplied } from "./runtime/version-applied";
export type { Reporter } from "./runtime/reporter";
export { RenamedFrom, withFormerNames } from "./model/renamed-from";
export type { FormerNames } from "./model/renamed-from";
export { LimbeckError } from "./errors";
export type { ErrorCode, ErrorDetails } from "./errors";
export { open } from "./open";
export type { Limbeck, OpenOptions } from "./open";
export { init, initFromTypeorm, listTemplates } from "./init";
export type { AdoptOptions, AdoptResult } from "./commands/adopt";
export type { Against, AgainstOptions } from "./commands/against";
export type { Change } from "./commands/changes";
export type { CheckOptions, CheckResult } from "./commands/check";
export type { CurrentOptions } from "./commands/current";
export type { DatabaseDiff } from "./commands/diff";
export type { EditOptions } from "./commands/edit";
export type { BranchPoint, HeadsOptions, HistoryItem, HistoryOptions } from "./commands/history";
export type { InitOptions, InitResult } from "./commands/init";
export type { Loss } from "./commands/losses";
export type { MergeOptions, MergeResult } from "./commands/merge";
export type { RebaseOptions, RebaseResult } from "./commands/rebase";
export type { AskRename } from "./commands/renames";
export type { RenameCandidate, RenameQuestion } from "./diff/rename-questions";
export type { OpenQuestion, Rename, RenameInTable } from "./diff/renames";
export type { EntityPlace } from "./loader/entity-places";
export type { RevisionOptions, RevisionResult, WrittenRevision } from "./commands/revision";
export type { NewRevisions, RevisionSql } from "./commands/show-sql";
export type { SquashOptions, SquashResult } from "./commands/squash";
export type { StampOptions, StampResult } from "./commands/stamp";
export type { Template } from "./commands/templates";
export type { DowngradeOptions, RunResult, UpgradeOptions } from "./commands/upgrade";
export type { VerifiedProperty, VerifyOptions, VerifyResult } from "./commands/verify";
export { MigrationContext, Operations } from "./standalone";
export type { HistoryEntry } from "./operations/migration-context";
export type { OutputPlace, TransactionMode } from "./runtime/context";
export type { StandaloneOptions } from "./runtime/online-context";
export { modelMatches, singleHead, upDownConsistent, upgradesToHead, verify } from "./verify";
