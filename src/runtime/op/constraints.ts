/** The calls of `op` on constraints. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import type { Constraint } from "../../model/schema";
import {
  checkFromSpec,
  constraintFromDrop,
  exclusionFromSpec,
  foreignKeyFromSpec,
  primaryKeyFromSpec,
  uniqueFromSpec,
} from "../../operations/from-spec";
import type { DropConstraint, Operation, RunOptions } from "../../operations/operation";
import type { DropConstraintOptions, Operations, TableName } from "../../operations/spec";
import { automaticNames } from "../names";
import { named, running } from "./call";
import type { Perform } from "./call";

export function constraintOperations(perform: Perform) {
  const add = (table: TableName, constraint: () => Constraint, options?: RunOptions): Promise<void> =>
    perform(() => ({
      kind: "addConstraint",
      table: parseName(table),
      constraint: automaticNames.constraint(parseName(table), constraint()),
      ...running(options),
    }));
  return {
    createPrimaryKey: (name, table, columns, options) =>
      add(table, () => primaryKeyFromSpec({ ...options, ...named(name), columns }), options),
    createUniqueConstraint: (name, table, columns, options) =>
      add(table, () => uniqueFromSpec({ ...options, ...named(name), columns }), options),
    createCheckConstraint: (name, table, expression, options) =>
      add(table, () => checkFromSpec({ ...options, ...named(name), expression }), options),
    createForeignKey: (name, table, columns, references, referencedColumns, options) =>
      add(
        table,
        () => foreignKeyFromSpec({ ...options, ...named(name), columns, references, referencedColumns }),
        options,
      ),
    createExclusionConstraint: (name, table, expression, options) =>
      add(table, () => exclusionFromSpec({ ...options, ...named(name), expression }), options),
    validateConstraint: (name, table) =>
      perform(() => ({ kind: "validateConstraint", table: parseName(table), name })),
    renameConstraint: (from, table, to, options) =>
      perform(() => ({ kind: "renameConstraint", table: parseName(table), from, to, ...running(options) })),
    dropConstraint: (name, table, options = {}) => perform(() => dropConstraintOf(name, table, options)),
  } satisfies Partial<Operations>;
}

function dropConstraintOf(name: string | null, table: TableName, options: DropConstraintOptions): Operation {
  const { type, ifExists } = options;
  return compact<DropConstraint>({
    kind: "dropConstraint",
    table: parseName(table),
    name: name ?? undefined,
    type: type === "primary" ? "primaryKey" : type,
    was: name === null ? constraintFromDrop(options) : undefined,
    ifExists,
    run: running(options).run,
  });
}
