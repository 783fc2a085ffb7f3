import { groupBy } from "../group-by.ts";
import type { Dataset, Property } from "./dataset.ts";

/** What a column of a CSV file, or a key that a tool renamed, fills: a property, or a field of an object in it. */
export interface Column {
  readonly property: Property;
  readonly field: Property | undefined;
  /** The column says the opposite of the property. */
  readonly isInverted: boolean;
  /** Its heading says that its times are in UTC. */
  readonly isUtc: boolean;
  /** It counts only where nothing else fills the same. */
  readonly isSpare: boolean;
}

/** Whether a name is that of a property as the PowerShell modules write it: `UserPrincipalName`. One word says nothing. */
export function isPascalOf({ property }: Column, name: string): boolean {
  const own = property.name;
  return /[a-z][A-Z]/.test(own) && name === own.charAt(0).toUpperCase() + own.slice(1);
}

/** A name as it is compared: no byte order mark, no spaces around, single spaces inside, lower case. */
export function foldName(name: string): string {
  // No heading is so long, and of very long names even the patterns below would not come to an end.
  if (name.length > longestName) return name;
  const known = foldedNames.get(name);
  if (known !== undefined) return known;
  const fold = foldAnew(name);
  if (foldedNames.size < foldsKept) foldedNames.set(name, fold);
  return fold;
}

const foldedNames = new Map<string, string>();
const foldsKept = 10_000;
const longestName = 1000;

function foldAnew(name: string): string {
  return name
    .replace(/^(\uFEFF|ï»¿)+/, "")
    .trim()
    .replaceAll(/\s+/g, " ")
    .toLowerCase();
}

/** Where a name stands: in JSON a property may be an object, in a CSV file a heading of another property goes before it. */
export type NameKind = "key" | "heading";

type ColumnMap = Map<string, Column>;

const columnsOf = {
  key: new WeakMap<Dataset, ColumnMap>(),
  heading: new WeakMap<Dataset, ColumnMap>(),
} as const;

/** The column that a name means in a dataset: its own name in any case, or one of its headings. */
export function maybeColumn(dataset: Dataset, name: string, kind: NameKind): Column | undefined {
  let columns = columnsOf[kind].get(dataset);
  if (columns === undefined) {
    columns = collectColumns(dataset, kind);
    columnsOf[kind].set(dataset, columns);
  }
  const fold = foldName(name);
  const column = columns.get(fold);
  if (column) return column;
  const plain = columns.get(withoutZone(fold));
  if (plain === undefined) return undefined;
  const zoned = { ...plain, isUtc: true };
  columns.set(fold, zoned);
  return zoned;
}

/** Portals and Log Analytics put the zone of times behind the name: `CreatedDateTime [UTC]`. */
function withoutZone(fold: string): string {
  return fold.replace(/ ?[([]utc[)\]]$/, "");
}

function collectColumns({ properties }: Dataset, kind: NameKind): ColumnMap {
  const columns = new Map<string, Column>();
  const add = (name: string, column: Omit<Column, "isUtc">): void => {
    const key = foldName(name);
    if (!columns.has(key)) columns.set(key, { ...column, isUtc: key.endsWith("(utc)") });
  };
  const plain = { field: undefined, isInverted: false, isSpare: false };
  const isFirst = ({ type }: Property): boolean => kind === "key" || type !== "object";
  for (const property of properties) if (isFirst(property)) add(property.name, { property, ...plain });
  for (const property of properties) {
    for (const header of property.headers) add(header, { property, ...plain });
    for (const header of property.invertedHeaders) add(header, { property, ...plain, isInverted: true });
    for (const field of property.properties)
      for (const header of [...field.headers, ...flatNames(property, field)])
        add(header, { ...plain, property, field });
  }
  for (const property of properties) add(property.name, { property, ...plain });
  for (const property of properties) {
    for (const header of property.spareHeaders) add(header, { ...plain, property, isSpare: true });
    for (const field of property.properties)
      for (const header of field.spareHeaders) add(header, { ...plain, property, field, isSpare: true });
  }
  return columns;
}

/** How tools that flatten an object name its fields: `status.errorCode`, `status/errorCode`, `status_errorCode`. */
function flatNames({ name }: Property, field: Property): string[] {
  return [".", "/", "_"].map((sign) => `${name}${sign}${field.name}`);
}

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

/** The dataset that names come nearest to, what of it is missing, and what of them no record of it has. */
export interface Nearest {
  readonly nearest: string;
  readonly missing: readonly string[];
  readonly foreign: readonly string[];
}

/** The dataset that most of the names fit, where at least half of them do, and what keeps them from fitting it. */
export function maybeNearest(
  datasets: Iterable<Dataset>,
  names: readonly string[],
  kind: NameKind,
): Nearest | undefined {
  const ranked = [...datasets]
    .map((dataset) => ({
      dataset,
      known: countKnown(dataset, names, kind),
      missing: missingOf(dataset, names, kind),
    }))
    .filter(({ known }) => known >= 2 && known * 2 >= names.length)
    .toSorted((left, right) => right.known - left.known || left.missing.length - right.missing.length);
  const [first] = ranked;
  if (first === undefined) return undefined;
  const { dataset, missing } = first;
  const folded = new Set(dataset.foreign.map(foldName));
  const foreign = names.filter((name) => folded.has(foldName(name))).map((name) => name.trim());
  return { nearest: dataset.name, missing, foreign };
}

/** The least that names lack to fit a dataset: what is required, and the rest of the `x-recognise` set that lacks least. */
function missingOf(dataset: Dataset, names: readonly string[], kind: NameKind): string[] {
  const known = new Set(names.map((name) => maybeColumn(dataset, name, kind)?.property.name));
  const required = dataset.properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const lacks = dataset.recognise.map((set) =>
    [...new Set([...required, ...set])].filter((name) => !known.has(name)),
  );
  const [least = []] = lacks.toSorted((left, right) => left.length - right.length);
  return least.map((name) => {
    const property = dataset.properties.find((each) => each.name === name);
    return kind === "key" ? name : (property?.headers[0] ?? name);
  });
}

/** The dataset whose context follows `$metadata#` in an `@odata.context`; the host before it does not matter. */
export function maybeDatasetOfContext(datasets: Iterable<Dataset>, context: string): Dataset | undefined {
  const tail = /\$metadata#(.*)$/s.exec(context)?.[1]?.toLowerCase();
  if (tail === undefined) return undefined;
  return [...datasets].find(({ contexts }) => contexts.some((name) => isContextOf(tail, name.toLowerCase())));
}

function isContextOf(context: string, dataset: string): boolean {
  // Some exporters leave out the namespace of types.
  const [tail, name] = [context, dataset].map((text) =>
    text.replace(/^(collection\()?microsoft\.graph\./, "$1"),
  );
  if (tail === undefined || name === undefined) return false;
  if (!tail.startsWith(name)) return false;
  const rest = tail.slice(name.length).replace(/\/\$(entity|delta)$/, "");
  return rest === "" || (rest.startsWith("(") && rest.endsWith(")") && !rest.includes("'"));
}

/** For each column of a CSV file what it fills, undefined for columns that are not stored. */
export type Columns = readonly (Column | undefined)[];

/** What the columns of a CSV file fill, and the headings of which nobody can say which column counts. */
interface MappedColumns {
  readonly columns: Columns;
  /** Headings that stand there more than once: what they mean is unknown. */
  readonly repeated: readonly (Column & { readonly header: string })[];
  /** Different headings of one property: that which the schema names first counts, these do not. */
  readonly passedOver: readonly string[];
}

/** Maps columns by header name, never by position; a heading that is repeated fills nothing. */
export function mapColumns(dataset: Dataset, headers: readonly string[]): MappedColumns {
  const found = headers.map((header) => ({ header, column: maybeColumn(dataset, header, "heading") }));
  const targets = groupBy(
    found.filter(({ column }) => column !== undefined),
    ({ column }) => column?.field ?? column?.property,
  );
  const columns = headers.map((): Column | undefined => undefined);
  const repeated: (Column & { header: string })[] = [];
  const passedOver: string[] = [];
  for (const [target, same] of targets) {
    if (target === undefined) continue;
    const [first, ...others] = same.toSorted(
      (left, right) =>
        Number(left.column?.isSpare) - Number(right.column?.isSpare) ||
        rankOf(target, left.header) - rankOf(target, right.header),
    );
    if (first?.column === undefined) continue;
    const folds = same.map(({ header }) => foldName(header));
    if (new Set(folds).size < folds.length) repeated.push({ ...first.column, header: first.header.trim() });
    else {
      columns[found.indexOf(first)] = first.column;
      const counting = others.filter(({ column }) => column?.isSpare === false);
      passedOver.push(...counting.map(({ header }) => header.trim()));
    }
  }
  return { columns, repeated, passedOver };
}

/** The place of a heading among those that the schema gives a property. */
function rankOf({ name, headers, invertedHeaders }: Property, header: string): number {
  const fold = foldName(header);
  const names = [name, ...headers, ...invertedHeaders].map(foldName);
  const rank = names.findIndex((each) => each === fold || each === withoutZone(fold));
  return rank < 0 ? names.length : rank;
}
