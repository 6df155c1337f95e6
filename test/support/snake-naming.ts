import { DefaultNamingStrategy } from "typeorm";

/** What the package typeorm-naming-strategies has users put into their data source. */
export class SnakeNamingStrategy extends DefaultNamingStrategy {
  override tableName(className: string, customName: string | undefined): string {
    return customName ?? snake(className);
  }
  override columnName(property: string, customName: string | undefined, prefixes: string[]): string {
    return snake([...prefixes, customName ?? property].join("_"));
  }
  override joinColumnName(relation: string, referenced: string): string {
    return snake(`${relation}_${referenced}`);
  }
}

function snake(text: string): string {
  return text.replaceAll(
    /[A-Z]/g,
    (letter, place: number) => `${place > 0 ? "_" : ""}${letter.toLowerCase()}`,
  );
}
