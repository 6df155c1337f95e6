/**
 * Goes through the databases, one after another. Every command that needs one goes through here.
 *
 * @param {import("limbeck").EnvironmentContext} context
 */
export default async function env(context) {
  for (const database of context.databases) {
    if (context.isOffline) {
      await context.configure({ database, dialect: context.configOf(database).dialect });
      await context.runMigrations(database);
    } else {
      const dataSource = await context.dataSource(database);
      await context.connect(dataSource, async (queryRunner) => {
        await context.configure({ database, queryRunner, target: dataSource });
        await context.runMigrations(database);
      });
    }
  }
}
