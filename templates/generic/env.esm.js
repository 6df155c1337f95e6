/**
 * Connects a command to the database. Every command that needs one goes through here.
 *
 * @param {import("limbeck").EnvironmentContext} context
 */
export default async function env(context) {
  if (context.isOffline) {
    await context.configure({ dialect: context.config.dialect });
    await context.runMigrations();
  } else {
    const dataSource = await context.dataSource();
    await context.connect(dataSource, async (queryRunner) => {
      await context.configure({ queryRunner, target: dataSource });
      await context.runMigrations();
    });
  }
}
