import type { QualifiedName } from "./schema";

/** The name alone, without the rest of the object that it was part of. */
export function qualified(object: QualifiedName): QualifiedName {
  return object.schema === undefined ? { name: object.name } : { schema: object.schema, name: object.name };
}

/** One string per name, for maps and sets. No name can hold a zero byte, so two names never share a key. */
export function keyOf(name: QualifiedName): string {
  return name.schema === undefined ? name.name : `${name.schema}\u0000${name.name}`;
}

/** A name as people read and type it: `schema.name`, or the name alone. */
export function displayName(name: QualifiedName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}

/** Whether two names are the same, byte by byte. */
export function sameName(left: QualifiedName, right: QualifiedName): boolean {
  return left.name === right.name && left.schema === right.schema;
}

/** `"schema.name"`, or an object where a dot is part of the name; the form that `op` takes. */
export function parseName(name: string | { readonly schema?: string; readonly name: string }): QualifiedName {
  if (typeof name !== "string") return qualified(name);
  const dot = name.indexOf(".");
  return dot < 0 ? { name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) };
}
