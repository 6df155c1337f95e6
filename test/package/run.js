// The package as users get it: packed, installed into fresh projects of every kind, and the tutorial's commands run there.
// Needs the network for `npm install`; the driver is linked from here, because its build takes minutes.
//
//   node test/package/run.js [kind...]
const { execFileSync, spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { addCounts } = require("../report");
const { npmInstall } = require("../support/install");
const { tsconfig } = require("../support/tsconfig");

const ROOT = join(__dirname, "..", "..");
const ENTITY = (length, more = "") => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity()
export class Account {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: ${length} }) name: string;
${more}}
`;
const DATA_SOURCE = (extension) => `import { DataSource } from "typeorm";
import { Account } from "./account${extension}";

export const dataSource = new DataSource({ type: "better-sqlite3", database: "app.db", entities: [Account] });
`;
/** A NestJS application whose entity only its own module names, as autoLoadEntities allows. */
const NEST = (extension) => ({
  "nest-cli.json": '{ "sourceRoot": "src" }',
  "src/account.module.ts": `import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { Account } from "./account${extension}";

import { AccountService } from "./account.service${extension}";

@Module({ imports: [TypeOrmModule.forFeature([Account])], providers: [AccountService] })
export class AccountModule {}
`,
  // What it asks when the application starts, a migration must not: the table is not there yet.
  "src/account.service.ts": `import { Injectable } from "@nestjs/common";
import type { OnModuleDestroy, OnModuleInit } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";
import { Account } from "./account${extension}";

@Injectable()
export class AccountService implements OnModuleInit, OnModuleDestroy {
  started?: { stop(): void };
  constructor(@InjectRepository(Account) readonly accounts: Repository<Account>) {}

  async onModuleInit(): Promise<void> {
    await this.accounts.count();
    this.started = { stop: () => undefined };
  }

  onModuleDestroy(): void {
    this.started!.stop();
  }
}
`,
  "src/app.module.ts": `import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { AccountModule } from "./account.module${extension}";

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: "better-sqlite3", database: "app.db", autoLoadEntities: true }),
    AccountModule,
  ],
})
export class AppModule {}
`,
});
const NEST_PACKAGES = (version) => [
  ...["core", "common", "typeorm"].map((name) => `@nestjs/${name}@${version}`),
  "rxjs@7",
  "@swc/core",
  "typescript@6",
  "@types/node@20",
];
const SCHEMA = (length, more = "") => `  name: "Account",
  columns: {
    id: { type: Number, primary: true, generated: true },
    name: { type: String, length: ${length} },
${more}  },
`;
const MORE = "  @Column({ nullable: true }) email?: string;\n";
const MORE_SCHEMA = "    email: { type: String, nullable: true },\n";

/** Each kind of project: what it installs, its files, and what its entity becomes. */
const KINDS = {
  "typescript-commonjs": {
    packages: ["@swc/core", "typescript", "@types/node@20"],
    files: {
      "package.json": '{ "name": "fresh", "private": true }',
      "tsconfig.json": tsconfig("commonjs"),
      "src/account.ts": ENTITY(40),
      "src/data-source.ts": DATA_SOURCE(""),
    },
    edited: { "src/account.ts": ENTITY(200, MORE) },
  },
  "typescript-esm": {
    // TypeScript 7 has no compiler that another program may call; the one before has.
    packages: ["typescript@6", "@types/node@20"],
    files: {
      "package.json": '{ "name": "fresh", "private": true, "type": "module" }',
      "tsconfig.json": tsconfig("nodenext"),
      "src/account.ts": ENTITY(40),
      "src/data-source.ts": DATA_SOURCE(".js"),
    },
    edited: { "src/account.ts": ENTITY(200, MORE) },
  },
  "nestjs-commonjs": {
    packages: NEST_PACKAGES(11),
    init: ["--template", "nestjs"],
    files: {
      "package.json": '{ "name": "fresh", "private": true }',
      "tsconfig.json": tsconfig("commonjs"),
      "src/account.ts": ENTITY(40),
      ...NEST(""),
    },
    edited: { "src/account.ts": ENTITY(200, MORE) },
  },
  "nestjs-esm": {
    packages: NEST_PACKAGES(12),
    init: ["--template", "nestjs"],
    files: {
      "package.json": '{ "name": "fresh", "private": true, "type": "module" }',
      "tsconfig.json": tsconfig("nodenext"),
      "src/account.ts": ENTITY(40),
      ...NEST(".js"),
    },
    edited: { "src/account.ts": ENTITY(200, MORE) },
  },
  "javascript-commonjs": {
    packages: [],
    files: {
      "package.json": '{ "name": "fresh", "private": true }',
      "src/data-source.js": `const { DataSource } = require("typeorm");
module.exports.dataSource = new DataSource({ type: "better-sqlite3", database: "app.db", entities: [require("./account.js")] });
`,
      "src/account.js": `const { EntitySchema } = require("typeorm");
module.exports = new EntitySchema({
${SCHEMA(40)}});
`,
    },
    edited: {
      "src/account.js": `const { EntitySchema } = require("typeorm");
module.exports = new EntitySchema({
${SCHEMA(200, MORE_SCHEMA)}});
`,
    },
  },
  "javascript-esm": {
    packages: [],
    files: {
      "package.json": '{ "name": "fresh", "private": true, "type": "module" }',
      "src/data-source.js": `import { DataSource } from "typeorm";
import { Account } from "./account.js";
export const dataSource = new DataSource({ type: "better-sqlite3", database: "app.db", entities: [Account] });
`,
      "src/account.js": `import { EntitySchema } from "typeorm";
export const Account = new EntitySchema({
${SCHEMA(40)}});
`,
    },
    edited: {
      "src/account.js": `import { EntitySchema } from "typeorm";
export const Account = new EntitySchema({
${SCHEMA(200, MORE_SCHEMA)}});
`,
    },
  },
};

function main() {
  const asked = process.argv.slice(2);
  const kinds = asked.length === 0 ? Object.keys(KINDS) : asked;
  const place = mkdtempSync(join(tmpdir(), "limbeck-package-"));
  try {
    const packed = JSON.parse(output("npm", ["pack", "--json", "--pack-destination", place], ROOT))[0];
    const tarball = join(place, packed.filename);
    console.log(
      `${packed.filename}: ${packed.entryCount} files, ${Math.round(packed.unpackedSize / 1024)} KB unpacked`,
    );
    for (const kind of kinds) {
      const started = Date.now();
      walk(join(place, kind), KINDS[kind], tarball);
      addCounts(1, 0, 0);
      console.log(
        `${kind}: installed, and the tutorial walked, in ${Math.round((Date.now() - started) / 1000)} s`,
      );
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Installs the package into a fresh project and does there what the tutorial does. */
function walk(folder, { packages, files, edited, init = [] }, tarball) {
  write(folder, files);
  const wanted = [tarball, "typeorm@1", "reflect-metadata", ...packages];
  npmInstall(
    folder,
    ["--ignore-scripts", ...wanted],
    `the package with ${packages.join(", ") || "nothing else"}`,
  );
  symlinkSync(
    join(ROOT, "node_modules", "better-sqlite3"),
    join(folder, "node_modules", "better-sqlite3"),
    "junction",
  );

  const limbeck = (...args) => output(join(folder, "node_modules", ".bin", "limbeck"), args, folder);
  limbeck("init", "revisions", ...init);
  limbeck("revision", "--autogenerate", "-m", "create account table");
  limbeck("upgrade", "head");
  execFileSync(process.execPath, ["-e", INSERT], { cwd: folder });
  write(folder, edited);
  expectStatus(1, folder, "check");
  limbeck("revision", "--autogenerate", "-m", "longer names");
  limbeck("upgrade", "+1");
  limbeck("check");
  expectSame("the row", rows(folder), '[{"id":1,"name":"one","email":null}]');
  limbeck("upgrade", "base:head", "--sql", "-o", "release.sql");
  limbeck("downgrade", "-1");
  expectSame("the row", rows(folder), '[{"id":1,"name":"one"}]');
  limbeck("upgrade", "head");

  output(process.execPath, ["-e", 'require("limbeck").open; require("limbeck").Operations.for'], folder);
  output(
    process.execPath,
    ["--input-type=module", "-e", 'import { open, LimbeckError } from "limbeck"; open; LimbeckError'],
    folder,
  );
  if ("tsconfig.json" in files) output(join(folder, "node_modules", ".bin", "tsc"), ["-p", "."], folder);
}

const OPEN = 'const db = new (require("better-sqlite3"))("app.db");';
const INSERT = `${OPEN} db.exec("INSERT INTO account (name) VALUES ('one')");`;
const rows = (folder) =>
  output(
    process.execPath,
    ["-e", `${OPEN} console.log(JSON.stringify(db.prepare("SELECT * FROM account").all()))`],
    folder,
  ).trim();

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function output(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function expectStatus(expected, folder, ...args) {
  const { status, stdout, stderr } = spawnSync(join(folder, "node_modules", ".bin", "limbeck"), args, {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== expected)
    throw new Error(`limbeck ${args.join(" ")} ended with ${status}, not ${expected}:\n${stdout}${stderr}`);
}

function expectSame(what, found, expected) {
  if (found !== expected) throw new Error(`${what} is ${found}, not ${expected}`);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  addCounts(0, 1, 0);
  process.exitCode = 1;
}
