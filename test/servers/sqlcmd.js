// Runs the script on standard input as `sqlcmd -b` does: batches between lines of GO, one after the other on one
// connection, and no further than the first that fails. The connection is the first argument, as JSON.
const { readFileSync } = require("node:fs");
const { ConnectionPool } = require("mssql");

const { host, username, ...rest } = JSON.parse(process.argv[2]);
const batches = readFileSync(0, "utf8")
  .split(/^[ \t]*GO[ \t]*\r?$/im)
  .filter((batch) => batch.trim() !== "");

async function run() {
  const pool = await new ConnectionPool({
    ...rest,
    server: host,
    user: username,
    pool: { min: 1, max: 1 },
  }).connect();
  try {
    for (const batch of batches) await pool.request().batch(batch);
  } finally {
    await pool.close();
  }
}

run().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
