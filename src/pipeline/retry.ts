import type { DuckDBConnection } from "@duckdb/node-api";
import type { Completeness } from "../ledger/completeness.ts";
import type { Dataset } from "../schema/dataset.ts";
import type { Input } from "../detect/input.ts";
import { readRows, type Row } from "../database/open.ts";
import { readStatedDates } from "../ledger/day-evidence.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { changeError, isChanged } from "../source/discover.ts";
import { removeKnown, removeRepeated } from "../ledger/deduplicate.ts";
import { toIssueCount, type FileReport } from "../ledger/record-files.ts";
import { nameLeftovers } from "../ledger/finish.ts";
import { fillByName, rejectGone } from "../ledger/lists.ts";
import { findEarlierFiles, insertRows } from "../ledger/ledger.ts";
import type { Loader } from "../load/loader.ts";
import { loadDataset, startTally, type FileLoad, type Progress } from "../load/loader.ts";
import { recogniseFile } from "../detect/detect.ts";
import type { Recognition } from "../detect/detection.ts";
import { rerecordFile } from "../ledger/record-files.ts";
import { sha256Of } from "../source/hash.ts";
import { recordSnapshots } from "../ledger/snapshots.ts";
import { settleUnselected } from "../ledger/deduplicate.ts";

/** A file of which an earlier import rejected records, and its row in the ledger. */
export interface Retry {
  readonly recognition: Recognition;
  readonly dataset: Dataset;
  readonly row: Row;
}

/**
 * The files, found by their bytes, of which the database lacks records that were rejected. What is not said of how
 * they are to be read is what was said or found when they were imported.
 */
export async function findRetries(
  connection: DuckDBConnection,
  { recognitions, datasets }: Input,
  signal?: AbortSignal,
): Promise<readonly Retry[]> {
  const sizes = new Set(recognitions.map(({ file }) => file.bytes));
  const earlier = (await findEarlierFiles(connection, [...sizes])).filter(
    (row) => Number(row["records_rejected"]) > 0 && row["snapshot_id"] !== null,
  );
  const retries: Retry[] = [];
  for (const recognition of recognitions) {
    const candidates = earlier.filter((row) => Number(row["bytes"]) === recognition.file.bytes);
    if (candidates.length === 0) continue;
    const sha256 = await sha256Of(recognition.file, signal);
    const row = candidates.find((candidate) => candidate["sha256"] === sha256);
    const dataset = datasets.get(String(row?.["dataset"]));
    if (row === undefined || dataset === undefined) continue;
    const file = { ...recognition.file, encoding: recognition.file.encoding ?? String(row["encoding"]) };
    const hints = { ...hintsOf(recognition, row), as: dataset };
    const [again] = recogniseFile(file, datasets, hints);
    if (again?.isReadable) retries.push({ recognition: again, dataset, row });
  }
  return retries;
}

function hintsOf({ hints }: Recognition, row: Row): Recognition["hints"] {
  const order = row["date_order"];
  const before = order === "day-first" || order === "month-first" ? order : undefined;
  return {
    isSlow: hints.isSlow,
    dateOrder: hints.dateOrder ?? before,
    timeZone: hints.timeZone ?? (row["time_zone"] as string | null) ?? undefined,
    showsValues: hints.showsValues,
  };
}

/** Loads a file anew in the place of what is there of it; the ledger says what came of it. */
export async function retryFile(
  connection: DuckDBConnection,
  { recognition, dataset, row }: Retry,
  { loader, onProgress }: { readonly loader: Loader; readonly onProgress: Progress },
): Promise<FileReport> {
  const id = Number(row["source_file_id"]);
  const table = `raw.${quoteName(dataset.name)}`;
  const load: FileLoad = { id, recognition, tally: startTally(recognition) };
  await connection.run(`delete from ${table} where source_file_id = ${id}`);
  await loadDataset(loader, dataset, { files: [load], onProgress });
  await rejectGone(connection, load);
  await fillByName(connection, load);
  await removeKnown(connection, dataset, id);
  await removeRepeated(connection, dataset, { collections: [[id]] });
  await settleUnselected(connection, load);
  nameLeftovers(load);
  if (isChanged(recognition.file)) throw changeError(recognition.file);
  const [{ loaded = 0 } = {}] = await readRows(
    connection,
    `select count(*) as loaded from ${table} where source_file_id = ${id}`,
  );
  const moved = await moveToItsDay(connection, { load, dataset, row });
  const kept = await readKept(connection, id, "snapshot_id" in moved);
  const report = await rerecordFile(connection, load, { row: { ...row, ...moved }, loaded: Number(loaded) });
  await insertRows(connection, "meta.issues", kept);
  return { ...report, issues: [...report.issues, ...kept.map(toIssueCount)] };
}

/** What was said of a file beside the others of its import holds still: reading it alone does not show it. */
async function readKept(connection: DuckDBConnection, id: number, isMoved: boolean): Promise<IssueRow[]> {
  const codes = [
    "unended",
    "next_link",
    "count_mismatch",
    "maybe_one_page",
    "changes_only",
    "part_of_list",
    "completes",
    "suspected_partial",
  ];
  const all = isMoved ? codes : [...codes, "date_guessed", "date_contradicted"];
  const rows = await readRows(
    connection,
    `from meta.issues where source_file_id = ${id} and code in (${all.map(quoteText).join(", ")})`,
  );
  return rows as IssueRow[];
}

type IssueRow = Readonly<Record<string, string | number | null>>;

/** What a file states of its day may have been among what was rejected: then it leaves its snapshot for that of the day. */
async function moveToItsDay(
  connection: DuckDBConnection,
  { load, dataset, row }: { readonly load: FileLoad; readonly dataset: Dataset; readonly row: Row },
): Promise<Row> {
  const { id } = load;
  const stated = (await readStatedDates(connection, dataset, id)).get(id);
  const old = Number(row["snapshot_id"]);
  if (dataset.kind === "event" || !stated || stated.date === row["snapshot_date"]) return {};
  const date = { date: stated.date, source: "file" as const, period: stated.period };
  const verdict = {
    completeness: row["completeness"] as Completeness,
    reason: row["completeness_reason"] as string | null,
  };
  const files = [{ id, dataset, date, verdict }];
  const snapshots = await recordSnapshots(connection, files, Number(row["import_id"]));
  await connection.run(
    `delete from meta.snapshots where snapshot_id = ${old} and not exists
       (select 1 from meta.source_files where snapshot_id = ${old} and source_file_id <> ${id})`,
  );
  return {
    snapshot_id: snapshots.get(id),
    snapshot_date: date.date,
    snapshot_date_source: date.source,
    report_period: date.period,
  };
}
