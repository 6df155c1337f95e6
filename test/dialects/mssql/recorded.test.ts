/**
 * Inspection of one feature each: from the rows that a server gave (`fixtures/catalogue/mssql`), and from the server of
 * LIMBECK_TEST_MSSQL_URL where there is one. `UPDATE_CATALOGUE=1` writes the rows of that server into the files.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mssql } from "../../../src/dialects/mssql";
import type { Queryable } from "../../../src/dialects/dialect";
import type { Schema } from "../../../src/model/schema";
import { emptySchema } from "../../../src/model/schema";
import { onMssql } from "../../support/mssql";
import { describeOn } from "../../support/describe-on";
import { hasServer, mssqlLacks } from "../../support/servers";
import { emptyCatalogue, partOf, recorded } from "./catalogue";
import { features } from "./features";
import type { Feature } from "./features";

const FOLDER = join(__dirname, "../../../fixtures/catalogue/mssql");

/** The answers of a server to the questions of `inspect`. */
interface Recording {
  readonly server: string;
  readonly pages: readonly string[];
  readonly ddl: readonly string[];
  readonly rows: Readonly<Record<string, readonly object[]>>;
}

const fileOf = (name: string): string => join(FOLDER, `${name}.json`);
const wanted = ({ expected }: Feature): Schema => ({ ...emptySchema, ...expected });
const inspected = async (db: Queryable, { schemas = [] }: Feature): Promise<Schema> =>
  mssql.normalize(await mssql.inspect(db, { schemas }));

/** What the server says, with its answers kept for the file. */
async function asked(name: string, feature: Feature): Promise<Schema> {
  return await onMssql(feature.ddl, async (db) => {
    const rows: Record<string, readonly object[]> = {};
    const live = await inspected(
      {
        ...db,
        query: async <Row>(sql: string) => {
          const answer = await db.query<Row>(sql);
          rows[partOf(sql)] = answer as readonly object[];
          return answer;
        },
      },
      feature,
    );
    if (process.env["UPDATE_CATALOGUE"] === "1") {
      const [version] = await db.query<{ readonly server: string }>("SELECT @@VERSION AS server");
      mkdirSync(FOLDER, { recursive: true });
      const [server = ""] = (version?.server ?? "").split("\n");
      const pages = feature.pages.map((page) => `https://learn.microsoft.com/sql/${page}`);
      const recording: Recording = { server, pages, ddl: feature.ddl, rows };
      writeFileSync(fileOf(name), `${JSON.stringify(recording, undefined, 2)}\n`);
    }
    return live;
  });
}

describe("as recorded", () => {
  test.each(Object.entries(features).filter(([name]) => existsSync(fileOf(name))))(
    "%s",
    async (name, feature) => {
      const { rows, ddl } = JSON.parse(readFileSync(fileOf(name), "utf8")) as Recording;
      expect(ddl).toEqual(feature.ddl);
      expect(
        await inspected(recorded({ ...emptyCatalogue, ...rows }, undefined, rows["context"]), feature),
      ).toEqual(wanted(feature));
    },
  );
});

const entries = Object.entries(features);
const lacks = mssqlLacks();
const [lacking, live] = [
  entries.filter(([, { needs = "" }]) => needs in lacks),
  entries.filter(([, { needs = "" }]) => !(needs in lacks)),
];

describeOn(hasServer("mssql") ? ["mssql"] : [], "on the server that speaks T-SQL", () => {
  test.each(live)("%s", async (name, feature) => {
    expect(await asked(name, feature)).toEqual(wanted(feature));
  });
  for (const [name, { needs = "" }] of lacking) {
    console.warn(`not run: ${name}, because of the server: ${lacks[needs] ?? ""}`);
    test.skip(name, () => undefined);
  }
});
