/** One kind of entity, said in both ways. */
import { EntitySchema, PrimaryGeneratedColumn } from "typeorm";
import type { EntitySchemaOptions } from "typeorm";
import type { DatabaseType } from "../build";
import type { Outline } from "../outline";

export interface Kind {
  readonly decorators: () => readonly unknown[];
  readonly schemas: () => readonly EntitySchema[];
  readonly expected: Outline;
  readonly type?: DatabaseType;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What EntitySchema could not say in 0.3.20. */
  readonly isNewInSchemas?: boolean;
}

export type Kinds = Readonly<Record<string, Kind>>;

export const id = { type: Number, primary: true, generated: true } as const;

/** An EntitySchema, also with options that its type leaves out. */
export function schema(options: Readonly<Record<string, unknown>>): EntitySchema {
  return new EntitySchema(options as unknown as EntitySchemaOptions<unknown>);
}

export abstract class Base {
  @PrimaryGeneratedColumn()
  id!: number;
}
