import type { Row } from "../../src/database/open.ts";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { groupBy } from "./values.ts";

const datasets = loadDatasets();

/** Whether a text in the place of a name is nobody's: empty, or one of the forms in which reports conceal names. */
export function namesNobody(name: string | null): boolean {
  const plain = (name ?? "").trim().toLowerCase();
  return plain === "" || plain === "(unknown)" || plain.startsWith("<pii:") || /^[0-9a-f]{32}$/.test(plain);
}

/** A value as the field compares it: ids without case, braces and dashes, names in NFC without case; what is not there is "". */
function fold(property: string, value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  const plain = String(value).trim().normalize("NFC").toLowerCase();
  if (plain.startsWith("0001-01-01")) return "";
  if (!/id$/i.test(property)) return plain;
  const digits = plain.replaceAll(/[{}-]/g, "");
  return /^0*$/.test(digits) ? "" : digits;
}

/** Each key of a record; null where what begins it names nobody and nothing. */
function keysOf(dataset: string, record: Row): (string | null)[] {
  return (datasets.get(dataset)?.keys ?? []).map((names) => {
    const [first = ""] = names.map((name) => fold(name, record[name]));
    const isNobody = /principalname$/i.test(names[0] ?? "") && namesNobody(first);
    return first === "" || isNobody ? null : JSON.stringify(names.map((name) => fold(name, record[name])));
  });
}

interface Keyed {
  readonly record: Row;
  readonly keys: readonly (string | null)[];
  /** The place of the first key that it has. */
  readonly level: number;
  readonly own: string;
}

function toKeyed(dataset: string, record: Row): Keyed {
  const keys = keysOf(dataset, record);
  const level = keys.findIndex((key) => key !== null);
  return { record, keys, level, own: `${level} ${keys[level] ?? ""}` };
}

/** What a record says, whatever the order in which it does. */
function contentOf(record: Row): string {
  const said = Object.entries(record).filter(([, value]) => value !== null);
  return JSON.stringify(said.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The records of files that belong together, each once: the same key is the same record; one that lacks the ids of
 * another, and says the same as it alone, is that one. Rows that name nobody stay as often as in the one file where
 * they stand most often.
 */
export function withoutRepeats(dataset: string, files: readonly (readonly Row[])[]): Row[] {
  const keyed = files.map((file) => file.map((record) => toKeyed(dataset, record)));
  const named = keyed.flat().filter(({ level }) => level >= 0);
  const once = [...new Map(named.map((each) => [each.own, each])).values()];
  const left = once.filter(({ level, keys }) => {
    const key = keys[level];
    const fuller = once.filter((other) => other.level < level && other.keys[level] === key);
    return fuller.length !== 1;
  });
  const nobodies = new Map<string, Row[]>();
  for (const file of keyed) {
    const own = groupBy(
      file.filter(({ level }) => level < 0).map(({ record }) => record),
      contentOf,
    );
    for (const [content, rows] of own)
      if (rows.length > (nobodies.get(content)?.length ?? 0)) nobodies.set(content, rows);
  }
  return [...left.map(({ record }) => record), ...[...nobodies.values()].flat()];
}

/** Whether two exports tell of the same: a key is in both, or, where one has none, most of its rows are that name nobody. */
export function shareRecords(dataset: string, one: readonly Row[], other: readonly Row[]): boolean {
  const both = [one, other].map((records) => records.map((record) => toKeyed(dataset, record)));
  const named = both.map((all) => new Set(all.flatMap(({ level, own }) => (level < 0 ? [] : own))));
  const [keys = new Set<string>(), others = new Set<string>()] = named;
  if (keys.size > 0 && others.size > 0) return [...keys].some((key) => others.has(key));
  const [some = [], rest = []] = both.map((all) =>
    all.flatMap(({ level, record }) => (level < 0 ? contentOf(record) : [])),
  );
  const counts = groupBy(rest, (content) => content);
  const shared = some.filter((content) => counts.get(content)?.pop() !== undefined).length;
  const fewer = Math.min(some.length, rest.length);
  return fewer > 0 && shared * 2 > fewer;
}

/** Of records with the same key the last. */
export function lastOfEach(dataset: string, records: readonly Row[]): Row[] {
  const nobodies = records.filter((record) => toKeyed(dataset, record).level < 0);
  const named = records.map((record) => toKeyed(dataset, record)).filter(({ level }) => level >= 0);
  return [...new Map(named.map(({ own, record }) => [own, record])).values(), ...nobodies];
}
