// What the server of LIMBECK_TEST_MSSQL_URL cannot do of what every SQL Server can: asked once, before all tests, so that
// a server which speaks a part of T-SQL is let off just that, with a reason. SQL Server itself is let off nothing.
const { randomBytes } = require("node:crypto");
const { ConnectionPool } = require("mssql");

const TABLE =
  "CREATE TABLE [Probe] ([Id] int NOT NULL CONSTRAINT [PK_Probe] PRIMARY KEY, [Note] nvarchar(20) NULL)";

// Each has batches that must run, and a query that must answer with a row; both on a table of its own.
const PROBES = {
  names: {
    reason: "it does not keep the names of indexes as they were given",
    batches: [TABLE, "CREATE INDEX [IDX_Probe] ON [Probe] ([Note])"],
    holds: "SELECT name FROM sys.indexes WHERE name = N'IDX_Probe' COLLATE Latin1_General_BIN2",
  },
  spelling: {
    reason: "its catalogue spells expressions in a way of its own",
    batches: [TABLE, "ALTER TABLE [Probe] ADD CONSTRAINT [CHK_Probe] CHECK ([Id] > 0)"],
    holds: "SELECT name FROM sys.check_constraints WHERE definition = N'([Id]>(0))'",
  },
  defaults: {
    reason: "it does not keep the names of defaults",
    batches: [TABLE, "ALTER TABLE [Probe] ADD CONSTRAINT [DF_Probe] DEFAULT N'x' FOR [Note]"],
    holds: "SELECT name FROM sys.default_constraints WHERE name = N'DF_Probe'",
  },
  statistics: {
    reason:
      "its catalogue does not tell the columns of statistics, which is asked before a column is dropped",
    batches: [],
    holds: "SELECT COUNT(*) AS count FROM sys.stats_columns",
  },
  sequences: {
    reason: "its catalogue shows no sequences",
    batches: ["CREATE SEQUENCE [probe_numbers] AS int"],
    holds: "SELECT name FROM sys.sequences WHERE name = N'probe_numbers'",
  },
  nullability: {
    reason: "it refuses NULL and NOT NULL in ALTER COLUMN",
    batches: [TABLE, "ALTER TABLE [Probe] ALTER COLUMN [Note] nvarchar(40) NOT NULL"],
    holds: "SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(N'[Probe]') AND is_nullable = 0",
  },
  nocheck: {
    reason: "it leaves no constraint unchecked",
    batches: [TABLE, "ALTER TABLE [Probe] NOCHECK CONSTRAINT ALL"],
    holds: "SELECT 1 AS one",
  },
  noexec: {
    reason: "SET NOEXEC does not keep it from running what follows",
    batches: [TABLE, "SET NOEXEC ON", "DROP TABLE [Probe]", "SET NOEXEC OFF"],
    holds: "SELECT OBJECT_ID(N'[Probe]') AS id WHERE OBJECT_ID(N'[Probe]') IS NOT NULL",
  },
  copies: {
    reason: "its catalogue lacks what is asked before a table is copied",
    batches: [
      "SELECT is_masked, is_hidden, encryption_type FROM sys.columns",
      "SELECT object_id FROM sys.change_tracking_tables",
      "SELECT object_id FROM sys.fulltext_indexes",
      "SELECT target_object_id FROM sys.security_predicates",
      "SELECT user_created FROM sys.stats",
      "SELECT temporal_type, is_memory_optimized FROM sys.tables",
    ],
    holds: "SELECT 1 AS one",
  },
};

/** The names of what the server lacks, each with the reason. */
exports.lacksOfMssql = async (url) => {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const server = {
    server: hostname,
    port: Number(port || 1433),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    options: { encrypt: searchParams.get("encrypt") === "true", trustServerCertificate: true },
    pool: { min: 1, max: 1 },
  };
  const name = `limbeck_probe_${randomBytes(6).toString("hex")}`;
  const master = await new ConnectionPool({ ...server, database: "master" }).connect();
  try {
    await master.request().batch(`CREATE DATABASE [${name}]`);
    try {
      return await ask({ ...server, database: name });
    } finally {
      await drop(master, name);
    }
  } finally {
    await master.close();
  }
};

/** A server may take its time until it knows that a connection is gone. */
async function drop(master, name, attempts = 20) {
  try {
    await master.request().batch(`DROP DATABASE [${name}]`);
  } catch (error) {
    if (attempts === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await drop(master, name, attempts - 1);
  }
}

async function ask(options) {
  const lacks = {};
  for (const [name, { reason, batches, holds }] of Object.entries(PROBES)) {
    const pool = await new ConnectionPool(options).connect();
    try {
      for (const batch of batches) await pool.request().batch(batch);
      const { recordset } = await pool.request().batch(holds);
      if (recordset.length === 0) lacks[name] = reason;
    } catch (error) {
      lacks[name] = `${reason}: ${error.message}`;
    }
    await pool.request().batch("DROP TABLE IF EXISTS [Probe]");
    await pool.close();
  }
  return lacks;
}
