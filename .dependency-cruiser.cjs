/** Who may import whom: DESIGN section 3. Rooms know only what stands below them, and nothing goes round in a circle. */
const lower = ["model", "operations", "diff", "render", "lint", "revisions", "dialects", "metadata"];
const middle = ["diff", "render", "lint", "revisions", "dialects", "metadata"];

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "model-imports-nothing-above",
      severity: "error",
      from: { path: "^src/model/" },
      to: { path: "^src/", pathNot: "^src/(model/|errors)" },
    },
    {
      name: "operations-import-model-only",
      severity: "error",
      from: { path: "^src/operations/" },
      to: { path: "^src/", pathNot: "^src/(operations/|model/|errors)" },
    },
    ...middle.map((room) => ({
      name: `${room}-imports-downwards`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${room}/|operations/|model/|errors)` },
    })),
    {
      name: "autogenerate-imports-downwards",
      severity: "error",
      from: { path: "^src/autogenerate/" },
      to: {
        path: "^src/",
        pathNot: "^src/(autogenerate/|diff/|dialects/dialect|render/items|operations/|model/|errors)",
      },
    },
    {
      name: "rim-imports-downwards",
      severity: "error",
      from: { path: "^src/(runtime|loader|config)/" },
      to: { path: "^src/(commands|cli|index)" },
    },
    {
      name: "commands-do-not-know-the-terminal",
      severity: "error",
      from: { path: "^src/commands/" },
      to: { path: "^src/(cli|index)" },
    },
    {
      name: "pure-rooms-use-no-node",
      severity: "error",
      from: { path: `^src/(autogenerate|${lower.join("|")})/` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "typeorm-types-only",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "node_modules/typeorm/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "prettier-in-render-migration-only",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/render/migration" },
      to: { path: "node_modules/prettier/" },
    },
    {
      name: "only-the-loader-hooks-modules",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(loader/|cli/tune-node)" },
      to: { path: "^(node:)?module$" },
    },
    {
      name: "yargs-in-cli-only",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "node_modules/yargs/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
