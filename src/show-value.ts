import type { Issue, Place } from "./issue.ts";

const charactersShown = 80;

/** The place with the value at the pointer of an issue, as JSON cut to 80 characters; the same place where it has none. */
export function withValue(place: Place, issue: Issue, record: unknown): Place {
  const found = "pointer" in issue ? valueAt(record, issue.pointer.split("/").slice(1)) : undefined;
  if (found === undefined) return place;
  const text = JSON.stringify(found);
  const value = text.length > charactersShown ? `${text.slice(0, charactersShown).toWellFormed()}…` : text;
  return { ...place, value };
}

/** Where the pointer says `*`, all values of the list: an issue does not tell which of them it is. */
function valueAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => valueAt(item, rest));
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt((value as Record<string, unknown>)[step], rest);
}
