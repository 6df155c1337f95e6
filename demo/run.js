// The main job on SQLite, from an empty folder to a migrated database and back, in a copy of demo/app that goes away.
const { spawnSync } = require("node:child_process");
const {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const Database = require("better-sqlite3");

const root = join(__dirname, "..");
const app = mkdtempSync(join(tmpdir(), "limbeck-demo-"));
const cli = join(root, "dist", "cli", "main.js");

function title(text) {
  console.log(`\n\x1b[1m# ${text}\x1b[0m`);
}

function limbeck(...args) {
  console.log(`$ npx limbeck ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(" ")}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: app,
    encoding: "utf8",
  });
  process.stdout.write(shortened(stderr) + shortened(stdout));
  if (status !== 0) throw new Error(`limbeck ${args.join(" ")} ended with status ${status}`);
  return stdout;
}

const shortened = (text) => text.replaceAll(`${app}/`, "").replaceAll(app, ".");

function versions() {
  const folder = join(app, "revisions", "versions");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function rows(sql) {
  const database = new Database(join(app, "library.db"), { readonly: true });
  const found = database.prepare(sql).all();
  database.close();
  return JSON.stringify(found);
}

function same(what, before, after) {
  if (before !== after) throw new Error(`${what} changed:\n${before}\n${after}`);
  console.log(`${what}: every row is as it was`);
}

try {
  cpSync(join(__dirname, "app"), app, { recursive: true });
  cpSync(join(app, "first", "entities.ts"), join(app, "entities.ts"));
  symlinkSync(join(root, "node_modules"), join(app, "node_modules"), "junction");

  title("A project starts");
  limbeck("init", "revisions");
  title("The first revision comes out of the entities");
  limbeck("revision", "--autogenerate", "-m", "library", "--rev-id", "library");
  const [first] = versions();
  console.log(readFileSync(first, "utf8"));
  limbeck("upgrade", "head");
  limbeck("check");

  title("Rows are put in");
  const database = new Database(join(app, "library.db"));
  database.exec(`
    INSERT INTO author (name) VALUES ('Ursula K. Le Guin'), ('Станислав Лем'), ('O''Brien "the pen"');
    INSERT INTO book (title, pages, binding) VALUES ('The Dispossessed', 341, 'paperback'), ('Solaris', 204, 'hardcover');
    INSERT INTO book_authors_author VALUES (1, 1), (2, 2);
    INSERT INTO member (email) VALUES ('reader@example.org'), ('größe@example.org');
    INSERT INTO loan (bookId, memberId, returned_at) VALUES (1, 1, NULL), (2, 2, '2026-11-21 10:00:00');
  `);
  database.close();
  const authors = "SELECT id, name FROM author ORDER BY id";
  const loans = 'SELECT id, "bookId", "memberId", taken_at, returned_at FROM loan ORDER BY id';
  const before = [rows(authors), rows(loans)];
  console.log(before.join("\n"));

  title("The entities are edited: lengths, a check, an enum, a foreign key, a view, new columns");
  cpSync(join(app, "later", "entities.ts"), join(app, "entities.ts"));
  limbeck("revision", "--autogenerate", "-m", "wider names, e-books", "--rev-id", "ebooks");
  console.log(
    readFileSync(
      versions().find((file) => file !== first),
      "utf8",
    ),
  );
  limbeck("upgrade", "head");
  limbeck("check");
  same("author", before[0], rows(authors));
  same("loan", before[1], rows(loans));

  title("And back");
  limbeck("downgrade", "-1");
  same("author", before[0], rows(authors));
  same("loan", before[1], rows(loans));
  limbeck("history", "--indicate-current");

  title("The same as a script, for the one who may touch production");
  writeFileSync(join(app, "release.sql"), limbeck("upgrade", "library:ebooks", "--sql"));
} finally {
  rmSync(app, { recursive: true, force: true });
}
