import type { EnvironmentContext } from "limbeck";

/** Connects a command to the database. Every command that needs one goes through here. */
export default async function env(context: EnvironmentContext): Promise<void> {
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
