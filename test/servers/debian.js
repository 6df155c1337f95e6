// MySQL and other MariaDBs for tests, from Debian's packages, without touching the machine's own: they are unpacked into
// a folder of their own and run through their own loader.
//
//   node test/servers/debian.js mysql-9 mariadb-10.5 mariadb-11.8 -- npx jest test/dialects/mysql
//
// runs the command once for each server, and fails if any run did. A server that cannot be had (sid is broken for days now
// and then) is said and left out; where LIMBECK_REQUIRE names it, that is a failure too.
const { spawn, spawnSync } = require("node:child_process");
const {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { createServer } = require("node:net");
const { homedir, tmpdir } = require("node:os");
const { join } = require("node:path");

/** What a server is called here, where Debian has it, and which variable tells the tests of it. */
const SERVERS = {
  "mysql-9": { suite: "sid", package: "mysql-server-core", variable: "LIMBECK_TEST_MYSQL_URL" },
  "mariadb-10.5": {
    suite: "bullseye",
    package: "mariadb-server-core-10.5",
    variable: "LIMBECK_TEST_MARIADB_URL",
  },
  "mariadb-11.8": { suite: "trixie", package: "mariadb-server-core", variable: "LIMBECK_TEST_MARIADB_URL" },
};
const LIBRARIES = "usr/lib/x86_64-linux-gnu";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Downloads and unpacks the packages of a server, once. */
function unpacked(name) {
  const { suite, package: wanted } = SERVERS[name];
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "limbeck", name);
  const files = join(folder, "files");
  if (existsSync(join(folder, "complete"))) return files;
  rmSync(folder, { recursive: true, force: true });
  for (const path of ["lists/partial", "cache/archives/partial"])
    mkdirSync(join(folder, path), { recursive: true });
  mkdirSync(files);
  writeFileSync(join(folder, "status"), "");
  writeFileSync(
    join(folder, "sources.list"),
    `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${suite} main\n`,
  );
  const settings = {
    "Dir::State::status": join(folder, "status"),
    "Dir::State::lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "APT::Install-Recommends": "false",
    "Acquire::Languages": "none",
    "Debug::NoLocking": "true",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  run("apt-get", ["-q", ...options, "update"]);
  run("apt-get", ["-q", "-y", ...options, "install", "--download-only", wanted]);
  const archives = join(folder, "cache", "archives");
  for (const file of readdirSync(archives).filter((one) => one.endsWith(".deb"))) {
    run("dpkg", ["-x", join(archives, file), files]);
  }
  rmSync(archives, { recursive: true });
  writeFileSync(join(folder, "complete"), "");
  return files;
}

/** Starts a server on a port of its own and answers with its URL and what stops it. */
async function startServer(name) {
  const files = unpacked(name);
  const folder = mkdtempSync(join(tmpdir(), `limbeck-${name}-`));
  const data = join(folder, "data");
  mkdirSync(data);
  const port = await freePort();
  const program = name.startsWith("mysql") ? "mysqld" : "mariadbd";
  const share = ["usr/share/mysql", "usr/share/mariadb"].map((path) => join(files, path)).find(existsSync);
  const loader = [
    `${LIBRARIES}/ld-linux-x86-64.so.2`,
    "lib64/ld-linux-x86-64.so.2",
    "lib/x86_64-linux-gnu/ld-2.31.so",
  ]
    .map((path) => join(files, path))
    .find(existsSync);
  const common = [
    "--library-path",
    [join(files, LIBRARIES), join(files, "lib/x86_64-linux-gnu")].join(":"),
    join(files, "usr/sbin", program),
    "--no-defaults",
    `--basedir=${join(files, "usr")}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, "charsets")}`,
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    ...(process.getuid?.() === 0 ? ["--user=root"] : []),
  ];
  if (program === "mysqld")
    run(loader, [...common, `--plugin-dir=${join(files, "usr/lib/mysql/plugin")}`, "--initialize-insecure"]);
  else run(loader, [...common, "--bootstrap"], bootstrapSql(share));
  const child = spawn(
    loader,
    [
      ...common,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${join(folder, "s.sock")}`,
      "--innodb-flush-log-at-trx-commit=0",
      ...(program === "mysqld"
        ? [
            "--mysqlx=OFF",
            "--skip-log-bin",
            "--secure-file-priv=NULL",
            `--plugin-dir=${join(files, "usr/lib/mysql/plugin")}`,
          ]
        : ["--skip-log-bin", "--skip-grant-tables"]),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  // Whoever ends this process ends its server too.
  process.once("exit", () => child.kill("SIGKILL"));
  const errors = [];
  child.stderr.on("data", (chunk) => errors.push(chunk));
  const stopped = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGKILL");
    await stopped;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `mysql://root@127.0.0.1:${port}/`;
  if (!(await answersSoon(url, child))) {
    await stop();
    throw new Error(`${name} did not start: ${Buffer.concat(errors).toString().slice(-2000)}`);
  }
  if (program === "mariadbd") await withRights(url);
  return { url, stop };
}

/** Lets a server that was started without rights make users, and its root come without a password. */
async function withRights(url) {
  const { createConnection } = require("mysql2/promise");
  const connection = await createConnection(url);
  for (const sql of [
    "FLUSH PRIVILEGES",
    "CREATE OR REPLACE USER root@'%' IDENTIFIED BY ''",
    "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION",
    "CREATE OR REPLACE USER root@localhost IDENTIFIED BY ''",
    "GRANT ALL ON *.* TO root@localhost WITH GRANT OPTION",
  ]) {
    await connection.query(sql);
  }
  await connection.end();
}

/** The system tables of MariaDB, one statement a line, as its bootstrap wants them. */
function bootstrapSql(share) {
  const names = [
    "mariadb_system_tables",
    "mysql_system_tables",
    "mariadb_performance_tables",
    "mysql_performance_tables",
    "mariadb_system_tables_data",
    "mysql_system_tables_data",
  ];
  const scripts = names.map((one) => join(share, `${one}.sql`)).filter(existsSync);
  return [
    "CREATE DATABASE IF NOT EXISTS mysql;",
    "USE mysql;",
    ...scripts.map((file) => readFileSync(file, "utf8")),
  ].join("\n");
}

async function answersSoon(url, child) {
  const { createConnection } = require("mysql2/promise");
  for (let attempt = 0; attempt < 150 && child.exitCode === null; attempt++) {
    try {
      const connection = await createConnection(url);
      await connection.end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return false;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function run(command, args, input) {
  const result = spawnSync(command, args, { encoding: "utf8", input, maxBuffer: 1 << 28 });
  if (result.status === 0) return;
  throw new Error(`${command} ${args.at(-1)} failed: ${result.error?.message ?? result.stderr.slice(-2000)}`);
}

async function main(args) {
  const end = args.indexOf("--");
  const names = end < 0 ? args : args.slice(0, end);
  const [command, ...rest] = end < 0 ? [] : args.slice(end + 1);
  const unknown = names.filter((name) => !(name in SERVERS));
  if (unknown.length > 0 || names.length === 0) {
    throw new Error(`name one or more of: ${Object.keys(SERVERS).join(", ")}`);
  }
  const required = (process.env.LIMBECK_REQUIRE ?? "").split(",");
  let failures = 0;
  for (const name of names) {
    const { url, stop, missing } = await startServer(name).catch((error) => ({ missing: error.message }));
    if (missing !== undefined) {
      console.log(`not tested on ${name}, which cannot be had: ${missing}`);
      if (required.includes(name)) failures++;
      continue;
    }
    console.log(`${name} is at ${url}`);
    try {
      if (command === undefined) await new Promise((resolve) => process.once("SIGINT", resolve));
      else {
        const env = { ...process.env, [SERVERS[name].variable]: url };
        const status = await new Promise((resolve) => {
          spawn(command, rest, { stdio: "inherit", env }).once("exit", resolve);
        });
        if (status !== 0) failures++;
      }
    } finally {
      await stop();
    }
  }
  return failures;
}

if (require.main === module) {
  process.once("SIGTERM", () => process.exit(143));
  main(process.argv.slice(2)).then(
    (failures) => process.exit(failures === 0 ? 0 : 1),
    (error) => {
      console.error(error.message);
      process.exit(2);
    },
  );
}

module.exports = { SERVERS, startServer };
