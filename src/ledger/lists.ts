import type { DuckDBConnection } from "@duckdb/node-api";
import { createTally, reject, type Tally } from "../batch/file-stats.ts";
import { readRows } from "../database/open.ts";
import { groupBy } from "../group-by.ts";
import type { Issue, Place } from "../issues.ts";
import type { FileLoad } from "../load/loader.ts";
import { createProver } from "../read/generic-reader.ts";
import { proveRecords } from "../read/reader.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { maybeValueByName, type Dataset } from "../schema/dataset.ts";

/**
 * Finds lists that cannot stand for the whole, by dataset and day: empty ones, those that name nobody, and those in
 * which all records have a value that not all have.
 */
export async function faultLists(
  connection: DuckDBConnection,
  loads: readonly FileLoad[],
  dayOf: (load: FileLoad) => string | null | undefined,
): Promise<void> {
  const lists = groupBy(loads, (load) => JSON.stringify([load.recognition.dataset?.name, dayOf(load)]));
  for (const files of lists.values()) {
    const dataset = files[0]?.recognition.dataset;
    if (dataset?.kind !== "state") continue;
    const fault = (await maybeListFault(connection, dataset, files)) ?? {};
    for (const { tally } of files) {
      tally.listFault = fault.reason;
      if (fault.issue && tally.read > 0) tally.issues.add(fault.issue);
    }
  }
}

interface Fault {
  readonly reason?: string;
  readonly issue?: Issue;
}

/** What keeps all files of a dataset and day in one import from being its list. */
async function maybeListFault(
  connection: DuckDBConnection,
  dataset: Dataset,
  files: readonly FileLoad[],
): Promise<Fault | undefined> {
  const loaded = files.filter(({ tally }) => tally.read > tally.rejected);
  if (loaded.length === 0) {
    // Rows that only show columns, and what is damaged, have issues of their own.
    const isTold = files.some(({ tally }) => tally.modelRows > 0 || tally.isDamaged || tally.answers > 0);
    if (!dataset.isNeverEmpty || isTold) return undefined;
    const isEmpty = files.every(({ tally }) => tally.read === 0);
    return { reason: isEmpty ? "it holds no records" : "none of its records could be loaded" };
  }
  const { always, neverOnly } = dataset;
  if (always.length > 0 && loaded.every(({ tally }) => !isNaming(dataset, tally)))
    return {
      reason: "its records have identifiers and nothing else that tells who they are",
      issue: { code: "ids_only", dataset: dataset.name },
    };
  if (neverOnly === undefined || !(await hasOnly(connection, dataset, loaded))) return undefined;
  const { what } = neverOnly;
  return { reason: `it has ${what} only`, issue: { code: "filtered_list", what } };
}

function isNaming({ always }: Dataset, { properties }: Tally): boolean {
  return properties.some(({ property, present, nulls }) => always.includes(property) && present > nulls);
}

async function hasOnly(
  connection: DuckDBConnection,
  { name, neverOnly }: Dataset,
  files: readonly FileLoad[],
): Promise<boolean> {
  if (neverOnly === undefined) return false;
  const [row] = await readRows(
    connection,
    `select exists (select 1 from raw.${quoteName(name)}
       where source_file_id in (${files.map(({ id }) => id).join(", ")})
         and macros.name_key(${quoteName(neverOnly.property)}) is distinct from macros.name_key(${quoteText(neverOnly.value)})) as has_others`,
  );
  return row?.["has_others"] === false;
}

/** Fills what no record of a file says and the name of the file does, as the portals name their downloads. */
export async function fillByName(
  connection: DuckDBConnection,
  { id, recognition, tally }: FileLoad,
): Promise<void> {
  const { dataset, file } = recognition;
  for (const property of dataset?.properties ?? []) {
    const value = maybeValueByName(property, file.name);
    const count = tally.properties.find((each) => each.property === property.name);
    if (value === undefined || !dataset || !count || count.present > 0) continue;
    const text = typeof value === "boolean" ? String(value) : `[${value.map(quoteText).join(", ")}]`;
    await connection.run(
      `update raw.${quoteName(dataset.name)} set ${quoteName(property.name)} = ${text} where source_file_id = ${id}`,
    );
    count.present = tally.read - tally.rejected;
  }
}

/** Takes records of objects that are gone out of a list, and rejects them. */
export async function rejectGone(connection: DuckDBConnection, load: FileLoad): Promise<void> {
  const { dataset } = load.recognition;
  if (dataset?.kind !== "state" || load.tally.read === load.tally.rejected) return;
  const kinds: (readonly [Issue, string | undefined])[] = [
    [{ code: "ghost_record" }, ghostsSql(dataset, load.tally)],
    [{ code: "deleted_record" }, prefixedSql(dataset)],
  ];
  for (const [issue, condition] of kinds)
    if (condition) await rejectWhere(connection, { dataset, load, issue, condition });
}

/** What is true of records without anything that every record has; undefined where the list has no such. */
function ghostsSql({ always, properties }: Dataset, tally: Tally): string | undefined {
  const loaded = tally.read - tally.rejected;
  const own = properties.filter(({ name }) => always.includes(name));
  const counts = new Map(tally.properties.map((count) => [count.property, count.present - count.nulls]));
  if (own.some(({ name, type }) => type !== "array" && (counts.get(name) ?? 0) >= loaded)) return undefined;
  const isSelected = tally.selected?.some((name) => always.includes(name)) ?? false;
  if (own.length === 0 || !(isSelected || own.some(({ name }) => (counts.get(name) ?? 0) > 0)))
    return undefined;
  return own
    .map(({ name, type }) =>
      type === "array" ? `coalesce(len(${quoteName(name)}), 0) = 0` : `${quoteName(name)} is null`,
    )
    .join(" and ");
}

/** What is true of records whose name begins with their key, as Graph writes it of what was deleted. */
function prefixedSql({ deleted, keys }: Dataset): string | undefined {
  const first = keys[0]?.[0];
  if (deleted?.prefixed === undefined || first === undefined) return undefined;
  const [id, name, time] = [first, deleted.prefixed, deleted.property].map(quoteName);
  return `${time} is null and length(${id}) between 32 and 38 and starts_with(macros.name_key(${name}), replace(macros.guid_key(${id}), '-', ''))`;
}

interface Rejecting {
  readonly dataset: Dataset;
  readonly load: FileLoad;
  readonly issue: Issue;
  readonly condition: string;
}

async function rejectWhere(
  connection: DuckDBConnection,
  { dataset, load, issue, condition }: Rejecting,
): Promise<void> {
  const { id, tally } = load;
  const where = `from raw.${quoteName(dataset.name)} where source_file_id = ${id} and ${condition}`;
  const found = await readRows(connection, `select record_number ${where}`);
  if (found.length === 0) return;
  await uncount(connection, { load, where, records: found.length });
  await connection.run(`delete ${where}`);
  const numbers = new Set(found.map((row) => Number(row["record_number"])));
  for (const place of placesOf(load, dataset, numbers)) reject(tally, issue, place);
}

/** Takes what rejected records had out of the counts of the properties. */
async function uncount(
  connection: DuckDBConnection,
  { load: { tally, recognition }, where, records }: { load: FileLoad; where: string; records: number },
): Promise<void> {
  const counts = tally.properties.map(
    ({ property }) => `count(${quoteName(property)}) as ${quoteName(property)}`,
  );
  const [row = {}] = await readRows(connection, `select ${counts.join(", ")} ${where}`);
  for (const count of tally.properties) {
    const values = Number(row[count.property]);
    // A row of a CSV file has all columns of its file.
    const nulls = recognition.csv && count.present > 0 ? records - values : 0;
    count.present -= values + nulls;
    count.nulls -= nulls;
  }
}

/** Where records with these numbers lie; the file is read once more for it. */
function placesOf({ recognition }: FileLoad, dataset: Dataset, numbers: ReadonlySet<number>): Place[] {
  const places: Place[] = [];
  for (const proven of proveRecords(recognition, createProver(dataset), { tally: createTally(dataset) }))
    if (proven && numbers.has(proven.place.record)) places.push(proven.place);
  return places;
}
