/**
 * What the catalogue says of one feature each: the statements that make it, the pages of the manual that say how it
 * reads, and what `inspect` must make of it. The rows of `fixtures/catalogue/mssql` were recorded from a server after
 * these statements (`UPDATE_CATALOGUE=1` and `LIMBECK_TEST_MSSQL_URL`). Names are in small letters, because there are
 * servers that keep no others.
 */
import type { Schema } from "../../../src/model/schema";

/** One feature. */
export interface Feature {
  /** Below https://learn.microsoft.com/sql/. */
  readonly pages: readonly string[];
  /** Each is a batch. */
  readonly ddl: readonly string[];
  /** What is read, normalized; the rest is empty. */
  readonly expected: Partial<Schema>;
  /** Schemas to read beside the connection's own. */
  readonly schemas?: readonly string[];
  /** What a server must not lack (`test/servers/mssql.js`). */
  readonly needs?: string;
}

const CATALOGUE = "relational-databases/system-catalog-views/";
const int = { type: { name: "int" }, nullable: false } as const;
const table = { constraints: [], indexes: [] };

/** Each feature by its name, which is also that of its file. */
export const features: Readonly<Record<string, Feature>> = {
  types: {
    pages: [`${CATALOGUE}sys-columns-transact-sql`, `${CATALOGUE}sys-types-transact-sql`],
    ddl: [
      `CREATE TABLE t (a int NOT NULL, b bigint NULL, c smallint NULL, d tinyint NULL, e bit NULL, f decimal(10, 2) NULL,
        g numeric(5, 0) NULL, h money NULL, i float NULL, j real NULL, k char(3) NULL, l varchar(20) NULL, m varchar(max) NULL,
        n nchar(4) NULL, o nvarchar(30) NULL, p nvarchar(max) NULL, q binary(4) NULL, r varbinary(8) NULL,
        s varbinary(max) NULL, t date NULL, u datetime NULL, v datetime2(3) NULL, w datetimeoffset(6) NULL, x time(0) NULL,
        y uniqueidentifier NULL, z smalldatetime NULL)`,
    ],
    expected: {
      tables: [
        {
          ...table,
          name: "t",
          columns: [
            { name: "a", ...int },
            ...[
              { name: "b", type: { name: "bigint" } },
              { name: "c", type: { name: "smallint" } },
              { name: "d", type: { name: "tinyint" } },
              { name: "e", type: { name: "bit" } },
              { name: "f", type: { name: "decimal", precision: 10, scale: 2 } },
              { name: "g", type: { name: "numeric", precision: 5, scale: 0 } },
              { name: "h", type: { name: "money" } },
              { name: "i", type: { name: "float" } },
              { name: "j", type: { name: "real" } },
              { name: "k", type: { name: "char", length: 3 } },
              { name: "l", type: { name: "varchar", length: 20 } },
              { name: "m", type: { name: "varchar", length: "max" } },
              { name: "n", type: { name: "nchar", length: 4 } },
              { name: "o", type: { name: "nvarchar", length: 30 } },
              { name: "p", type: { name: "nvarchar", length: "max" } },
              { name: "q", type: { name: "binary", length: 4 } },
              { name: "r", type: { name: "varbinary", length: 8 } },
              { name: "s", type: { name: "varbinary", length: "max" } },
              { name: "t", type: { name: "date" } },
              { name: "u", type: { name: "datetime" } },
              { name: "v", type: { name: "datetime2", precision: 3 } },
              { name: "w", type: { name: "datetimeoffset", precision: 6 } },
              { name: "x", type: { name: "time", precision: 0 } },
              { name: "y", type: { name: "uniqueidentifier" } },
              { name: "z", type: { name: "smalldatetime" } },
            ].map((column) => ({ ...column, nullable: true })),
          ],
        },
      ],
    },
  },
  identity: {
    pages: [`${CATALOGUE}sys-identity-columns-transact-sql`],
    ddl: ["CREATE TABLE t (id int IDENTITY(1,1) NOT NULL, n int NOT NULL)"],
    expected: {
      tables: [
        {
          ...table,
          name: "t",
          columns: [
            { name: "id", ...int, generated: { kind: "increment" } },
            { name: "n", ...int },
          ],
        },
      ],
    },
  },
  defaults: {
    needs: "spelling",
    pages: [`${CATALOGUE}sys-default-constraints-transact-sql`],
    ddl: [
      `CREATE TABLE t (n int NOT NULL CONSTRAINT df_n DEFAULT 0,
        x nvarchar(20) NOT NULL CONSTRAINT df_x DEFAULT N'open', d datetime NOT NULL CONSTRAINT df_d DEFAULT getdate())`,
    ],
    expected: {
      tables: [
        {
          ...table,
          name: "t",
          columns: [
            { name: "n", ...int, default: { value: 0 } },
            {
              name: "x",
              type: { name: "nvarchar", length: 20 },
              nullable: false,
              default: { value: "open" },
            },
            { name: "d", type: { name: "datetime" }, nullable: false, default: { sql: "getdate()" } },
          ],
        },
      ],
    },
  },
  "computed-columns": {
    needs: "spelling",
    pages: [`${CATALOGUE}sys-computed-columns-transact-sql`],
    ddl: ["CREATE TABLE t (a int NOT NULL, b AS a * 2, c AS a + 1 PERSISTED NOT NULL)"],
    expected: {
      tables: [
        {
          ...table,
          name: "t",
          columns: [
            { name: "a", ...int },
            {
              name: "b",
              type: { name: "int" },
              nullable: true,
              generated: { kind: "computed", sql: "[a]*(2)", stored: false },
            },
            { name: "c", ...int, generated: { kind: "computed", sql: "[a]+(1)", stored: true } },
          ],
        },
      ],
    },
  },
  keys: {
    pages: [`${CATALOGUE}sys-key-constraints-transact-sql`, `${CATALOGUE}sys-indexes-transact-sql`],
    ddl: [
      `CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int NOT NULL,
        CONSTRAINT pk_t PRIMARY KEY NONCLUSTERED (b, a), CONSTRAINT uq_t UNIQUE (c))`,
    ],
    expected: {
      tables: [
        {
          name: "t",
          columns: ["a", "b", "c"].map((name) => ({ name, ...int })),
          constraints: [
            { kind: "primaryKey", name: "pk_t", columns: ["b", "a"], clustered: false },
            { kind: "unique", name: "uq_t", columns: ["c"] },
          ],
          indexes: [],
        },
      ],
    },
  },
  checks: {
    needs: "spelling",
    pages: [`${CATALOGUE}sys-check-constraints-transact-sql`],
    ddl: ["CREATE TABLE t (a int NOT NULL, CONSTRAINT ck_t CHECK (a > 0))"],
    expected: {
      tables: [
        {
          name: "t",
          columns: [{ name: "a", ...int }],
          constraints: [{ kind: "check", name: "ck_t", expression: "[a]>(0)" }],
          indexes: [],
        },
      ],
    },
  },
  "foreign-keys": {
    pages: [`${CATALOGUE}sys-foreign-keys-transact-sql`, `${CATALOGUE}sys-foreign-key-columns-transact-sql`],
    ddl: [
      "CREATE TABLE p (a int NOT NULL, b int NOT NULL, CONSTRAINT pk_p PRIMARY KEY NONCLUSTERED (a, b))",
      `CREATE TABLE t (x int NOT NULL, y int NOT NULL,
        CONSTRAINT fk_t FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE)`,
    ],
    expected: {
      tables: [
        {
          name: "p",
          columns: ["a", "b"].map((name) => ({ name, ...int })),
          constraints: [{ kind: "primaryKey", name: "pk_p", columns: ["a", "b"], clustered: false }],
          indexes: [],
        },
        {
          name: "t",
          columns: ["x", "y"].map((name) => ({ name, ...int })),
          constraints: [
            {
              kind: "foreignKey",
              name: "fk_t",
              columns: ["x", "y"],
              references: { name: "p" },
              referencedColumns: ["a", "b"],
              onDelete: "CASCADE",
              onUpdate: "NO ACTION",
            },
          ],
          indexes: [],
        },
      ],
    },
  },
  indexes: {
    needs: "names",
    pages: [`${CATALOGUE}sys-indexes-transact-sql`, `${CATALOGUE}sys-index-columns-transact-sql`],
    ddl: [
      "CREATE TABLE t (a int NULL, b int NOT NULL, c int NOT NULL)",
      "CREATE INDEX i_plain ON t (b, a)",
      "CREATE INDEX i_down ON t (b DESC)",
      "CREATE INDEX i_more ON t (b) INCLUDE (c)",
      "CREATE UNIQUE INDEX i_some ON t (a) WHERE a IS NOT NULL",
    ],
    expected: {
      tables: [
        {
          name: "t",
          columns: [
            { name: "a", type: { name: "int" }, nullable: true },
            { name: "b", ...int },
            { name: "c", ...int },
          ],
          constraints: [],
          indexes: [
            { name: "i_down", parts: [{ column: "b", order: "DESC" }] },
            { name: "i_more", parts: [{ column: "b" }], include: ["c"] },
            { name: "i_plain", parts: [{ column: "b" }, { column: "a" }] },
            { name: "i_some", parts: [{ column: "a" }], unique: true, where: "[a] IS NOT NULL" },
          ],
        },
      ],
    },
  },
  views: {
    pages: [`${CATALOGUE}sys-views-transact-sql`, `${CATALOGUE}sys-sql-modules-transact-sql`],
    ddl: ["CREATE TABLE t (a int NOT NULL)", "CREATE VIEW v AS SELECT a FROM t WHERE a > 0"],
    expected: {
      tables: [{ ...table, name: "t", columns: [{ name: "a", ...int }] }],
      views: [{ name: "v", sql: "SELECT a FROM t WHERE a > 0" }],
    },
  },
  comments: {
    pages: [`${CATALOGUE}extended-properties-catalog-views-sys-extended-properties`],
    ddl: [
      "CREATE TABLE t (a int NOT NULL)",
      "EXEC sp_addextendedproperty N'MS_Description', N'a table', N'SCHEMA', N'dbo', N'TABLE', N't'",
      "EXEC sp_addextendedproperty N'MS_Description', N'it''s a', N'SCHEMA', N'dbo', N'TABLE', N't', N'COLUMN', N'a'",
    ],
    expected: {
      tables: [
        { ...table, name: "t", columns: [{ name: "a", ...int, comment: "it's a" }], comment: "a table" },
      ],
    },
  },
  schemas: {
    pages: [`${CATALOGUE}schemas-catalog-views-sys-schemas`],
    ddl: ["CREATE SCHEMA sales", "CREATE TABLE sales.t (a int NOT NULL)"],
    schemas: ["sales"],
    expected: {
      namespaces: ["sales"],
      tables: [{ ...table, schema: "sales", name: "t", columns: [{ name: "a", ...int }] }],
    },
  },
  sequences: {
    needs: "sequences",
    pages: [`${CATALOGUE}sys-sequences-transact-sql`],
    ddl: ["CREATE SEQUENCE q AS int START WITH 10 INCREMENT BY 5"],
    expected: { sequences: [{ name: "q", type: "int", start: "10", increment: "5" }] },
  },
  triggers: {
    pages: [`${CATALOGUE}sys-triggers-transact-sql`, `${CATALOGUE}sys-sql-modules-transact-sql`],
    ddl: ["CREATE TABLE t (a int NOT NULL)", "CREATE TRIGGER g ON t AFTER INSERT AS SELECT 1"],
    expected: {
      tables: [
        {
          ...table,
          name: "t",
          columns: [{ name: "a", ...int }],
          triggers: [{ name: "g", sql: "CREATE TRIGGER g ON t AFTER INSERT AS SELECT 1" }],
        },
      ],
    },
  },
};
