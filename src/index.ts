/** The public API. Types are free; functions are loaded when they are first called. */
export type { Config, ResolvedConfig } from "./config/config";
export type { EnvironmentContext, EnvironmentScript, ConfigureOptions } from "./runtime/environment-context";
export type {
  AdHocTable,
  BatchOperations,
  BatchOptions,
  ColumnChangeSpec,
  ColumnSpec,
  IndexOptions,
  Literal,
  Operations,
  TableName,
  TableSpec,
} from "./operations/spec";
export type { Operation } from "./operations/operation";
export type { Schema } from "./model/schema";
export type { ObjectReference } from "./model/filter";
export type { CustomObjectKind, CustomOperation } from "./operations/registry";
export type { Reporter } from "./runtime/reporter";
export { LimbeckError } from "./errors";
export type { ErrorCode } from "./errors";
export { open } from "./open";
export type { Limbeck, OpenOptions } from "./open";
