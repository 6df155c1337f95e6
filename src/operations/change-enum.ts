import { compact, equal } from "../model/equal";
import { qualified } from "../model/names";
import type { EnumType } from "../model/schema";
import type { AlterEnum } from "./operation";

/** An enum type after a change: renames first, then the new list of values or what is added to the old one. */
export function changedEnum(type: EnumType, change: AlterEnum["change"]): EnumType {
  const rename = change.rename ?? {};
  const values = change.values ?? type.values.map((value) => rename[value] ?? value);
  const { comment } = type;
  return compact<EnumType>({
    ...qualified(change.name ?? type),
    values: (change.add ?? []).reduce(withAdded, values),
    comment,
  });
}

/** Whether a change leaves all values as they are and where they are, and adds to them. */
export function onlyAdds({ change, was }: AlterEnum): boolean {
  if (!was || change.name || Object.keys(change.rename ?? {}).length > 0) return false;
  const { values } = changedEnum(was, change);
  const kept = values.filter((value) => was.values.includes(value));
  return values.length > kept.length && equal(kept, was.values);
}

function withAdded(
  values: readonly string[],
  { value, before, after }: { readonly value: string; readonly before?: string; readonly after?: string },
): readonly string[] {
  if (values.includes(value)) return values;
  const place =
    before !== undefined
      ? values.indexOf(before)
      : after !== undefined
        ? values.indexOf(after) + 1
        : values.length;
  return values.toSpliced(place < 0 ? values.length : place, 0, value);
}
