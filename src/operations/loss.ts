/** What an operation may lose, or where it may fail on rows that are there, in words for the reviewer. */
import { displayName } from "../model/names";
import { changedColumn } from "./change-column";
import { describeType, flatten } from "./describe";
import type { AddColumn, AlterColumn, Operation } from "./operation";
import { changesTimeZone, narrows } from "./widening";

/** The warnings of one operation; none for most. Those of a batch are those of what is in it. */
export function lossesOf(operation: Operation): readonly string[] {
  return flatten([operation]).flatMap((single) => {
    switch (single.kind) {
      case "dropTable":
        return [`loses every row of ${displayName(single.table)}`];
      case "dropColumn":
        return single.was?.generated?.kind === "computed"
          ? []
          : [`loses what ${displayName(single.table)}.${single.column} holds`];
      case "addColumn":
        return addColumn(single);
      case "alterColumn":
        return alterColumn(single);
      case "addConstraint":
        return single.constraint.kind === "unique"
          ? [`fails where rows of ${displayName(single.table)} share ${single.constraint.columns.join(", ")}`]
          : [];
      case "createIndex":
        return single.index.unique ? [`fails where rows of ${displayName(single.table)} are not unique`] : [];
      default:
        return [];
    }
  });
}

function addColumn({ table, column, fill }: AddColumn): readonly string[] {
  if (fill !== undefined)
    return [`rows of ${displayName(table)} get a value for ${column.name} that stands here: \`fill\``];
  const given = column.nullable || column.default !== undefined || column.generated !== undefined;
  return given
    ? []
    : [`fails when ${displayName(table)} has rows: ${column.name} needs a default, or \`fill\``];
}

function alterColumn({ table, column, change, was, fill }: AlterColumn): readonly string[] {
  if (!was) return [];
  const after = changedColumn(was, change);
  const where = `${displayName(table)}.${column}`;
  return [
    ...(narrows(was.type, after.type)
      ? [`narrows ${where} from ${describeType(was.type)} to ${describeType(after.type)}`]
      : []),
    ...(changesTimeZone(was.type, after.type)
      ? [
          `reads ${where} in the time zone of the session: \`using\` says another, such as "${after.name}" AT TIME ZONE 'UTC'`,
        ]
      : []),
    ...(was.nullable && !after.nullable && fill === undefined
      ? [`fails where ${where} is null, unless \`fill\` says what to put there`]
      : []),
  ];
}
