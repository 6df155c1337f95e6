// What TypeORM's own generator does with twenty common edits, beside Limbeck, on tables with rows. Writes docs/comparison.md.
//
//   npm run build && node test/comparison/run.js
//
// PostgreSQL comes from npm; MariaDB is used where it answers (LIMBECK_TEST_MARIADB_URL, or root on 127.0.0.1).
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { format } = require("prettier");
const { DataSource, EntitySchema } = require("typeorm");
const { open } = require("../../dist/index.js");
const { EDITS, rowsOf } = require("./edits.js");
const { databases } = require("./databases.js");

const entitiesOf = (schemas) => schemas.map((schema) => new EntitySchema(schema));

async function connected(options, entities, body) {
  const dataSource = await new DataSource({ ...options, entities }).initialize();
  try {
    return await body(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A database with the tables of before, as TypeORM makes them, and the rows. */
async function prepare(options, edit) {
  await connected(options, entitiesOf(edit.before), async (dataSource) => {
    await dataSource.synchronize();
    for (const [table, rows] of Object.entries(rowsOf(edit))) {
      for (const row of rows) await dataSource.query(insertOf(dataSource, table, row));
    }
  });
}

function insertOf({ driver }, table, row) {
  const columns = Object.keys(row).map((column) => driver.escape(column));
  const values = Object.values(row).map((value) =>
    typeof value === "number" ? value : `'${value.replaceAll("'", "''")}'`,
  );
  return `INSERT INTO ${driver.escape(table)} (${columns.join(", ")}) VALUES (${values.join(", ")})`;
}

/** What TypeORM would generate, run. */
async function byTypeorm(options, edit) {
  await connected(options, entitiesOf(edit.after), async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    const queryRunner = dataSource.createQueryRunner();
    await queryRunner.startTransaction();
    try {
      for (const { query, parameters } of upQueries) await queryRunner.query(query, parameters);
      await queryRunner.commitTransaction();
    } catch (error) {
      await queryRunner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await queryRunner.release();
    }
    const { upQueries: again } = await dataSource.driver.createSchemaBuilder().log();
    if (again.length > 0) throw new Again();
  });
}

/** What Limbeck generates, run; the tables of before are taken for granted. */
async function byLimbeck(options, edit) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-comparison-"));
  try {
    const limbeck = await open({
      cwd: folder,
      config: { dataSource: { ...options, entities: entitiesOf(edit.after) }, scriptLocation: "revisions" },
    });
    const asked = { includeUnmanaged: true, renames: edit.renames ?? [] };
    await limbeck.revision({ autogenerate: true, message: "edit", js: true, javascript: true, ...asked });
    await limbeck.upgrade({ revisions: ["head"] });
    if ((await limbeck.check({ includeUnmanaged: true })).differences.length > 0) throw new Again();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Again extends Error {}

/** What is left of the rows: as they were under the new names, or what is missing. */
async function rowsLeft(options, edit) {
  const { renamed = {}, table: newTable } = edit;
  return await connected(options, entitiesOf(edit.after), async (dataSource) => {
    for (const [table, rows] of Object.entries(rowsOf(edit))) {
      const found = await dataSource.query(`SELECT * FROM ${newTable ?? table} ORDER BY id`);
      if (found.length < rows.length) return "rows lost";
      const isKept = rows.every((row, place) =>
        Object.entries(row).every(([key, value]) => sameValue(found[place][renamed[key] ?? key], value)),
      );
      if (!isKept) return "values lost";
    }
    return "kept";
  });
}

const sameValue = (found, value) =>
  typeof value === "number" ? Number(found) === value && found !== null : found === value;

async function outcome(database, edit, how) {
  const { options, drop } = await database.create();
  try {
    await prepare(options, edit);
    let note;
    try {
      await how(options, edit);
    } catch (error) {
      if (!(error instanceof Again)) {
        if (process.env.LIMBECK_SHOW) console.error(edit.edit, error.message);
        return "fails";
      }
      note = "differs again";
    }
    const left = await rowsLeft(options, edit);
    return note === undefined ? left : `${left}, ${note}`;
  } finally {
    await drop();
  }
}

async function main() {
  const places = await databases();
  const lines = [];
  for (const edit of EDITS) {
    const cells = [];
    for (const database of places.list) {
      for (const how of [byTypeorm, byLimbeck]) cells.push(await outcome(database, edit, how));
    }
    lines.push(
      `| ${[edit.edit, ...cells.map((cell) => (cell === "kept" ? cell : `**${cell}**`))].join(" | ")} |`,
    );
    console.log(lines.at(-1));
  }
  await places.end();
  const heads = places.list.flatMap(({ title }) => [`TypeORM, ${title}`, `Limbeck, ${title}`]);
  const { version } = require(join(require.resolve("typeorm"), "..", "package.json"));
  const text = [
    "# Twenty common edits",
    "",
    `What TypeORM's own generator (${version}, what \`migration:generate\` writes, run) does with rows that are there, beside Limbeck. “Kept” means that every value is there afterwards, under its new name where it has one; renames are answered by \`--rename\`, which TypeORM has no way to be told. “Fails” is a statement that the database refuses because of the rows; “differs again” is a generator that would propose something more right afterwards. Made by \`node test/comparison/run.js\`.`,
    "",
    `| edit | ${heads.join(" | ")} |`,
    `| --- | ${heads.map(() => "---").join(" | ")} |`,
    ...lines,
    "",
  ].join("\n");
  const file = join(__dirname, "..", "..", "docs", "comparison.md");
  writeFileSync(file, await format(text, { parser: "markdown", printWidth: 110 }));
}

void main();
