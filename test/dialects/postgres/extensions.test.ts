/** Columns of types that extensions bring: PostGIS and pgvector, on servers that have them. */
import "reflect-metadata";
import { readFileSync } from "node:fs";
import type { EntitySchemaColumnOptions } from "typeorm";
import { open } from "../../../src/open";
import { edited } from "../../support/edit";
import type { Edit } from "../../support/edit";
import { table } from "../../support/edit-cases";
import { testWith } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

/** Columns whose types and options TypeORM's types leave out on some versions. */
const column = (options: object): EntitySchemaColumnOptions => options as EntitySchemaColumnOptions;
const place = { type: "geometry", spatialFeatureType: "Point", srid: 4326 };

const spatial: Readonly<Record<string, Edit>> = {
  "adds columns and spatial indexes": {
    before: [table("thing", { at: column(place) })],
    after: [
      table(
        "thing",
        {
          at: column(place),
          area: column({ ...place, spatialFeatureType: "Geometry", nullable: true }),
          globe: column({ type: "geography", spatialFeatureType: "Polygon", srid: 4326, nullable: true }),
        },
        { indices: [{ name: "by_place", columns: ["at"], spatial: true }] },
      ),
    ],
    rows: "INSERT INTO thing VALUES (1, ST_SetSRID(ST_Point(9.5, 47.1), 4326))",
    becomes: [{ id: 1, area: null, globe: null }],
  },
  "takes any shape where it took points, below a spatial index": {
    before: [
      table("thing", { at: column(place) }, { indices: [{ name: "i", columns: ["at"], spatial: true }] }),
    ],
    after: [
      table(
        "thing",
        { at: column({ type: "geometry", spatialFeatureType: "Geometry", srid: 4326 }) },
        {
          indices: [{ name: "i", columns: ["at"], spatial: true }],
        },
      ),
    ],
    rows: "INSERT INTO thing VALUES (1, ST_SetSRID(ST_Point(9.5, 47.1), 4326))",
  },
  "makes a geometry a geography": {
    before: [table("thing", { at: column(place) })],
    after: [table("thing", { at: column({ ...place, type: "geography" }) })],
    rows: "INSERT INTO thing VALUES (1, ST_SetSRID(ST_Point(9.5, 47.1), 4326))",
    becomes: [{ id: 1 }],
  },
  "makes a text a geometry": {
    before: [table("thing", { at: { type: "text" } })],
    after: [table("thing", { at: column(place) })],
    rows: "INSERT INTO thing VALUES (1, 'SRID=4326;POINT(1 2)')",
    becomes: [{ id: 1 }],
  },
};

const vectors: Readonly<Record<string, Edit>> = {
  "adds vectors": {
    before: [table("thing", {})],
    after: [
      table("thing", {
        small: column({ type: "vector", length: 3, default: "[1,2,3]" }),
        half: column({ type: "halfvec", length: 4, nullable: true }),
        free: column({ type: "vector", nullable: true }),
      }),
    ],
    rows: "INSERT INTO thing VALUES (1)",
    becomes: [{ id: 1, half: null, free: null }],
  },
  "makes a vector of a length one of any": {
    before: [table("thing", { a: column({ type: "vector", length: 3 }) })],
    after: [table("thing", { a: column({ type: "vector" }) })],
    rows: "INSERT INTO thing VALUES (1, '[1,2,3]')",
  },
  "makes a vector a half one": {
    before: [table("thing", { a: column({ type: "vector", length: 3 }) })],
    after: [table("thing", { a: column({ type: "halfvec", length: 3 }) })],
    rows: "INSERT INTO thing VALUES (1, '[1,2,3]')",
    becomes: [{ id: 1 }],
  },
};

function describeWith(capability: string, edits: Readonly<Record<string, Edit>>): void {
  describe(`with ${capability}, an edit`, () => {
    testWith(capability).each(Object.entries(edits))("%s", async (_name, edit) => {
      const { text, differences, typeorm, rows, schema } = await edited(edit);
      expect({ text, differences }).toEqual({ text: expect.stringContaining("await op."), differences: [] });
      expect(typeorm).toEqual([]);
      const kept = edit.becomes?.map((row): unknown => expect.objectContaining(row));
      expect(rows.after["thing"]).toEqual(kept ?? rows.before["thing"]);
      if (!text.includes("createExtension")) expect(schema.back).toEqual(schema.before);
      expect(rows.back["thing"]).toHaveLength(1);
    });
  });
}

test("a first revision is written and printed with vectors, and no server is asked", async () => {
  const place = temporaryFolder();
  const written: string[] = [];
  const entities = [
    table("thing", {
      small: column({ type: "vector", length: 3, default: "[1,2,3]" }),
      half: column({ type: "halfvec", length: 4, nullable: true }),
      free: column({ type: "vector", nullable: true }),
    }),
  ];
  try {
    const limbeck = await open({
      cwd: place.folder,
      write: (text) => written.push(text),
      config: {
        dialect: "postgres",
        dataSource: { type: "postgres", url: "postgres://127.0.0.1:1/none", entities },
      },
    });
    const { file } = await limbeck.revision({ autogenerate: true, against: "empty", message: "first" });
    const text = readFileSync(file ?? "", "utf8");
    expect(text).toContain('await op.createExtension("vector", { ifNotExists: true })');
    expect(text).toContain('{ name: "small", type: "vector", length: 3, default: "[1,2,3]" }');
    expect(text).toContain('{ name: "half", type: "halfvec", length: 4, nullable: true }');
    await limbeck.upgrade({ sql: true });
    const sql = written.join("");
    expect(sql).toContain('CREATE EXTENSION IF NOT EXISTS "vector"');
    expect(sql).toContain(`"small" vector(3) DEFAULT '[1,2,3]' NOT NULL, "half" halfvec(4), "free" vector`);
    expect(sql.indexOf("CREATE EXTENSION")).toBeLessThan(sql.indexOf('CREATE TABLE "thing"'));
  } finally {
    place.remove();
  }
});

describeWith("postgis", spatial);
describeWith("vector", vectors);
