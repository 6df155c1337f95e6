/** Trees of every type. */
import { Entity, ManyToOne, Tree, TreeChildren, TreeLevelColumn, TreeParent } from "typeorm";
import type { EntitySchema, Relation } from "typeorm";
import { Base, id, schema } from "./kind";
import type { Kinds } from "./kind";

/** A tree of each type, which refers to itself. */
function treeSchema(tree?: object): EntitySchema {
  return schema({
    name: "Node",
    tableName: "node",
    columns: { id },
    relations: {
      parent: { type: "many-to-one", target: "Node", treeParent: true, inverseSide: "children" },
      children: { type: "one-to-many", target: "Node", treeChildren: true, inverseSide: "parent" },
    },
    ...(tree ? { trees: [tree] } : {}),
  });
}

function treeEntity(...decorators: readonly ClassDecorator[]): unknown {
  class Node extends Base {
    @TreeParent()
    parent?: Relation<unknown>;

    @TreeChildren()
    children!: Relation<unknown>[];
  }
  for (const decorate of [Entity("node"), ...decorators]) decorate(Node);
  return Node;
}

export const trees: Kinds = {
  "an adjacency list": {
    decorators: () => {
      @Entity("node")
      class Node extends Base {
        @ManyToOne(() => Node, { onDelete: "CASCADE" })
        parent?: Relation<Node>;
      }
      return [Node];
    },
    schemas: () => [
      schema({
        name: "Node",
        tableName: "node",
        columns: { id },
        relations: { parent: { type: "many-to-one", target: "Node", onDelete: "CASCADE" } },
      }),
    ],
    expected: { node: ["+id parentId?", "key id", "parentId -> node id CASCADE"] },
  },
  "a nested set": {
    decorators: () => [treeEntity(Tree("nested-set"))],
    schemas: () => [treeSchema({ type: "nested-set" })],
    isNewInSchemas: true,
    expected: { node: ["+id nsleft nsright parentId?", "key id", "parentId -> node id"] },
  },
  "a materialized path": {
    decorators: () => [treeEntity(Tree("materialized-path"))],
    schemas: () => [treeSchema({ type: "materialized-path" })],
    isNewInSchemas: true,
    expected: { node: ["+id mpath? parentId?", "key id", "parentId -> node id"] },
  },
  "a closure table": {
    decorators: () => [treeEntity(Tree("closure-table"))],
    schemas: () => [treeSchema({ type: "closure-table" })],
    isNewInSchemas: true,
    expected: {
      node: ["+id parentId?", "key id", "parentId -> node id"],
      node_closure: [
        "id_ancestor id_descendant",
        "key id_ancestor id_descendant",
        "id_ancestor -> node id CASCADE",
        "id_descendant -> node id CASCADE",
        "index id_ancestor",
        "index id_descendant",
      ],
    },
  },
  "a closure table on SQL Server, where two ways to one table may not both cascade": {
    type: "mssql",
    decorators: () => [treeEntity(Tree("closure-table"))],
    schemas: () => [treeSchema({ type: "closure-table" })],
    isNewInSchemas: true,
    expected: {
      node: ["+id parentId?", "key id", "parentId -> node id"],
      node_closure: [
        "id_ancestor id_descendant",
        "key id_ancestor id_descendant",
        "id_ancestor -> node id",
        "id_descendant -> node id",
        "index id_ancestor",
        "index id_descendant",
      ],
    },
  },
  "a closure table with names of its own and levels": {
    decorators: () => {
      const tree = treeEntity(
        Tree("closure-table", {
          closureTableName: "node_tree",
          ancestorColumnName: () => "above",
          descendantColumnName: () => "below",
        }),
      ) as { prototype: object };
      Reflect.defineMetadata("design:type", Number, tree.prototype, "level");
      TreeLevelColumn()(tree.prototype, "level");
      return [tree];
    },
    schemas: () => {
      const tree = treeSchema({
        type: "closure-table",
        options: {
          closureTableName: "node_tree",
          ancestorColumnName: () => "above",
          descendantColumnName: () => "below",
        },
      });
      Object.assign(tree.options.columns, { level: { type: Number, treeLevel: true } });
      return [tree];
    },
    isNewInSchemas: true,
    expected: {
      node: ["+id level parentId?", "key id", "parentId -> node id"],
      node_tree_closure: [
        "above below level",
        "key above below",
        "above -> node id CASCADE",
        "below -> node id CASCADE",
        "index above",
        "index below",
      ],
    },
  },
};
