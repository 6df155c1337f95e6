// What some servers have and others have not, found out by trying: tests of it stand skipped where it is not there.

/** What is tried on PostgreSQL, by the name of the capability. It comes with the major, or the extension, that is named. */
const POSTGRES = {
  "NULLS NOT DISTINCT": { since: 15, sql: "CREATE TEMPORARY TABLE t (a int, UNIQUE NULLS NOT DISTINCT (a))" },
  "ON DELETE SET NULL (columns)": {
    since: 15,
    sql: `CREATE TEMPORARY TABLE p (a int, b int, PRIMARY KEY (a, b));
      CREATE TEMPORARY TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b))`,
  },
  postgis: { since: "PostGIS", sql: "CREATE EXTENSION postgis" },
  vector: { since: "pgvector", sql: "CREATE EXTENSION vector" },
  "virtual generated columns": {
    since: 18,
    sql: "CREATE TEMPORARY TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)",
  },
};

/** The capabilities that the server at a URL lacks; each is printed with what the server said. */
async function lacksOf(url) {
  const { Client } = require("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const lacks = [];
    for (const [name, { since, sql }] of Object.entries(POSTGRES)) {
      const reason = await client.query(`BEGIN; ${sql}`).then(
        () => undefined,
        (error) => error.message,
      );
      await client.query("ROLLBACK");
      if (reason === undefined) continue;
      lacks.push(name);
      console.log(`not tested: this PostgreSQL has no ${name}, which comes with ${since} (${reason})`);
    }
    return lacks;
  } finally {
    await client.end();
  }
}

module.exports = { lacksOf };
