// A schema of any number of tables for the benchmarks: each with a dozen columns, two foreign keys, two indexes (one of
// them partial where there are such), a check, defaults and a comment.

/** The word for a moment in time, and whether an index may have a condition. */
const DIALECTS = {
  postgres: { moment: "timestamptz", now: "now()", partial: true },
  mariadb: { moment: "datetime", now: "CURRENT_TIMESTAMP", partial: false },
};

const name = (number) => `t_${String(number).padStart(5, "0")}`;

/** Entity schemas for TypeORM; `EntitySchema` is the class of the copy that is measured. */
function entities(EntitySchema, dialect, count) {
  const { moment, now, partial } = DIALECTS[dialect];
  return Array.from({ length: count }, (_, number) => {
    const quoted = (column) => (dialect === "postgres" ? `"${column}"` : `\`${column}\``);
    return new EntitySchema({
      name: name(number),
      tableName: name(number),
      columns: {
        id: { type: "int", primary: true, generated: true },
        code: { type: "varchar", length: 40 },
        title: { type: "varchar", length: 200, comment: `the title of ${name(number)}` },
        body: { type: "text", nullable: true },
        state: { type: "varchar", length: 20, default: "open" },
        amount: { type: "decimal", precision: 12, scale: 2, default: 0 },
        rank: { type: "int", default: 0 },
        active: { type: "boolean", default: true },
        created_at: { type: moment, default: () => now },
        changed_at: { type: moment, nullable: true },
        // A table cannot refer to itself without nulls: TypeORM refuses.
        owner_id: { type: "int", nullable: true },
        parent_id: { type: "int", nullable: true },
      },
      relations: {
        owner: {
          type: "many-to-one",
          target: name(Math.floor(number / 2)),
          joinColumn: { name: "owner_id" },
          onDelete: "CASCADE",
        },
        parent: {
          type: "many-to-one",
          target: name(Math.max(0, number - 1)),
          joinColumn: { name: "parent_id" },
        },
      },
      indices: [
        { columns: ["code"], unique: true },
        { columns: ["state", "rank"], ...(partial ? { where: `${quoted("rank")} > 0` } : {}) },
      ],
      checks: [{ expression: `${quoted("amount")} >= 0` }],
    });
  });
}

module.exports = { entities };
