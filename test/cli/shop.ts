/** The example of Alembic's manual as a project: a shopping cart, and a network that depends on another branch. */
import { ORDINARY } from "./project";

interface Node {
  readonly id: string;
  readonly down: string | null;
  readonly label?: string;
  readonly dependsOn?: string;
}

const NODES: readonly Node[] = [
  { id: "1975ea83b712", down: null },
  { id: "ae1027a6acf0", down: "1975ea83b712" },
  { id: "55af2cb1c267", down: "ae1027a6acf0" },
  { id: "27c6a30d7c24", down: "1975ea83b712", label: "cart" },
  { id: "d747a8a8879b", down: "27c6a30d7c24" },
  { id: "3cac04ae8714", down: null, label: "networking" },
  { id: "109ec7d132bf", down: "3cac04ae8714" },
  { id: "29f859a13ea0", down: "109ec7d132bf" },
  { id: "2a95102259be", down: "29f859a13ea0", dependsOn: "55af2cb1c267" },
];

/** The files of the project. The revisions do nothing. */
export function shopFiles(): Readonly<Record<string, string>> {
  const files = NODES.map(({ id, down, label = null, dependsOn = null }) => [
    `revisions/versions/${id}.js`,
    `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(down)};
exports.branchLabels = ${JSON.stringify(label)};
exports.dependsOn = ${JSON.stringify(dependsOn)};
exports.message = "revision ${id}";
exports.upgrade = () => {};
exports.downgrade = () => {};
`,
  ]);
  return {
    ...ORDINARY,
    "ormconfig.ts": `export default { dataSource: { type: "better-sqlite3", database: "app.db", entities: [] } };`,
    ...(Object.fromEntries(files) as Readonly<Record<string, string>>),
  };
}
