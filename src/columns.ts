import type { Dataset, Property } from "./dataset.ts";

/** What a column of a CSV file, or a key that a tool renamed, fills: a property, or a field of an object in it. */
export interface Column {
  readonly property: Property;
  readonly field: Property | undefined;
  /** The column says the opposite of the property. */
  readonly isInverted: boolean;
  /** Its heading says that its times are in UTC. */
  readonly isUtc: boolean;
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
  const known = folded.get(name);
  if (known !== undefined) return known;
  const fold = foldAnew(name);
  if (folded.size < foldsKept) folded.set(name, fold);
  return fold;
}

const folded = new Map<string, string>();
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

type ColumnMap = ReadonlyMap<string, Column>;

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
  return columns.get(foldName(name));
}

function collectColumns({ properties }: Dataset, kind: NameKind): ColumnMap {
  const columns = new Map<string, Column>();
  const add = (name: string, column: Omit<Column, "isUtc">): void => {
    const key = foldName(name);
    if (!columns.has(key)) columns.set(key, { ...column, isUtc: key.endsWith("(utc)") });
  };
  const plain = { field: undefined, isInverted: false };
  const isFirst = ({ type }: Property): boolean => kind === "key" || type !== "object";
  for (const property of properties) if (isFirst(property)) add(property.name, { property, ...plain });
  for (const property of properties) {
    for (const header of property.headers) add(header, { property, ...plain });
    for (const header of property.invertedHeaders)
      add(header, { property, field: undefined, isInverted: true });
    for (const field of property.properties)
      for (const header of field.headers) add(header, { property, field, isInverted: false });
  }
  for (const property of properties) add(property.name, { property, ...plain });
  return columns;
}
