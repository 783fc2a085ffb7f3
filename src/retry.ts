import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "./dataset.ts";
import { readRows, type Row } from "./database.ts";
import { quoteName } from "./ddl.ts";
import { removeRepeated } from "./duplicates.ts";
import type { FileReport } from "./file-report.ts";
import { findEarlierFiles } from "./ledger.ts";
import type { Loader } from "./load.ts";
import { loadDataset, type FileLoad, type Progress } from "./load-files.ts";
import type { Recognition } from "./recognise.ts";
import { rerecordFile } from "./record-files.ts";
import { hashFile } from "./skip.ts";
import { createTally } from "./tally.ts";
import { settleUnselected } from "./unselected.ts";

/** A file of which an earlier import rejected records, and its row in the ledger. */
export interface Retry {
  readonly recognition: Recognition;
  readonly dataset: Dataset;
  readonly row: Row;
}

/** The files, found by their bytes, of which the database lacks records that were rejected. */
export async function findRetries(
  connection: DuckDBConnection,
  recognitions: readonly Recognition[],
): Promise<readonly Retry[]> {
  const sizes = new Set(recognitions.map(({ file }) => file.bytes));
  const earlier = (await findEarlierFiles(connection, [...sizes])).filter(
    (row) => Number(row["records_rejected"]) > 0 && row["snapshot_id"] !== null,
  );
  return recognitions.flatMap((recognition) => {
    const { file, dataset, isReadable } = recognition;
    const candidates = earlier.filter(
      (row) => Number(row["bytes"]) === file.bytes && row["dataset"] === dataset?.name,
    );
    if (dataset === undefined || !isReadable || candidates.length === 0) return [];
    const sha256 = hashFile(file);
    const row = candidates.find((candidate) => candidate["sha256"] === sha256);
    return row === undefined ? [] : [{ recognition, dataset, row }];
  });
}

/** Reads a file again and loads, beside what is there of it, the records that pass now; the ledger says so. */
export async function retryFile(
  connection: DuckDBConnection,
  { recognition, dataset, row }: Retry,
  { loader, onProgress }: { readonly loader: Loader; readonly onProgress: Progress },
): Promise<FileReport> {
  const id = Number(row["source_file_id"]);
  const table = `raw.${quoteName(dataset.name)}`;
  const tally = createTally(dataset);
  for (const issue of recognition.issues) tally.issues.add(issue);
  const load: FileLoad = { id, recognition, tally, loaded: await readLoaded(connection, table, row) };
  const [last] = await readRows(connection, `select coalesce(max(rowid), -1) as rowid from ${table}`);
  await loadDataset(loader, dataset, { files: [load], onProgress });
  await removeKnown(connection, dataset, { id, lastRow: Number(last?.["rowid"]) });
  await settleUnselected(connection, load);
  const [{ loaded = 0 } = {}] = await readRows(
    connection,
    `select count(*) as loaded from ${table} where source_file_id = ${id}`,
  );
  return await rerecordFile(connection, load, { row, loaded: Number(loaded) });
}

/** Which records of a file are in its table: a byte for each. */
async function readLoaded(connection: DuckDBConnection, table: string, row: Row): Promise<Uint8Array> {
  const loaded = new Uint8Array(Number(row["records_read"]) + 1);
  const numbers = await readRows(
    connection,
    `select record_number as n from ${table} where source_file_id = ${Number(row["source_file_id"])}`,
  );
  for (const { n } of numbers) loaded[Number(n)] = 1;
  return loaded;
}

/** Takes out of the rows behind `lastRow` those whose key was there already, and all but the last of equal ones. */
async function removeKnown(
  connection: DuckDBConnection,
  dataset: Dataset,
  { id, lastRow }: { readonly id: number; readonly lastRow: number },
): Promise<void> {
  const table = `raw.${quoteName(dataset.name)}`;
  const keys = dataset.key.map((name) => quoteName(name));
  const same = keys.map((key) => `o.${key} is not distinct from n.${key}`).join(" and ");
  const rivals =
    dataset.kind === "event"
      ? ""
      : `and o.source_file_id in (select f.source_file_id from meta.source_files f
           where f.snapshot_id = (select snapshot_id from meta.source_files where source_file_id = ${id}))`;
  await connection.run(
    `delete from ${table} where rowid in (
       select n.rowid from ${table} n where n.rowid > ${lastRow} and n.${keys[0] ?? "rowid"} is not null
         and exists (select 1 from ${table} o where ${same} and o.rowid <= ${lastRow} ${rivals}))`,
  );
  await removeRepeated(connection, dataset, [[id]]);
}
