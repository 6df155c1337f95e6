/** One revision for several on every kind of database: generated ones squashed, proved, and lived with. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import * as blog from "../../fixtures/entities/blog";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";

describe.each(kinds.filter(({ name }) => name !== "mssql").map((kind) => [kind.name, kind] as const))(
  "on %s",
  (_name, kind) => {
    const place = temporaryFolder();
    const made: TestDatabase[] = [];
    /** The revisions `first` and `second` are there, made of the entities and of what becomes of them. */
    beforeAll(async () => {
      const { options } = await database("scratch");
      const against = { autogenerate: true, against: "revisions", noRenames: true } as const;
      await (await project(options, blog.entities)).revision({ ...against, message: "first", id: "first" });
      await (await project(options, blog.edited)).revision({ ...against, message: "second", id: "second" });
    });
    afterAll(async () => {
      for (const { drop } of made) await drop();
      place.remove();
    });
    const database = async (name: string): Promise<TestDatabase> => {
      const one = await kind.create(place.folder, name);
      made.push(one);
      return one;
    };
    const project = async (
      options: DataSourceOptions,
      entities: DataSourceOptions["entities"] = blog.edited,
    ): Promise<Limbeck> =>
      await open({ cwd: place.folder, config: { dataSource: { ...options, entities } } });

    test("a squash of everything is where old databases are, and what a new one runs", async () => {
      const used = await database("used");
      await (await project(used.options)).upgrade();
      const { replaces } = await (await project(used.options)).squash({ range: ":head", id: "both" });
      expect(replaces).toEqual(["first", "second"]);

      const versions = join(place.folder, "revisions", "versions");
      for (const name of readdirSync(versions).filter((file) => !file.startsWith("both")))
        rmSync(join(versions, name));
      const old = await project(used.options);
      expect((await old.upgrade()).steps).toEqual([]);
      expect((await old.current()).map(({ revision }) => revision)).toEqual(["both"]);
      expect(await old.check()).toMatchObject({ differences: [], unmanaged: [] });

      const fresh = await project((await database("fresh")).options);
      expect((await fresh.upgrade()).steps.map(({ revision }) => revision)).toEqual(["both"]);
      expect(await fresh.check()).toMatchObject({ differences: [], unmanaged: [] });
      for (const limbeck of [old, fresh])
        expect((await limbeck.downgrade({ revision: "base" })).to).toEqual([]);
      await connected(used.options, async (dataSource) => {
        expect(await dataSource.createQueryRunner().hasTable("post")).toBe(false);
      });
    });
  },
);
