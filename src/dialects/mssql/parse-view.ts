/** The text behind a view: sys.sql_modules keeps the whole statement as it was sent. */
import { closing, isSymbol, isWord, tokenize } from "./tokens";

/** The SELECT of `CREATE [OR ALTER] VIEW name [(columns)] [WITH attributes] AS select`; the whole text where it is none. */
export function parseView(definition: string): string {
  const tokens = tokenize(definition);
  let index = tokens.findIndex((token) => isWord(token, "VIEW"));
  if (index < 0) return definition.trim();
  for (index++; index < tokens.length; index++) {
    const end = closing(tokens, index);
    if (end > index) index = end;
    else if (isWord(tokens[index], "AS")) break;
  }
  const start = tokens[index]?.end;
  if (start === undefined) return definition.trim();
  const last = tokens.at(-1);
  const end = isSymbol(last, ";") ? last?.start : undefined;
  return definition.slice(start, end).trim();
}
