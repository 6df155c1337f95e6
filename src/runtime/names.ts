/**
 * Names for what a hand-written call leaves unnamed: those that TypeORM's own naming strategy gives, so that entities
 * and database agree on them (DefaultNamingStrategy of TypeORM 1.x). A project's own strategy has no say here: a
 * revision file must mean the same in ten years.
 */
import { createHash } from "node:crypto";
import type { Constraint, Index, QualifiedName, Table } from "../model/schema";

/** Gives names where there are none. Primary keys stay unnamed: databases name them, and TypeORM reads none. */
export const automaticNames = {
  constraint(table: QualifiedName, constraint: Constraint): Constraint {
    if (constraint.name !== undefined) return constraint;
    const { name } = table;
    switch (constraint.kind) {
      case "primaryKey":
        return constraint;
      case "unique":
        return { ...constraint, name: hashed("UQ_", 27, name, constraint.columns) };
      case "foreignKey":
        return { ...constraint, name: hashed("FK_", 27, name, constraint.columns) };
      case "check":
        return { ...constraint, name: hashed("CHK_", 26, name, [constraint.expression]) };
      case "exclusion":
        return { ...constraint, name: hashed("XCL_", 26, name, [constraint.expression]) };
    }
  },

  index(table: QualifiedName, index: Index): Index {
    if (index.name !== "") return index;
    const columns = index.parts.map((part) => part.column ?? part.expression ?? "");
    return { ...index, name: hashed("IDX_", 26, table.name, columns, index.where) };
  },

  /** Indexes have names in every database; what else a new table leaves unnamed, the database names, or nobody does. */
  table(table: Table): Table {
    return { ...table, indexes: table.indexes.map((index) => automaticNames.index(table, index)) };
  },
};

function hashed(
  prefix: string,
  length: number,
  table: string,
  columns: readonly string[],
  where?: string,
): string {
  const key = [table.replace(".", "_"), ...columns.toSorted(), ...(where === undefined ? [] : [where])].join(
    "_",
  );
  return prefix + createHash("sha1").update(key).digest("hex").slice(0, length);
}
