/** A key and what refers to it change their type together: SQL Server holds them to one type at every moment. */
import { diff } from "../../../src/diff/diff";
import { mssql } from "../../../src/dialects/mssql";
import type { Schema } from "../../../src/model/schema";
import { emptySchema } from "../../../src/model/schema";
import { apply } from "../../../src/operations/apply";
import { describe as inWords } from "../../../src/operations/describe";
import { invertAll } from "../../../src/operations/invert";
import { emptyRegistry } from "../../../src/operations/registry";

function schemaWith(type: string): Schema {
  const id = { name: "id", type: { name: type }, nullable: false };
  const key = (name: string) => ({ kind: "primaryKey", name, columns: ["id"] }) as const;
  return mssql.normalize({
    ...emptySchema,
    tables: [
      { name: "parent", columns: [id], constraints: [key("PK_parent")], indexes: [] },
      {
        name: "child",
        columns: [id, { ...id, name: "parent_id" }],
        constraints: [
          key("PK_child"),
          {
            kind: "foreignKey",
            name: "FK_child",
            columns: ["parent_id"],
            references: { name: "parent" },
            referencedColumns: ["id"],
            onDelete: "CASCADE",
            onUpdate: "NO ACTION",
          },
        ],
        indexes: [],
      },
    ],
  });
}

const [from, to] = [schemaWith("int"), schemaWith("bigint")];
const operations = mssql.arrange?.(
  diff(from, to, { registry: emptyRegistry, names: "strategy", forwardReferences: false }),
  from,
);

test("the foreign key is away for both changes, up and down", () => {
  for (const list of [operations ?? [], invertAll(operations ?? [])]) {
    const words = list.map((operation) => inWords(operation));
    const place = (part: string): number => words.findIndex((word) => word.startsWith(part));
    const changes = [place("change column parent.id"), place("change column child.parent_id")];
    expect(place("drop foreign key FK_child")).toBeLessThan(Math.min(...changes));
    expect(place("add foreign key FK_child")).toBeGreaterThan(Math.max(...changes));
    expect(place("drop foreign key FK_child")).toBeGreaterThanOrEqual(0);
    expect(words).toHaveLength(5);
  }
});

test("no statement puts it back in between", () => {
  let schema = from;
  const added: string[] = [];
  for (const operation of operations ?? []) {
    const steps = mssql.rewrite?.([operation], schema, emptyRegistry) ?? [];
    added.push(
      ...steps.flatMap((step) => (step.kind === "addConstraint" ? [step.constraint.name ?? ""] : [])),
    );
    schema = steps.reduce((now, step) => apply(now, step), schema);
  }
  expect(added.filter((name) => name === "FK_child")).toHaveLength(1);
  expect(added.at(-1)).toBe("FK_child");
});

test("a key of which one side changes stays where it is", () => {
  const before = schemaWith("int");
  const only = mssql.arrange?.(
    [
      {
        kind: "alterColumn",
        table: { name: "child" },
        column: "id",
        change: { type: { name: "bigint" } },
        was: { name: "id", type: { name: "int" }, nullable: false },
      },
    ],
    before,
  );
  expect(only).toHaveLength(1);
});
