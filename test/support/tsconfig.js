/** The tsconfig.json of a fresh project, for one kind of module. */
const tsconfig = (module) =>
  JSON.stringify({
    compilerOptions: {
      target: "es2022",
      module,
      strict: true,
      strictPropertyInitialization: false,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
    },
    include: ["src", "revisions", "ormconfig.ts"],
  });

module.exports = { tsconfig };
