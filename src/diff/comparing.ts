/** What the user says about whether parts of a column, or a comment, differ. */
import type { Column, ColumnType, Default, Generated, QualifiedName } from "../model/schema";
import { columnChange } from "../operations/change-column";
import type { ColumnChange } from "../operations/operation";

/** One thing on both sides. */
export interface Compared<Value> {
  readonly table: QualifiedName;
  /** Absent for the comment of a table. */
  readonly column?: string;
  /** As the database has it. */
  readonly live: Value | undefined;
  /** As the entities want it. */
  readonly target: Value | undefined;
}

/**
 * Whether something is compared: `false` never, `true` as Limbeck sees it. A function answers for each: `true` differs,
 * `false` is the same, `undefined` is as Limbeck sees it.
 */
export type CompareWith<Value> = boolean | ((compared: Compared<Value>) => boolean | undefined);

/** What of columns and tables is compared; everything unless said. */
export interface Comparing {
  /** The type of a column, with length, precision, values and so on. */
  readonly compareType?: CompareWith<ColumnType>;
  /** Whether a column takes nulls. */
  readonly compareNullable?: CompareWith<boolean>;
  /** The default of a column. */
  readonly compareDefault?: CompareWith<Default>;
  /** How the database makes the value of a column: increment, identity, uuid, computed. */
  readonly compareGenerated?: CompareWith<Generated>;
  /** How the letters of a column are kept and sorted. */
  readonly compareCollation?: CompareWith<Pick<Column, "charset" | "collation">>;
  /** The comment of a column or table. */
  readonly compareComment?: CompareWith<string>;
}

type Part = Exclude<keyof Column & keyof ColumnChange, "name">;

const PARTS: { readonly [K in keyof Comparing]-?: readonly [Part, ...Part[]] } = {
  compareType: ["type"],
  compareNullable: ["nullable"],
  compareDefault: ["default"],
  compareGenerated: ["generated"],
  compareCollation: ["charset", "collation"],
  compareComment: ["comment"],
};

/** Whether a function of the user may see a difference where there is none. */
export function asksAlways(comparing: Comparing): boolean {
  return Object.values(comparing).some((option) => typeof option === "function");
}

/** What changes of a column, after the user has been heard. */
export function comparedChange(
  table: QualifiedName,
  pair: { readonly from: Column; readonly to: Column },
  comparing: Comparing,
): ColumnChange {
  const found = columnChange(pair.from, pair.to);
  const answers = (Object.keys(PARTS) as (keyof Comparing)[]).map((key) => {
    const values = (column: Column): unknown =>
      key === "compareCollation"
        ? { charset: column.charset, collation: column.collation }
        : column[PARTS[key][0]];
    const place = { table, column: pair.to.name };
    const compared = { ...place, live: values(pair.from), target: values(pair.to) };
    return {
      parts: PARTS[key],
      answer: answerOf(comparing[key] as CompareWith<unknown> | undefined, compared),
    };
  });
  const same = new Set<string>(answers.flatMap(({ parts, answer }) => (answer === false ? parts : [])));
  const kept = Object.entries(found).filter(([part]) => !same.has(part));
  const forced = answers.flatMap(({ parts, answer }) =>
    answer === true && !parts.some((part) => part in found)
      ? parts
          .filter((part) => (pair.from[part] ?? pair.to[part]) !== undefined)
          .map((part) => [part, pair.to[part] ?? null] as const)
      : [],
  );
  return Object.fromEntries([...kept, ...forced]);
}

/** The user's answer to one question; nothing where it is Limbeck's to say. */
export function answerOf<Value>(
  option: CompareWith<Value> | undefined,
  compared: Compared<Value>,
): boolean | undefined {
  if (typeof option === "function") return option(compared);
  return option === false ? false : undefined;
}
