import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { quoteName } from "../schema/ddl.ts";
import { partSql } from "../schema/key.ts";
import { isAlike, type ExportOfList } from "./list-exports.ts";

/** Two exports of one list that share records. */
export interface Overlap {
  readonly one: ExportOfList;
  readonly other: ExportOfList;
  readonly shared: number;
  /** How many records the one has and the other lacks, and the other way round. */
  readonly lacking: readonly [inOne: number, inOther: number];
}

/** Counts for each two exports that share records how many these are, and how many each has alone. */
export async function findShared(
  connection: DuckDBConnection,
  dataset: Dataset,
  exports: readonly ExportOfList[],
): Promise<Overlap[]> {
  const key = keyOf(dataset, exports);
  if (key === undefined || exports.length < 2) return [];
  const units = exports.flatMap(({ files }, unit) => files.map(({ id }) => `(${id}, ${unit})`));
  const rows = await readRows(
    connection,
    `with keyed as (
       select distinct units.unit, hash(${key.columns}) as key
       from ${tableOf(dataset)} join (values ${units.join(", ")}) as units(source_file_id, unit) using (source_file_id)
       where ${key.isThere}
     ),
     sizes as (select unit, count(*) as size from keyed group by unit),
     twice as (select key, list(unit) as units from keyed group by key having count(*) > 1),
     pairs as (
       select one.unit as one, other.unit as other, count(*) as shared
       from (select key, unnest(units) as unit from twice) as one
       join (select key, unnest(units) as unit from twice) as other using (key)
       where one.unit < other.unit group by all
     )
     select pairs.*, ones.size - shared as in_one, others.size - shared as in_other
     from pairs join sizes as ones on ones.unit = one join sizes as others on others.unit = other
     order by one, other`,
  );
  return rows.flatMap((row) => {
    const [one, other] = [exports[Number(row["one"])], exports[Number(row["other"])]];
    if (!one || !other) return [];
    const lacking = [Number(row["in_one"]), Number(row["in_other"])] as const;
    return [{ one, other, shared: Number(row["shared"]), lacking }];
  });
}

/** Counts the records that both have and that differ in a property that both exports were asked for. */
export async function compareContents(
  connection: DuckDBConnection,
  dataset: Dataset,
  { one, other }: Pick<Overlap, "one" | "other">,
): Promise<number> {
  const key = keyOf(dataset, [one, other]);
  // What both were asked for, and one has in a few records only, the other has in none.
  const least = isAlike(one, other) ? 1 : 2;
  const common = dataset.properties.filter(
    ({ name }) =>
      Number(one.properties.has(name)) + Number(other.properties.has(name)) >= least &&
      !dataset.keys.flat().includes(name),
  );
  if (key === undefined || common.length === 0) return 0;
  const contents = ({ files }: ExportOfList): string =>
    `select hash(${key.columns}) as key, hash(${common.map(comparable).join(", ")}) as content
     from ${tableOf(dataset)} where source_file_id in (${idsOf(files)}) and ${key.isThere}`;
  const [row] = await readRows(
    connection,
    `select count(*) as differing from (
       select key from (${contents(one)}) as one join (${contents(other)}) as other using (key)
       group by key having not bool_or(one.content = other.content)
     )`,
  );
  return Number(row?.["differing"]);
}

/** Texts compare as keys do, lists in any order, and what stands inside without case. */
function comparable(property: Property): string {
  const column = quoteName(property.name);
  if (property.type === "array") return `lower(list_sort(${column})::varchar)`;
  return property.type === "object" ? `lower(${column}::varchar)` : partSql(property);
}

/** The SQL by which records of several exports are known to be of the same thing; undefined where nothing is in all of them. */
export function keyOf(
  { keys, properties }: Dataset,
  exports: readonly ExportOfList[],
): { readonly columns: string; readonly isThere: string } | undefined {
  const isEverywhere = (name: string): boolean => exports.every((list) => list.properties.has(name));
  const key = keys.find(([first = ""]) => isEverywhere(first));
  const parts = (key ?? [])
    .filter(isEverywhere)
    .flatMap((name) => properties.filter((property) => property.name === name))
    .map((property) => partSql(property));
  const [first] = parts;
  return first === undefined ? undefined : { columns: parts.join(", "), isThere: `${first} is not null` };
}

export function tableOf({ name }: Dataset): string {
  return `raw.${quoteName(name)}`;
}

export function idsOf(files: ExportOfList["files"]): string {
  return files.map(({ id }) => id).join(", ");
}
