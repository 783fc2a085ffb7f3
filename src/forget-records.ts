import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import type { Dataset } from "./dataset.ts";
import { quoteName, quoteText } from "./ddl.ts";

/** What is to be forgotten: an import as a whole, or what is of days before one (YYYY-MM-DD). */
export type Wish = { readonly importId: number } | { readonly before: string };

function doomedFiles(isWhole: boolean): string {
  return `source_file_id in (select source_file_id from doomed where is_whole = ${isWhole})`;
}

/** Deletes the records of a dataset that are to be forgotten, and notes how many they were of each file in `doomed`. */
export async function deleteRecords(
  connection: DuckDBConnection,
  dataset: Dataset,
  wish: Wish,
): Promise<void> {
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
