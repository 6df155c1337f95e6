/**
 * Pairs of expressions, put into one temporary table and read back by SHOW CREATE TABLE: what the server writes in the
 * same way means the same. Everything stands inside CREATE TEMPORARY TABLE, because ALTER TABLE would commit.
 */
import type { Column, Table } from "../../model/schema";
import type { Queryable } from "../dialect";
import type { Capabilities } from "./capabilities";
import { columnSql } from "./clauses";
import { quote, quoteName } from "./quote";
import { stripOuterParentheses, sameTokens, withoutIntroducers } from "./tokens";
import { typeSql } from "./type";

/** Whether two texts mean the same in their place. */
export interface Question {
  readonly kind: "check" | "computed" | "default" | "index";
  readonly target: string;
  readonly live: string;
  /** The column that the texts belong to, for computed columns and defaults. */
  readonly column?: Column;
}

/**
 * The answers to all questions about one table. A text that the live table cannot take names something that it lacks,
 * and so is not the same; such a one is found by asking one by one.
 */
export async function judgeTable(
  db: Queryable,
  table: Table,
  questions: readonly Question[],
  capabilities: Capabilities,
): Promise<(question: Question) => boolean> {
  const open = questions.filter(({ target, live }) => !sameTokens(target, live));
  const same = new Set(questions.filter((one) => !open.includes(one)).map(keyOf));
  const ask = async (some: readonly Question[]): Promise<void> => {
    if (some.length === 0) return;
    const text = await twin(db, table, some, capabilities);
    if (text === undefined) {
      if (some.length > 1) for (const one of some) await ask([one]);
      return;
    }
    for (const [place, one] of some.entries()) {
      const [left, right] = [written(text, one, `t${place}`), written(text, one, `l${place}`)];
      if (left !== undefined && right !== undefined && sameTokens(left, right)) same.add(keyOf(one));
    }
  };
  await ask(open);
  return (question) => same.has(keyOf(question));
}

function keyOf({ kind, target, live, column }: Question): string {
  return JSON.stringify([kind, target, live, column?.name]);
}

/** How the server writes a temporary table with both texts of each question; undefined where it refuses one. */
async function twin(
  db: Queryable,
  table: Table,
  questions: readonly Question[],
  capabilities: Capabilities,
): Promise<string | undefined> {
  const columns = table.columns.map((column) =>
    columnSql({ name: column.name, type: column.type, nullable: true, ...lettersOf(column) }, capabilities),
  );
  const items = questions.flatMap((question, place) => [
    item(question, `t${place}`, question.target),
    item(question, `l${place}`, question.live),
  ]);
  const name = quoteName(table);
  const { charset, collation } = table.options ?? {};
  const options = `${charset === undefined ? "" : ` DEFAULT CHARACTER SET ${charset}`}${collation === undefined ? "" : ` COLLATE ${collation}`}`;
  try {
    await db.query(`CREATE TEMPORARY TABLE ${name} (${[...columns, ...items].join(", ")})${options}`);
  } catch {
    return undefined;
  }
  try {
    const [row] = await db.query<{ "Create Table": string }>(`SHOW CREATE TABLE ${name}`);
    return row?.["Create Table"];
  } finally {
    await db.query(`DROP TEMPORARY TABLE ${name}`);
  }
}

function lettersOf({ charset, collation }: Column): Pick<Column, "charset" | "collation"> {
  return { ...(charset === undefined ? {} : { charset }), ...(collation === undefined ? {} : { collation }) };
}

function item({ kind, column }: Question, label: string, text: string): string {
  const name = quote(`limbeck_${label}`);
  const type = column ? typeSql(column.type) : "";
  const letters = column?.collation === undefined ? "" : ` COLLATE ${column.collation}`;
  switch (kind) {
    case "check":
      return `CONSTRAINT ${name} CHECK (${text})`;
    case "computed":
      return `${name} ${type}${letters} AS (${text}) VIRTUAL`;
    case "default":
      return `${name} ${type}${letters} DEFAULT ${text}`;
    case "index":
      return `INDEX ${name} ((${stripOuterParentheses(text)}))`;
  }
}

/** What the server writes behind the name of an item, on a line of its own. */
function written(text: string, { kind }: Question, label: string): string | undefined {
  const pattern = new RegExp(`^\\s*(?:CONSTRAINT |KEY )?[\`"]limbeck_${label}[\`"] (.*?),?$`, "m");
  const found = pattern.exec(text)?.[1];
  return found === undefined || kind === "default" ? found : withoutIntroducers(found);
}
