import type { Row } from "../../src/database/open.ts";

export function text(record: Row | undefined, property: string): string | null {
  const value = record?.[property];
  return typeof value === "string" ? value : null;
}

export function flag(record: Row | undefined, property: string): boolean | null {
  const value = record?.[property];
  return typeof value === "boolean" ? value : null;
}

export function count(record: Row | undefined, property: string): number | null {
  const value = record?.[property];
  return typeof value === "number" ? value : null;
}

export function rows(record: Row | undefined, property: string): readonly Row[] | null {
  const value = record?.[property];
  return Array.isArray(value) ? (value as Row[]) : null;
}

export function row(record: Row | undefined, property: string): Row | undefined {
  const value = record?.[property];
  return typeof value === "object" && value !== null ? (value as Row) : undefined;
}

/** A time of a record; the first day of the calendar stands for never. */
export function time(record: Row | undefined, property: string): string | null {
  const value = text(record, property);
  return value === null || value.startsWith("0001-01-01") ? null : value;
}

export function day(record: Row | undefined, property: string): string | null {
  return time(record, property)?.slice(0, 10) ?? null;
}

/** Adds what is known; null where nothing is. */
export function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** Adds; null where one is unknown. */
export function sumOfAll(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : sumOfKnown(values);
}

export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
