/** Foreign keys with the tables that have them, and taking rules down and putting them up again. */
import { qualified, sameName } from "../../model/names";
import type { Constraint, ForeignKey, QualifiedName, Schema } from "../../model/schema";
import type { Operation } from "../../operations/operation";

/** A foreign key with the table that has it. */
export interface OwnedKey {
  readonly owner: QualifiedName;
  readonly key: ForeignKey;
}

/** All foreign keys of a schema. */
export function keysOf(schema: Schema): readonly OwnedKey[] {
  return schema.tables.flatMap((owner) =>
    owner.constraints.flatMap((key): readonly OwnedKey[] =>
      key.kind === "foreignKey" ? [{ owner: qualified(owner), key }] : [],
    ),
  );
}

/** The foreign keys of other tables that refer to a table. */
export function inboundKeys(schema: Schema, table: QualifiedName): readonly OwnedKey[] {
  return keysOf(schema).filter(
    ({ owner, key }) => sameName(key.references, table) && !sameName(owner, table),
  );
}

/** Constraints in an order in which they can be added: a foreign key may refer to a key of its own table. */
export function keysLast(constraints: readonly Constraint[]): readonly Constraint[] {
  const rank = ({ kind }: Constraint): number => (kind === "foreignKey" ? 1 : 0);
  return constraints.toSorted((left, right) => rank(left) - rank(right));
}

/** Adds a foreign key to its table. */
export function addKey({ owner, key }: OwnedKey): Operation {
  return { kind: "addConstraint", table: owner, constraint: key };
}

/** Drops a rule of a table by what it is. */
export function dropConstraint(table: QualifiedName, was: Constraint): Operation {
  return {
    kind: "dropConstraint",
    table: qualified(table),
    type: was.kind,
    was,
    ...(was.name === undefined ? {} : { name: was.name }),
  };
}
