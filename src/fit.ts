import { foldName, maybeColumn, type Column, type NameKind } from "./columns.ts";
import type { Dataset } from "./dataset.ts";

/**
 * The datasets that the keys of records fit best, several when they fit equally: all required
 * properties and one of the `x-recognise` sets must be there and nothing `x-foreign`; the most known names win.
 */
export function fitDatasets(datasets: Iterable<Dataset>, names: Iterable<string>): readonly Dataset[] {
  const given = [...names];
  const fitting = [...datasets].filter((dataset) => isFitting(dataset, given, "key"));
  const best = Math.max(...fitting.map((dataset) => countKnown(dataset, given, "key")));
  return fitting.filter((dataset) => countKnown(dataset, given, "key") === best);
}

/** Whether names that fit one dataset fit it: all required ones and one of the `x-recognise` sets are there. */
export function isFitting(dataset: Dataset, names: readonly string[], kind: NameKind): boolean {
  const folded = new Set(names.map(foldName));
  if (dataset.foreign.some((name) => folded.has(foldName(name)))) return false;
  const known = new Set(names.map((name) => maybeColumn(dataset, name, kind)?.property.name));
  const isComplete = dataset.properties.every(({ name, isRequired }) => !isRequired || known.has(name));
  return isComplete && dataset.recognise.some((set) => set.every((name) => known.has(name)));
}

export function countKnown(dataset: Dataset, names: readonly string[], kind: NameKind): number {
  return new Set(names.flatMap((name) => maybeColumn(dataset, name, kind) ?? [])).size;
}

/** The dataset whose context follows `$metadata#` in an `@odata.context`; the host before it does not matter. */
export function maybeDatasetOfContext(datasets: Iterable<Dataset>, context: string): Dataset | undefined {
  const tail = /\$metadata#(.*)$/s.exec(context)?.[1]?.toLowerCase();
  if (tail === undefined) return undefined;
  return [...datasets].find(({ contexts }) => contexts.some((name) => isContextOf(tail, name.toLowerCase())));
}

function isContextOf(tail: string, name: string): boolean {
  if (!tail.startsWith(name)) return false;
  const rest = tail.slice(name.length).replace(/\/\$(entity|delta)$/, "");
  return rest === "" || (rest.startsWith("(") && rest.endsWith(")") && !rest.includes("'"));
}

/** For each column of a CSV file what it fills, undefined for columns that are not stored. */
export type Columns = readonly (Column | undefined)[];

/** Maps columns by header name, never by position; of a repeated header the first column counts. */
export function mapColumns(dataset: Dataset, headers: readonly string[]): Columns {
  const taken = new Set<unknown>();
  return headers.map((header) => {
    const column = maybeColumn(dataset, header, "heading");
    const target = column?.field ?? column?.property;
    if (target === undefined || taken.has(target)) return undefined;
    taken.add(target);
    return column;
  });
}
