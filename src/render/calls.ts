/** Operations as calls: the method of `op` and its arguments as data. */
import { LimbeckError } from "../errors";
import { qualified } from "../model/names";
import type { QualifiedName, View } from "../model/schema";
import type { Operation, OperationKind, OperationOf } from "../operations/operation";
import type { TableName } from "../operations/spec";
import {
  checkToSpec,
  defaultToSpec,
  dropToSpec,
  exclusionToSpec,
  foreignKeyToSpec,
  indexOptionsToSpec,
  indexPartToSpec,
  indexToSpec,
  literalOf,
  nameToSpec,
  primaryKeyToSpec,
  rowToLiterals,
  statementsToSpec,
  uniqueToSpec,
} from "../operations/to-spec";
import { plainItems } from "./items";
import type { Items } from "./items";

/** A call: the name of the method, what it must be given, and what it may be given at the end. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly options?: object | undefined;
}

/** The call that makes an operation. Throws for the kinds that no call makes. */
export function callOf(operation: Operation, items: Items = plainItems): Call {
  // The table is complete by its type; only the compiler cannot see that kind and function belong together.
  const toCall = CALLS[operation.kind] as (operation: Operation, items: Items) => Call;
  return toCall(operation, items);
}

const CALLS: { readonly [K in OperationKind]: (operation: OperationOf<K>, items: Items) => Call } = {
  createTable: ({ table, ifNotExists }, items) =>
    call("createTable", [nameToSpec(table), { ...items.table(table), ifNotExists }]),
  dropTable: ({ table, ifExists, cascade }) => call("dropTable", [nameToSpec(table)], { ifExists, cascade }),
  renameTable: ({ from, to }) => call("renameTable", [nameToSpec(from), newName(from, to)]),
  alterTable: ({ table, change, run }) => call("alterTable", [nameToSpec(table), change], run),
  commentTable: ({ table, comment }) =>
    comment === undefined
      ? call("dropTableComment", [nameToSpec(table)])
      : call("createTableComment", [nameToSpec(table), comment]),

  addColumn: ({ table, column, ifNotExists, fill, after, run }, items) =>
    call("addColumn", [nameToSpec(table), items.column(table, column)], {
      ifNotExists,
      fill: fill && defaultToSpec(fill),
      after: after ?? undefined,
      first: after === null ? true : undefined,
      ...run,
    }),
  alterColumn: ({ table, column, change, using, fill, run }, items) =>
    call("alterColumn", [nameToSpec(table), column, items.change(table, column, change)], {
      using,
      fill: fill && defaultToSpec(fill),
      ...run,
    }),
  dropColumn: ({ table, column, ifExists, run }) =>
    call("dropColumn", [nameToSpec(table), column], { ifExists, ...run }),

  createIndex: ({ table, index, concurrently, online, resumable, ifNotExists, run }) =>
    call("createIndex", [index.name, nameToSpec(table), index.parts.map(indexPartToSpec)], {
      ...indexOptionsToSpec(index),
      concurrently,
      online,
      resumable,
      ifNotExists,
      ...run,
    }),
  dropIndex: ({ table, name, concurrently, online, ifExists, run }) =>
    call("dropIndex", [name, nameToSpec(table)], { ifExists, concurrently, online, ...run }),
  renameIndex: ({ table, from, to }) => call("renameIndex", [from, nameToSpec(table), to]),

  addConstraint,
  dropConstraint: ({ table, name, type, was, ifExists, run }) => {
    const content =
      name === undefined && was ? dropToSpec(was) : { type: type === "primaryKey" ? "primary" : type };
    return call("dropConstraint", [name ?? null, nameToSpec(table)], { ...content, ifExists, ...run });
  },
  renameConstraint: ({ table, from, to }) => call("renameConstraint", [from, nameToSpec(table), to]),
  validateConstraint: ({ table, name }) => call("validateConstraint", [name, nameToSpec(table)]),

  createEnum: ({ enum: { values, comment, ...name } }) =>
    call("createEnum", [nameToSpec(name), values], { comment }),
  alterEnum: ({ name, change }) => {
    const { name: to, add, ...rest } = change;
    return call("alterEnum", [
      nameToSpec(name),
      {
        ...rest,
        add: add?.map((value) => (Object.keys(value).length === 1 ? value.value : value)),
        newName: to && newName(name, to),
      },
    ]);
  },
  dropEnum: ({ name, ifExists }) => call("dropEnum", [nameToSpec(name)], { ifExists }),

  createView: ({ view }) => call("createView", [nameToSpec(view), view.sql], viewOptions(view)),
  replaceView: ({ view }) => call("replaceView", [nameToSpec(view), view.sql], viewOptions(view)),
  refreshView: ({ view, concurrently }) => call("refreshView", [nameToSpec(view)], { concurrently }),
  dropView: ({ view, materialized, ifExists }) =>
    call("dropView", [nameToSpec(view)], { materialized, ifExists }),

  createSchema: ({ name, ifNotExists }) => call("createSchema", [name], { ifNotExists }),
  dropSchema: ({ name, ifExists, cascade }) => call("dropSchema", [name], { ifExists, cascade }),
  createSequence: ({ sequence }) =>
    call("createSequence", [nameToSpec(qualified(sequence))], {
      start: whole(sequence.start),
      increment: whole(sequence.increment),
      minimum: whole(sequence.minimum),
      maximum: whole(sequence.maximum),
      cache: whole(sequence.cache),
      cycle: sequence.cycle,
      type: sequence.type,
      comment: sequence.comment,
    }),
  alterSequence: ({ name, change: { name: to, restart, increment } }) =>
    call("alterSequence", [
      nameToSpec(name),
      { restart: whole(restart), increment: whole(increment), newName: to && newName(name, to) },
    ]),
  dropSequence: ({ name, ifExists }) => call("dropSequence", [nameToSpec(name)], { ifExists }),
  createExtension: ({ extension: { name, schema }, ifNotExists }) =>
    call("createExtension", [name], { ifNotExists, schema }),
  dropExtension: ({ name, ifExists }) => call("dropExtension", [name], { ifExists }),

  bulkInsert: ({ table, rows }) => call("bulkInsert", [nameToSpec(table), rows.map(rowToLiterals)]),
  backfill: ({ table, set, where, key, batchSize, pause, run }) =>
    call("backfill", [nameToSpec(table)], { set: rowToLiterals(set), where, key, batchSize, pause, ...run }),
  execute: ({ sql, parameters = [], reverse }) => {
    const args = parameters.length === 0 && reverse === undefined ? [sql] : [sql, parameters.map(literalOf)];
    return call("execute", args, { reverse });
  },
  custom: ({ name, payload }) => call("invoke", [name, payload]),

  recreateTable: ({ kind }) => {
    throw new LimbeckError("INTERNAL", `${kind} never stands in a revision file`);
  },
  batchAlterTable: ({ kind }) => {
    throw new LimbeckError("INTERNAL", `${kind} cannot stand inside another operation`);
  },
};

function viewOptions({ materialized, indexes, attachments }: View): object {
  return {
    materialized,
    indexes: indexes?.map(indexToSpec),
    statements: statementsToSpec(attachments ? { attachments } : {}),
  };
}

function addConstraint({ table, constraint, run }: OperationOf<"addConstraint">): Call {
  const start = [constraint.name ?? null, nameToSpec(table)];
  switch (constraint.kind) {
    case "primaryKey": {
      const { name, columns, ...rest } = primaryKeyToSpec(constraint);
      return call("createPrimaryKey", [...start, columns], { ...rest, ...run });
    }
    case "unique": {
      const { name, columns, ...rest } = uniqueToSpec(constraint);
      return call("createUniqueConstraint", [...start, columns], { ...rest, ...run });
    }
    case "check": {
      const { name, expression, ...rest } = checkToSpec(constraint);
      return call("createCheckConstraint", [...start, expression], { ...rest, ...run });
    }
    case "exclusion": {
      const { name, expression, ...rest } = exclusionToSpec(constraint);
      return call("createExclusionConstraint", [...start, expression], { ...rest, ...run });
    }
    case "foreignKey": {
      const { name, columns, references, referencedColumns, ...rest } = foreignKeyToSpec(constraint);
      return call("createForeignKey", [...start, columns, references, referencedColumns], {
        ...rest,
        ...run,
      });
    }
  }
}

function call(method: string, args: readonly unknown[], options?: object): Call {
  return { method, args, options };
}

/** A new name. As text it would stay in the schema of the old one; an object says that it leaves it. */
function newName(from: QualifiedName, to: QualifiedName): TableName {
  return from.schema !== undefined && to.schema === undefined ? { name: to.name } : nameToSpec(to);
}

/** Whole numbers are text in the model, because they may pass 2^53; a plain number is easier to read where it is exact. */
function whole(text: string | undefined): number | bigint | undefined {
  if (text === undefined) return undefined;
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}
