import type { Dataset, Property } from "./dataset.ts";
import { quoteName } from "./ddl.ts";

/** How the keys of records compare, as SQL over the columns of a raw table, by the macros of the database. */
export interface KeySql {
  /** The place of the first key that the record has, from 0; null where it names nobody and nothing. */
  readonly level: string;
  /** The key at that place, as one text; null as above. */
  readonly own: string;
  /** A hash of it that is soon computed. */
  readonly hash: string;
  /** Each key by itself; null where its first part has no value. */
  readonly keys: readonly string[];
}

/** What makes two records of a dataset the same one: equal where the field itself would call them equal. `alias` is of the table. */
export function keySql(dataset: Dataset, alias = ""): KeySql {
  const keys = dataset.keys.map((names) => names.map((name) => findProperty(dataset, name)));
  const parts = keys.map((properties) => properties.map((property) => partSql(property, alias)));
  const tests = keys.map((properties) => usableSql(properties[0], alias));
  const texts = parts.map(joinParts);
  const choose = (results: readonly string[]): string =>
    `case ${tests.map((test, at) => `when ${test} then ${results[at] ?? "null"}`).join(" ")} end`;
  const [only, ...others] = parts.flat();
  // An id alone is its own key: there are millions of events.
  const isPlain = only !== undefined && others.length === 0 && keys[0]?.[0]?.isConcealable === false;
  return {
    level: choose(texts.map((_, at) => String(at))),
    own: isPlain ? only : choose(texts.map((text, at) => `concat_ws(chr(31), '${at}', ${text})`)),
    hash: isPlain
      ? `hash(${only})`
      : choose(parts.map((some, at) => `hash(${[String(at), ...some].join(", ")})`)),
    keys: texts.map((text, at) => `case when ${tests[at] ?? "false"} then concat_ws(chr(31), ${text}) end`),
  };
}

function joinParts(parts: readonly string[]): string {
  return parts.map((part) => `coalesce((${part})::varchar, '')`).join(", ");
}

function findProperty({ name: dataset, properties }: Dataset, name: string): Property {
  const property = properties.find((one) => one.name === name);
  if (property === undefined) throw new Error(`${dataset} has no property ${name}`);
  return property;
}

/** How one property compares. */
export function partSql({ name, type, format, isId }: Property, alias = ""): string {
  const column = `${alias}${quoteName(name)}`;
  // Exporters write a day that never was for none, and leave out what is false.
  if (format === "date") return `nullif(${column}, date '0001-01-01')`;
  if (type === "boolean") return `coalesce(${column}, false)`;
  if (type !== "string" || format !== undefined) return column;
  return `macros.${isId ? "guid_key" : "name_key"}(${column})`;
}

/** Whether a key's first part says whose the record is. */
function usableSql(property: Property | undefined, alias: string): string {
  if (property === undefined) return "false";
  const isThere = `${partSql(property, alias)} is not null`;
  return property.isConcealable
    ? `${isThere} and not macros.is_concealed(${alias}${quoteName(property.name)})`
    : isThere;
}
