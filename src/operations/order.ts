/**
 * The order in which operations can be run, from what each builds and takes away, never from fixed phases. Operations
 * that do not depend on each other keep the order they came in, so that the same input gives the same file everywhere.
 */
import { namesIn } from "../model/expression";
import { keyOf, qualified, sameName } from "../model/names";
import type { Constraint, ForeignKey, Generated, Index, QualifiedName, Table, View } from "../model/schema";
import type { AlterColumn, CreateTable, DropTable, Operation } from "./operation";
import { customEffects, withCustomObjects } from "./order-custom";
import {
  columnKey,
  columnsIn,
  constraintKey,
  enumKey,
  EXTENSIONS,
  indexKey,
  nothing,
  oldShapeKey,
  schemaKey,
  shapeKey,
  tableKey,
  uniqueKey,
} from "./order-keys";
import type { Effects } from "./order-keys";
import { edgesOf, sorted } from "./order-sort";
import type { Registry } from "./registry";

export interface OrderOptions {
  /** Whether a table may name another in a foreign key before that one exists (SQLite). */
  readonly forwardReferences: boolean;
  /** Knows the dependencies of custom operations. */
  readonly registry?: Registry;
}

/**
 * The operations in an order that satisfies every dependency. Foreign keys that make tables depend on each other in a
 * circle are detached: created after the tables, dropped before them.
 */
export function order(operations: readonly Operation[], options: OrderOptions): readonly Operation[] {
  const detached = options.forwardReferences ? operations : detachCycles(operations);
  const effects = withCustomObjects(
    detached,
    detached.map((operation) => effectsOf(operation, options)),
  );
  return sorted(detached, edgesOf(effects));
}

// One line an operation; the kinds that are not named here depend on nothing.
function effectsOf(operation: Operation, options: OrderOptions): Effects {
  switch (operation.kind) {
    case "createTable":
      return {
        ...nothing,
        creates: tableCreates(operation.table),
        needs: tableNeeds(operation.table, options),
      };
    case "dropTable":
      return {
        ...nothing,
        drops: operation.was
          ? [...tableCreates(operation.was), oldShapeKey(operation.was.name)]
          : [tableKey(operation.table), oldShapeKey(operation.table.name)],
        releases: operation.was ? tableNeeds(operation.was, options) : [],
      };
    case "renameTable":
      return {
        ...nothing,
        creates: [tableKey(operation.to), shapeKey(operation.to.name)],
        needs: schemaKey(operation.to.schema),
        drops: [tableKey(operation.from), oldShapeKey(operation.from.name)],
      };
    case "addColumn":
      return {
        ...nothing,
        creates: [columnKey(operation.table, operation.column.name), shapeKey(operation.table.name)],
        needs: [
          tableKey(operation.table),
          ...enumsOf(operation.column),
          ...readBy(operation.table, operation.column),
          EXTENSIONS,
        ],
      };
    case "dropColumn":
      return {
        ...nothing,
        needs: [tableKey(operation.table)],
        drops: [columnKey(operation.table, operation.column), oldShapeKey(operation.table.name)],
        releases: operation.was
          ? [...enumsOf(operation.was), ...readBy(operation.table, operation.was), EXTENSIONS]
          : [],
      };
    case "alterColumn":
      return alterColumnEffects(operation);
    case "createIndex":
      return {
        ...nothing,
        creates: indexCreates(operation.table, operation.index),
        needs: [tableKey(operation.table), EXTENSIONS, ...indexColumns(operation.table, operation.index)],
      };
    case "dropIndex":
      return {
        ...nothing,
        drops: operation.was
          ? indexCreates(operation.table, operation.was)
          : [indexKey(operation.table, operation.name)],
        releases: [
          tableKey(operation.table),
          ...(operation.was ? indexColumns(operation.table, operation.was) : []),
        ],
      };
    case "addConstraint":
      return {
        ...nothing,
        creates: [
          constraintKey(operation.table, operation.constraint),
          ...uniques(operation.table, operation.constraint),
        ],
        needs: [
          tableKey(operation.table),
          EXTENSIONS,
          ...constraintNeeds(operation.table, operation.constraint, options),
        ],
      };
    case "dropConstraint":
      return {
        ...nothing,
        drops: operation.was
          ? [constraintKey(operation.table, operation.was), ...uniques(operation.table, operation.was)]
          : [],
        releases: [
          tableKey(operation.table),
          ...(operation.was ? constraintNeeds(operation.table, operation.was, options) : []),
        ],
      };
    case "createEnum":
      return { ...nothing, creates: [enumKey(operation.enum)], needs: schemaKey(operation.enum.schema) };
    case "alterEnum":
      return { ...nothing, creates: [enumKey(operation.change.name ?? operation.name)] };
    case "dropEnum":
      return { ...nothing, drops: [enumKey(operation.name)] };
    case "createView":
      return { ...nothing, creates: viewCreates(operation.view), needs: viewNeeds(operation.view) };
    case "dropView":
      return {
        ...nothing,
        drops: [...viewCreates(operation.view), oldShapeKey(operation.view.name)],
        releases: operation.was ? viewReleases(operation.was) : [],
      };
    case "replaceView":
      return { ...nothing, creates: viewCreates(operation.view), needs: viewNeeds(operation.view) };
    case "createExtension":
      return { ...nothing, creates: [EXTENSIONS], needs: schemaKey(operation.extension.schema) };
    case "dropExtension":
      return { ...nothing, drops: [EXTENSIONS] };
    case "createSchema":
      return { ...nothing, creates: schemaKey(operation.name) };
    case "dropSchema":
      return { ...nothing, drops: schemaKey(operation.name) };
    case "custom":
      return customEffects(operation, options.registry);
    case "batchAlterTable":
      return merged(operation.operations.map((inner) => effectsOf(inner, options)));
    default:
      return nothing;
  }
}

// Inside a batch the pieces are one step: what it needs of itself is no dependency.
function merged(effects: readonly Effects[]): Effects {
  return {
    creates: effects.flatMap(({ creates }) => creates),
    needs: effects.flatMap(({ needs }) => needs),
    drops: effects.flatMap(({ drops }) => drops),
    releases: effects.flatMap(({ releases }) => releases),
  };
}

function tableCreates(table: Table): readonly string[] {
  return [
    tableKey(table),
    shapeKey(table.name),
    ...table.indexes.map(({ name }) => indexKey(table, name)),
    ...table.constraints.flatMap((constraint) => [
      constraintKey(table, constraint),
      ...uniques(table, constraint),
    ]),
  ];
}

function tableNeeds(table: Table, options: OrderOptions): readonly string[] {
  const references = options.forwardReferences
    ? []
    : foreignKeysOf(table).flatMap((key) => [
        ...(sameName(key.references, table)
          ? []
          : [tableKey(key.references), uniqueKey(key.references, key.referencedColumns)]),
      ]);
  return [...schemaKey(table.schema), EXTENSIONS, ...table.columns.flatMap(enumsOf), ...references];
}

function constraintNeeds(
  table: QualifiedName,
  constraint: Constraint,
  { forwardReferences }: OrderOptions,
): readonly string[] {
  const keys =
    "columns" in constraint
      ? constraint.columns.map((column) => columnKey(table, column))
      : columnsIn(table, constraint.expression);
  if (constraint.kind !== "foreignKey" || forwardReferences) return keys;
  return [
    ...keys,
    tableKey(constraint.references),
    uniqueKey(constraint.references, constraint.referencedColumns),
    ...constraint.referencedColumns.map((column) => columnKey(constraint.references, column)),
  ];
}

function indexCreates(table: QualifiedName, index: Index): readonly string[] {
  const columns = index.parts.flatMap(({ column }) => (column === undefined ? [] : [column]));
  return [indexKey(table, index.name), ...(index.unique ? [uniqueKey(table, columns)] : [])];
}

function indexColumns(table: QualifiedName, index: Index): readonly string[] {
  return [
    ...index.parts.flatMap(({ column, expression }) =>
      column === undefined ? columnsIn(table, expression) : [columnKey(table, column)],
    ),
    ...columnsIn(table, index.where),
  ];
}

function alterColumnEffects({ table, column, change, was }: AlterColumn): Effects {
  const reads = change.generated ? readBy(table, { generated: change.generated }) : [];
  const releases = was && change.generated !== undefined ? readBy(table, was) : [];
  return {
    creates: [columnKey(table, change.name ?? column), shapeKey(table.name)],
    needs: [
      tableKey(table),
      EXTENSIONS,
      ...reads,
      ...(change.type && "name" in change.type ? enumsOf({ type: change.type }) : []),
    ],
    drops: [columnKey(table, column), oldShapeKey(table.name)],
    // What it goes on reading it needs as it will be.
    releases: was ? [...enumsOf(was), EXTENSIONS, ...releases.filter((key) => !reads.includes(key))] : [],
  };
}

/** The columns that a computed column reads. */
function readBy(table: QualifiedName, column: { readonly generated?: Generated }): readonly string[] {
  return column.generated?.kind === "computed" ? columnsIn(table, column.generated.sql) : [];
}

function uniques(table: QualifiedName, constraint: Constraint): readonly string[] {
  return constraint.kind === "unique" || constraint.kind === "primaryKey"
    ? [uniqueKey(table, constraint.columns)]
    : [];
}

function viewCreates(view: QualifiedName): readonly string[] {
  return [tableKey(view), shapeKey(view.name)];
}

function viewNeeds(view: View): readonly string[] {
  return [...schemaKey(view.schema), ...namesBehind(view).map(shapeKey)];
}

function viewReleases(view: View): readonly string[] {
  return [...schemaKey(view.schema), ...namesBehind(view).map(oldShapeKey)];
}

/** The tables and views that a view reads, as far as its text and its declaration tell; other words do no harm. */
function namesBehind(view: View): readonly string[] {
  const declared = (view.dependsOn ?? []).map(({ name }) => name);
  return [...declared, ...namesIn(view.sql)].filter((name) => name !== view.name);
}

function enumsOf(column: { readonly type: { readonly enumName?: QualifiedName } }): readonly string[] {
  return column.type.enumName === undefined ? [] : [enumKey(column.type.enumName)];
}

function foreignKeysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((constraint) => constraint.kind === "foreignKey");
}

/** Tables that reach themselves through foreign keys lose those keys, which become operations of their own. */
function detachCycles(operations: readonly Operation[]): readonly Operation[] {
  const created = operations.filter(
    (operation): operation is CreateTable => operation.kind === "createTable",
  );
  const dropped = operations.filter(
    (operation): operation is DropTable => operation.kind === "dropTable" && operation.was !== undefined,
  );
  const inCreated = cyclicKeys(created.map(({ table }) => table));
  const inDropped = cyclicKeys(dropped.flatMap(({ was }) => (was ? [was] : [])));
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind === "createTable") {
      const { keys, rest } = split(operation.table, inCreated);
      const table = qualified(operation.table);
      return [
        { ...operation, table: rest },
        ...keys.map((constraint) => ({ kind: "addConstraint", table, constraint }) as const),
      ];
    }
    if (operation.kind === "dropTable" && operation.was) {
      const { keys, rest } = split(operation.was, inDropped);
      return [
        ...keys.map((was): Operation => ({
          kind: "dropConstraint",
          table: operation.table,
          type: was.kind,
          was,
          ...(was.name === undefined ? {} : { name: was.name }),
        })),
        { ...operation, was: rest },
      ];
    }
    return [operation];
  });
}

function split(
  table: Table,
  cyclic: ReadonlySet<ForeignKey>,
): { readonly keys: readonly ForeignKey[]; readonly rest: Table } {
  const keys = foreignKeysOf(table).filter((key) => cyclic.has(key));
  if (keys.length === 0) return { keys, rest: table };
  const constraints = table.constraints.filter(
    (constraint) => constraint.kind !== "foreignKey" || !cyclic.has(constraint),
  );
  return { keys, rest: { ...table, constraints } };
}

/** The foreign keys that close a circle, found by walking the tables depth first; self-references close none. */
function cyclicKeys(tables: readonly Table[]): ReadonlySet<ForeignKey> {
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const state = new Map<string, "open" | "done">();
  const closing = new Set<ForeignKey>();
  for (const start of tables) {
    const stack = [{ table: start, keys: foreignKeysOf(start).values() }];
    if (state.has(keyOf(start))) continue;
    state.set(keyOf(start), "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.keys.next();
      if (next.done) {
        state.set(keyOf(top.table), "done");
        stack.pop();
        continue;
      }
      const target = byKey.get(keyOf(next.value.references));
      if (!target || target === top.table) continue;
      const seen = state.get(keyOf(target));
      if (seen === "open") closing.add(next.value);
      if (seen !== undefined) continue;
      state.set(keyOf(target), "open");
      stack.push({ table: target, keys: foreignKeysOf(target).values() });
    }
  }
  return closing;
}
