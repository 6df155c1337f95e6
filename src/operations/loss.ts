/** What an operation may lose, or where it may fail on rows that are there, in words for the reviewer. */
import { displayName } from "../model/names";
import type { Column, ColumnType, Constraint, QualifiedName } from "../model/schema";
import { changedColumn } from "./change-column";
import { changedEnum } from "./change-enum";
import { describeType } from "./describe";
import type { AddColumn, AlterColumn, AlterEnum, Operation } from "./operation";
import type { Registry } from "./registry";
import { changesTimeZone, integerBounds, isText, narrows } from "./widening";

/** Rows of a table that are concerned. */
export type RowCondition =
  | { readonly kind: "all" }
  | { readonly kind: "null"; readonly column: string }
  | { readonly kind: "filled"; readonly column: string }
  | { readonly kind: "longer"; readonly column: string; readonly length: number }
  | { readonly kind: "outside"; readonly column: string; readonly bounds: readonly [string, string] }
  | { readonly kind: "among"; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: "breaking"; readonly expression: string }
  | { readonly kind: "alike"; readonly columns: readonly string[]; readonly where?: string }
  | {
      readonly kind: "orphaned";
      readonly columns: readonly string[];
      readonly references: QualifiedName;
      readonly referencedColumns: readonly string[];
    };

/** Something that an operation may lose, or on which it may fail. */
export interface Risk {
  readonly sentence: string;
  /** The rows to look at before; absent where no query tells. */
  readonly rows?: { readonly table: QualifiedName; readonly condition: RowCondition };
}

/** The columns of an enum type. */
export type EnumUses = (name: QualifiedName) => readonly {
  readonly table: QualifiedName;
  readonly column: Pick<Column, "name" | "type">;
}[];

/** The risks of one operation that is no batch; none of most. */
export function risksOf(operation: Operation, registry: Registry, usesOf: EnumUses): readonly Risk[] {
  switch (operation.kind) {
    case "dropTable":
      return [risk(`loses every row of ${displayName(operation.table)}`, operation.table, { kind: "all" })];
    case "dropColumn": {
      const { table, column, was } = operation;
      if (was?.generated?.kind === "computed") return [];
      return [risk(`loses what ${displayName(table)}.${column} holds`, table, { kind: "filled", column })];
    }
    case "dropSequence":
      return [{ sentence: `loses how far ${displayName(operation.name)} has counted` }];
    case "addColumn":
      return addColumn(operation);
    case "alterColumn":
      return alterColumn(operation);
    case "addConstraint":
      return addConstraint(operation.table, operation.constraint);
    case "createIndex": {
      const { table, index } = operation;
      if (!index.unique) return [];
      const sentence = `fails where rows of ${displayName(table)} are not unique`;
      const columns = index.parts.flatMap(({ column }) => column ?? []);
      if (columns.length < index.parts.length) return [{ sentence }];
      const where = index.where === undefined ? {} : { where: index.where };
      return [risk(sentence, table, { kind: "alike", columns, ...where })];
    }
    case "alterEnum":
      return alterEnum(operation, usesOf);
    case "custom": {
      const sentences = registry.operations.get(operation.name)?.losses?.(operation.payload) ?? [];
      return sentences.map((sentence) => ({ sentence }));
    }
    default:
      return [];
  }
}

function risk(sentence: string, table: QualifiedName, condition: RowCondition): Risk {
  return { sentence, rows: { table, condition } };
}

function addColumn({ table, column, fill }: AddColumn): readonly Risk[] {
  if (fill !== undefined) {
    const sentence = `rows of ${displayName(table)} get a value for ${column.name} that stands here: \`fill\``;
    return [risk(sentence, table, { kind: "all" })];
  }
  const given = column.nullable || column.default !== undefined || column.generated !== undefined;
  if (given) return [];
  const sentence = `fails when ${displayName(table)} has rows: ${column.name} needs a default, or addColumn(…, { fill: … })`;
  return [risk(sentence, table, { kind: "all" })];
}

function alterColumn({ table, column, change, was, fill }: AlterColumn): readonly Risk[] {
  if (!was) return [];
  const after = changedColumn(was, change);
  const where = `${displayName(table)}.${column}`;
  const zone = `reads ${where} in the time zone of the session: \`using\` says another, such as "${after.name}" AT TIME ZONE 'UTC'`;
  const narrowed = `narrows ${where} from ${describeType(was.type)} to ${describeType(after.type)}`;
  const nulls = `fails where ${where} is null, unless alterColumn(…, { fill: … }) says what to put there`;
  if (after.generated?.kind === "computed" && was.generated?.kind !== "computed") {
    const replaced = `loses what ${where} holds, which is computed from then on`;
    return [risk(replaced, table, { kind: "filled", column })];
  }
  return [
    ...(narrows(was.type, after.type) ? [risk(narrowed, table, unfit(column, was.type, after.type))] : []),
    ...(changesTimeZone(was.type, after.type) ? [risk(zone, table, { kind: "filled", column })] : []),
    ...(was.nullable && !after.nullable && fill === undefined
      ? [risk(nulls, table, { kind: "null", column })]
      : []),
  ];
}

/** The rows that a narrower type may not hold; all that hold something where that takes more than a comparison. */
function unfit(column: string, from: ColumnType, to: ColumnType): RowCondition {
  const removed = (from.values ?? []).filter((value) => !to.values?.includes(value));
  if (from.name !== "set" && to.values && removed.length > 0)
    return { kind: "among", column, values: removed };
  const length = Number(to.length);
  if (isText(from) && isText(to) && length > 0) return { kind: "longer", column, length };
  const bounds = integerBounds(from) && integerBounds(to);
  return bounds ? { kind: "outside", column, bounds } : { kind: "filled", column };
}

function addConstraint(table: QualifiedName, constraint: Constraint): readonly Risk[] {
  const of = displayName(table);
  switch (constraint.kind) {
    case "unique":
    case "primaryKey": {
      const { columns } = constraint;
      return [
        risk(`fails where rows of ${of} share ${columns.join(", ")}`, table, { kind: "alike", columns }),
      ];
    }
    case "check":
      if (constraint.notValid) return [];
      return [
        risk(`fails where rows of ${of} break ${constraint.expression}`, table, {
          kind: "breaking",
          expression: constraint.expression,
        }),
      ];
    case "foreignKey": {
      const { columns, references, referencedColumns, notValid } = constraint;
      if (notValid) return [];
      const sentence = `fails where ${columns.join(", ")} of ${of} refers to no row of ${displayName(references)}`;
      return [risk(sentence, table, { kind: "orphaned", columns, references, referencedColumns })];
    }
    case "exclusion":
      return [{ sentence: `fails where rows of ${of} exclude each other` }];
  }
}

/** Values that are taken away, and not given another name; the columns tell how many rows hold one. */
function alterEnum({ name, change, was }: AlterEnum, usesOf: EnumUses): readonly Risk[] {
  if (!was) return [];
  const after = changedEnum(was, change).values;
  const become = { ...change.rename, ...change.mapping };
  const values = was.values.filter((value) => !after.includes(become[value] ?? value));
  if (values.length === 0) return [];
  const gone = `${values.join(", ")}, which ${displayName(change.name ?? name)} no longer has`;
  const uses = usesOf(name);
  if (uses.length === 0) return [{ sentence: `fails where a row holds ${gone}` }];
  return uses.map(({ table, column }) => {
    const sentence = `fails where ${displayName(table)}.${column.name} holds ${gone}`;
    return column.type.array
      ? { sentence }
      : risk(sentence, table, { kind: "among", column: column.name, values });
  });
}
