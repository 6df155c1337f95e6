// Before all tests: finds or starts the servers, and tells the tests of them by URL. A server that is not there is
// said, and is a failure where LIMBECK_REQUIRE names it. LIMBECK_ONLY leaves out all kinds of databases but one.
const { join } = require("node:path");
const { lacksOf } = require("./capabilities");
const { postgresBinaries, startPostgres } = require("./postgres");

const VARIABLES = {
  postgres: "LIMBECK_TEST_POSTGRES_URL",
  mariadb: "LIMBECK_TEST_MARIADB_URL",
  mysql: "LIMBECK_TEST_MYSQL_URL",
  mssql: "LIMBECK_TEST_MSSQL_URL",
};

module.exports = async () => {
  const stops = [];
  globalThis.__limbeckServers = stops;
  const only = process.env.LIMBECK_ONLY;
  if (only) console.log(`not tested: databases other than ${only}, which LIMBECK_ONLY names`);
  const binaries = postgresBinaries(join(__dirname, "..", "..", "node_modules"));
  if (!process.env[VARIABLES.postgres] && binaries) {
    const { url, stop } = await startPostgres(binaries);
    process.env[VARIABLES.postgres] = url;
    stops.push(stop);
  }
  if (process.env[VARIABLES.postgres]) {
    process.env.LIMBECK_TEST_POSTGRES_LACKS = JSON.stringify(await lacksOf(process.env[VARIABLES.postgres]));
  }
  const local = "mysql://root@127.0.0.1:3306/";
  if (!process.env[VARIABLES.mariadb] && (await answers(local))) process.env[VARIABLES.mariadb] = local;
  const required = (process.env.LIMBECK_REQUIRE ?? "").split(",").filter(Boolean);
  for (const [name, variable] of Object.entries(VARIABLES)) {
    if (process.env[variable] || (only && name !== only)) continue;
    const sentence = `there is no ${name} server: set ${variable} to the URL of one`;
    if (required.includes(name)) throw new Error(sentence);
    console.log(`not tested: ${sentence}`);
  }
};

/** Whether a MariaDB server takes a connection there. */
async function answers(url) {
  const { createConnection } = require("mysql2/promise");
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2000 });
    const [[{ version }]] = await connection.query("SELECT VERSION() AS version");
    await connection.end();
    return /mariadb/i.test(version);
  } catch {
    return false;
  }
}
