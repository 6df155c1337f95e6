// Run by apps.test.ts in a process of its own, as the command line is: loads an application with the compiled loader
// and writes what it found. Standard output is for that alone.
const { join } = require("node:path");

const [, , compiled, options] = process.argv;
const from = (file) => require(join(compiled, file));

async function report() {
  const { resolveConfig } = from("config/resolve.js");
  const { loadDataSource } = from("loader/data-source.js");
  const { buildMetadata } = from("loader/build-metadata.js");
  const config = await resolveConfig({ cwd: process.cwd(), env: {}, ...JSON.parse(options) });
  const loaded = Object.keys(require.cache).filter((path) => /\/node_modules\/typeorm\//.test(path)).length;
  const { dataSource, close } = await loadDataSource(config.dataSource, {
    file: config.file,
    loader: config.loader,
  });
  await buildMetadata(dataSource, config.file);
  const columns = dataSource.entityMetadatas.flatMap(({ tableName, columns }) =>
    columns.map(({ propertyName, type }) => [
      `${tableName}.${propertyName}`,
      typeof type === "function" ? type.name : type,
    ]),
  );
  return {
    file: config.file,
    scriptLocation: config.scriptLocation,
    typeormWasLoaded: loaded > 0,
    columns: Object.fromEntries(columns.sort()),
    ...(close ? { closed: close() } : {}),
  };
}

report()
  .catch(({ code, message, hint, file }) => ({ error: { code, message, hint, file } }))
  .then(async (result) => {
    // What an application has started goes on for a while.
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.stdout.write(JSON.stringify(result));
  });
