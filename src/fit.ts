import { normaliseHeader } from "./coerce.ts";
import type { Dataset, Property } from "./dataset.ts";

/**
 * The datasets that a set of property names fits best, several when they fit equally: all required names and one of
 * the `x-recognise` sets must be there; the most known names win.
 */
export function fitDatasets(datasets: Iterable<Dataset>, names: ReadonlySet<string>): readonly Dataset[] {
  const fitting = [...datasets].filter((dataset) => isFitting(dataset, names));
  const best = Math.max(...fitting.map((dataset) => countKnown(dataset, names)));
  return fitting.filter((dataset) => countKnown(dataset, names) === best);
}

function isFitting({ properties, recognise, foreign }: Dataset, names: ReadonlySet<string>): boolean {
  if (foreign.some((name) => names.has(name))) return false;
  const isComplete = properties.every(({ name, isRequired }) => !isRequired || names.has(name));
  return isComplete && recognise.some((set) => set.every((name) => names.has(name)));
}

function countKnown({ properties }: Dataset, names: ReadonlySet<string>): number {
  return properties.filter(({ name }) => names.has(name)).length;
}

/** The dataset whose context follows `$metadata#` in an `@odata.context`; the host before it does not matter. */
export function maybeDatasetOfContext(datasets: Iterable<Dataset>, context: string): Dataset | undefined {
  const tail = /\$metadata#(.*)$/s.exec(context)?.[1]?.toLowerCase();
  if (tail === undefined) return undefined;
  return [...datasets].find(({ contexts }) => contexts.some((name) => isContextOf(tail, name.toLowerCase())));
}

function isContextOf(tail: string, name: string): boolean {
  if (!tail.startsWith(name)) return false;
  const rest = tail.slice(name.length).replace(/\/\$entity$/, "");
  return rest === "" || (rest.startsWith("(") && rest.endsWith(")") && !rest.includes("'"));
}

/** For each column of a CSV file the property that it fills, undefined for columns that are not stored. */
export type Columns = readonly (Property | undefined)[];

/** Maps columns to properties by header name, never by position; of a repeated header the first column counts. */
export function mapColumns({ properties }: Dataset, headers: readonly string[]): Columns {
  const byHeader = new Map<string, Property>();
  for (const property of properties)
    for (const header of [property.name, ...property.headers])
      byHeader.set(normaliseHeader(header), property);
  const taken = new Set<Property>();
  return headers.map((header) => {
    const property = byHeader.get(normaliseHeader(header));
    if (property === undefined || taken.has(property)) return undefined;
    taken.add(property);
    return property;
  });
}
