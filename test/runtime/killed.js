// A process that upgrades and kills itself at one of its statements. Arguments: a JSON of { folder, options, driver, at,
// when }; `at: 0` only tells the statements. With `keep`, the files of an SQLite database are copied there after each
// statement: what a process leaves that is killed then, because SQLite holds back nothing that it has written. Run on the
// built package, as a deployment would.
const { copyFileSync, existsSync } = require("node:fs");
const { join } = require("node:path");
const root = join(__dirname, "..", "..");
const { open } = require(join(root, "dist", "index.js"));

const {
  folder,
  options,
  driver,
  at,
  when,
  keep,
  run = { revisions: ["head"] },
} = JSON.parse(process.argv[2]);
const { [driver.name]: Runner } = require(require.resolve(driver.module, { paths: [root] }));
const original = Runner.prototype.query;
let count = 0;
const statements = [];
Runner.prototype.query = async function (...args) {
  const number = ++count;
  statements.push(String(args[0]));
  if (number === at && when === "before") process.kill(process.pid, "SIGKILL");
  const answer = original.apply(this, args);
  if (number === at && when === "sent") {
    // The server has it, or will have it in a moment; the answer finds nobody.
    await new Promise((resolve) => setTimeout(resolve, 15));
    process.kill(process.pid, "SIGKILL");
  }
  const rows = await answer;
  if (keep) keepFiles(join(keep, `${number}.db`));
  if (number === at && when === "after") process.kill(process.pid, "SIGKILL");
  return rows;
};

function keepFiles(copy) {
  for (const end of ["", "-journal", "-wal"]) {
    if (existsSync(options.database + end)) copyFileSync(options.database + end, copy + end);
  }
}

open({ cwd: folder, config: { dataSource: options } })
  .then((limbeck) => limbeck.upgrade(run))
  .then(
    (result) => process.stdout.write(JSON.stringify({ count, statements, result })),
    (error) => {
      process.stderr.write(`${error.message}\n${error.hint ?? ""}\n${error.stack}\n`);
      process.exitCode = 1;
    },
  );
