import type { DuckDBConnection } from "@duckdb/node-api";
import { type Row, readRows } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import type { Dataset } from "../schema/dataset.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { version } from "../version.ts";
import { settleAnew } from "./snapshots.ts";

/** What went. The rows have the columns of `meta.forgotten`, `meta.shared_events` and `meta.snapshots` for people. */
export interface Forgotten {
  readonly files: readonly Row[];
  /** Events that had been in a file that stays, too, and are gone all the same. */
  readonly elsewhere: readonly Row[];
  /** Files that count again, because what had replaced them is gone. */
  readonly revived: readonly Row[];
}

/**
 * Deletes the records of files and all that the ledger has of them but one line each, and settles the snapshots that
 * stay as if the others had never been. Throws exit 2 where there is no such import.
 */
export async function forgetFiles(
  connection: DuckDBConnection,
  datasets: ReadonlyMap<string, Dataset>,
  wish: Wish,
): Promise<Forgotten> {
  await markFiles(connection, wish);
  const names = await readRows(
    connection,
    "select distinct dataset from meta.source_files join doomed using (source_file_id) where dataset is not null",
  );
  const touched = names.map(({ dataset }) => known(datasets, String(dataset)));
  const superseded = "select snapshot_id from meta.snapshots where superseded_by is not null";
  await connection.run(`create or replace temp table superseded as ${superseded}`);
  for (const dataset of touched) await deleteRecords(connection, dataset, wish);
  const files = await writeDown(connection, wish);
  const elsewhere = await readElsewhere(connection);
  await deleteLedger(connection);
  for (const dataset of touched) await settleAnew(connection, dataset);
  const revived = await readRows(
    connection,
    `select files.file_name, files.import_id, snapshots.dataset, snapshots.snapshot_date
     from meta.snapshots as snapshots join meta.source_files as files using (snapshot_id)
     where snapshots.superseded_by is null and snapshot_id in (from superseded)
     order by snapshots.dataset, files.source_file_id`,
  );
  return { files, elsewhere, revived };
}

function known(datasets: ReadonlyMap<string, Dataset>, name: string): Dataset {
  const dataset = datasets.get(name);
  if (dataset !== undefined) return dataset;
  throw new CliError(
    `there are records of ${name}, a dataset of your own: say where its schema is with --schemas DIR`,
    { exitCode: exitCodes.usage },
  );
}

/** Makes `doomed`: the files that go, and those that stay without their old events (`is_whole` false). */
async function markFiles(connection: DuckDBConnection, wish: Wish): Promise<void> {
  if ("importId" in wish) await checkImport(connection, wish.importId);
  // Lists that you write and lists of names are of no day.
  const files =
    "importId" in wish
      ? `select source_file_id, true as is_whole from meta.source_files where import_id = ${wish.importId}`
      : `select files.source_file_id, snapshots.snapshot_date < date ${quoteText(wish.before)} as is_whole
         from meta.source_files as files
         join meta.snapshots as snapshots using (snapshot_id)
         join meta.datasets as datasets on datasets.dataset = snapshots.dataset
         where case datasets.kind when 'event' then coalesce(first_date, snapshots.snapshot_date) when 'state' then snapshots.snapshot_date end
           < date ${quoteText(wish.before)}`;
  await connection.run(
    `create or replace temp table doomed as select *, 0::bigint as records_forgotten from (${files})`,
  );
  await connection.run(
    "create or replace temp table counted (source_file_id integer, property varchar, present bigint)",
  );
}

async function checkImport(connection: DuckDBConnection, importId: number): Promise<void> {
  const rows = await readRows(
    connection,
    `select import_id, count(*)::integer as files, any_value(started_at)::date as day
     from meta.imports join meta.source_files using (import_id) group by all order by import_id`,
  );
  if (rows.some((row) => row["import_id"] === importId)) return;
  const [forgotten] = await readRows(
    connection,
    `select 1 from meta.forgotten where import_id = ${importId} limit 1`,
  );
  const what = forgotten ? `import ${importId} is forgotten already` : `there is no import ${importId}`;
  const list = rows.map(
    (row) => `${String(row["import_id"])} (${String(row["day"])}, files: ${String(row["files"])})`,
  );
  throw new CliError(`${what}. The imports are: ${list.join(", ") || "none"}`, { exitCode: exitCodes.usage });
}

/** Leaves a line in the ledger for each file, as it stood, and returns these lines. */
async function writeDown(connection: DuckDBConnection, wish: Wish): Promise<Row[]> {
  await connection.run("delete from doomed where not is_whole and records_forgotten = 0");
  const by = "importId" in wish ? `--import ${wish.importId}` : `--before ${wish.before}`;
  const at = new Date().toISOString();
  await connection.run(
    `insert into meta.forgotten by name
     select files.* exclude (wrapper, encoding, date_order, time_zone, schema_hash, snapshot_date_source, completeness_reason, error_code, error_message, own_completeness, own_reason, is_stated_whole),
       doomed.records_forgotten, coalesce(shared.records, 0) as records_elsewhere,
       $at::timestamp as forgotten_at, $by as forgotten_by, $version as tool_version
     from meta.source_files as files
     join doomed using (source_file_id)
     left join (${elsewhereSql("source_file_id")}) as shared using (source_file_id)
     order by source_file_id`,
    { at, by, version },
  );
  return await readRows(
    connection,
    `select forgotten.*, is_whole from meta.forgotten as forgotten join doomed using (source_file_id)
     where forgotten_at = $at::timestamp order by source_file_id`,
    { at },
  );
}

/** Events of files that go that had been in files that stay, by file. */
function elsewhereSql(file: "source_file_id" | "other_file_id"): string {
  return `select shared.${file} as source_file_id, sum(shared.records)::bigint as records
    from meta.shared_events as shared
    where shared.source_file_id in (select source_file_id from doomed where is_whole)
      and shared.other_file_id not in (select source_file_id from doomed where is_whole)
    group by all`;
}

async function readElsewhere(connection: DuckDBConnection): Promise<Row[]> {
  return await readRows(
    connection,
    `select files.file_name, files.dataset, shared.records
     from (${elsewhereSql("other_file_id")}) as shared join meta.source_files as files using (source_file_id)
     order by source_file_id`,
  );
}

async function deleteLedger(connection: DuckDBConnection): Promise<void> {
  const gone = "in (select source_file_id from doomed where is_whole)";
  for (const table of ["source_properties", "issues", "rejected_records", "file_tenants", "source_files"])
    await connection.run(`delete from meta.${table} where source_file_id ${gone}`);
  await connection.run(
    `delete from meta.shared_events where source_file_id ${gone} or other_file_id ${gone}`,
  );
  await connection.run(
    "delete from meta.snapshots where snapshot_id not in (select snapshot_id from meta.source_files where snapshot_id is not null)",
  );
  // What stays of a file is what was read of it, less what is forgotten.
  await connection.run(
    `update meta.source_files set records_read = records_read - doomed.records_forgotten, records_loaded = records_loaded - doomed.records_forgotten
     from doomed where source_files.source_file_id = doomed.source_file_id and not doomed.is_whole`,
  );
  await connection.run(
    `update meta.source_properties set
       records_present = case when records_present >= rest.records_before then rest.records else least(records_present, rest.present) end,
       records_null = least(records_null, rest.records),
       records_lost = least(records_lost, rest.records), records_concealed = least(records_concealed, rest.records)
     from (select source_file_id, property, present, files.records_read - files.records_rejected as records,
             files.records_read - files.records_rejected + doomed.records_forgotten as records_before
           from meta.source_files as files join doomed using (source_file_id) join counted using (source_file_id)
           where not is_whole) as rest
     where source_properties.source_file_id = rest.source_file_id and source_properties.property = rest.property`,
  );
}

/** What is to be forgotten: an import as a whole, or what is of days before one (YYYY-MM-DD). */
export type Wish = { readonly importId: number } | { readonly before: string };

function doomedFiles(isWhole: boolean): string {
  return `source_file_id in (select source_file_id from doomed where is_whole = ${isWhole})`;
}

/** Deletes the records of a dataset that are to be forgotten, and notes how many they were of each file in `doomed`. */
async function deleteRecords(connection: DuckDBConnection, dataset: Dataset, wish: Wish): Promise<void> {
  const table = `raw.${quoteName(dataset.name)}`;
  // Of an event file that reaches to the day or beyond, only the events before it.
  const isOld =
    "before" in wish && dataset.snapshotDate !== undefined
      ? `${doomedFiles(false)} and ${quoteName(dataset.snapshotDate)} < timestamp ${quoteText(wish.before)}`
      : "false";
  const counts = await readRows(
    connection,
    `select source_file_id, count(*) as records from ${table} where ${doomedFiles(true)} or ${isOld} group by all`,
  );
  for (const row of counts)
    await connection.run(
      `update doomed set records_forgotten = ${Number(row["records"])} where source_file_id = ${Number(row["source_file_id"])}`,
    );
  await connection.run(`delete from ${table} where ${doomedFiles(true)} or ${isOld}`);
  await countPresent(connection, dataset);
  if (dataset.kind === "event" && dataset.snapshotDate !== undefined)
    await connection.run(
      `update meta.snapshots set first_date = rest.first_date
       from (select snapshot_id, min(${quoteName(dataset.snapshotDate)})::date as first_date
             from ${table} join meta.source_files using (source_file_id) group by all) as rest
       where snapshots.snapshot_id = rest.snapshot_id`,
    );
}

/** Counts in the records that stay of a file how many have each property: of an old part that had others nothing is left. */
async function countPresent(connection: DuckDBConnection, { name, properties }: Dataset): Promise<void> {
  const counts = properties.map(
    ({ name: property }) => `count(${quoteName(property)}) as ${quoteName(property)}`,
  );
  await connection.run(
    `insert into counted unpivot (select source_file_id, ${counts.join(", ")} from raw.${quoteName(name)} where ${doomedFiles(false)} group by all)
     on columns(* exclude (source_file_id)) into name property value present`,
  );
}
