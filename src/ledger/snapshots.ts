import type { DuckDBConnection } from "@duckdb/node-api";
import { pagesCame, pagesMissing, worstVerdict, type Completeness, type Verdict } from "./completeness.ts";
import type { Dataset } from "../schema/dataset.ts";
import { readRows } from "../database/open.ts";
import type { FileDate } from "./dates.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { groupBy } from "../group-by.ts";
import { sharesRecords } from "./deduplicate.ts";
import { insertRows, nextId } from "./ledger.ts";

/** A file that was loaded, on its way into a snapshot. */
export interface LoadedFile {
  readonly id: number;
  readonly dataset: Dataset;
  readonly date: FileDate;
  readonly verdict: Verdict;
}

/**
 * Gathers the files of one dataset, date and period into a collection, writes it down, and settles what it does to
 * earlier ones. Returns the snapshot_id of each file.
 */
export async function recordSnapshots(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
  importId: number,
): Promise<Map<number, number>> {
  const collections = groupBy(files, ({ dataset, date }) =>
    JSON.stringify([dataset.name, date.date, date.period]),
  );
  const snapshotOf = new Map<number, number>();
  const firstId = await nextId(connection, "meta.snapshots", "snapshot_id");
  const found = [...collections.values()].flatMap((collection, index) => {
    const [first] = collection;
    if (first === undefined) return [];
    for (const file of collection) snapshotOf.set(file.id, firstId + index);
    const verdict = worstVerdict(collection.map((file) => file.verdict));
    return [{ ...first, ...verdict, id: firstId + index, collection, files: collection.map(({ id }) => id) }];
  });
  const rows = found.map(({ id, dataset, date, collection, completeness, reason }) => ({
    snapshot_id: id,
    import_id: importId,
    dataset: dataset.name,
    snapshot_date: date.date,
    first_date: firstDay(collection),
    snapshot_date_source: date.source,
    report_period: date.period,
    completeness,
    completeness_reason: reason,
  }));
  await insertRows(connection, "meta.snapshots", rows);
  const several = await readRows(
    connection,
    "select dataset from meta.snapshots group by dataset having count(*) > 1",
  );
  const settled = new Set(several.map(({ dataset }) => dataset));
  for (const snapshot of found) if (settled.has(snapshot.dataset.name)) await settle(connection, snapshot);
  return snapshotOf;
}

/** The day of the first event in a collection; null where its data is of one day. */
function firstDay(files: readonly LoadedFile[]): string | null {
  return files.flatMap(({ date }) => date.first ?? []).toSorted()[0] ?? null;
}

/** Settles all snapshots of a dataset anew, as if they came one after the other: what one that has gone did is undone. */
export async function settleAnew(connection: DuckDBConnection, dataset: Dataset): Promise<void> {
  const rows = await readRows(
    connection,
    `select snapshot_id, source_file_id, snapshot_date, completeness, completeness_reason as reason
     from meta.source_files where snapshot_id is not null and dataset = ${quoteText(dataset.name)}
     order by snapshot_id, source_file_id`,
  );
  const snapshots = [...groupBy(rows, (row) => Number(row["snapshot_id"]))].map(([id, files]) => ({
    id,
    dataset,
    files: files.map((row) => Number(row["source_file_id"])),
    date: files[0]?.["snapshot_date"],
    ...worstVerdict(files as unknown as Verdict[]),
  }));
  // All first: what a snapshot is settled against stands as it came.
  for (const { id, date, completeness, reason } of snapshots)
    await connection.run(
      `update meta.snapshots set superseded_by = null, completeness = $completeness, completeness_reason = $reason,
         snapshot_date = case when $date is null then snapshot_date else $date::date end
       where snapshot_id = ${id}`,
      { completeness, reason, date: dataset.kind === "event" ? null : String(date) },
    );
  for (const snapshot of snapshots) await settle(connection, snapshot);
}

interface Collection {
  readonly id: number;
  readonly files: readonly number[];
  readonly dataset: Dataset;
  readonly completeness: Completeness;
  readonly reason: string | null;
}

/** A new collection supersedes an earlier one of its snapshot, continues an incomplete one that it shares no key with, and never displaces a complete one by an incomplete. */
async function settle(connection: DuckDBConnection, collection: Collection): Promise<void> {
  const { id, dataset, completeness } = collection;
  if (dataset.kind === "event") return;
  if (dataset.kind === "state") await joinDays(connection, collection);
  const sameSnapshot =
    dataset.kind === "reference"
      ? ""
      : `and e.snapshot_date is not distinct from n.snapshot_date and e.report_period is not distinct from n.report_period`;
  const earlier = await readRows(
    connection,
    `select e.snapshot_id, e.completeness, e.completeness_reason,
       (select sum(records_loaded) from meta.source_files f where f.snapshot_id = e.snapshot_id) as records,
       exists (select 1 from meta.source_files f where f.snapshot_id = e.snapshot_id and f.wrapper = 'page'
         and (f.own_completeness = 'Complete' or f.completeness_reason = ${quoteText(pagesCame)})) as has_last_page
     from meta.snapshots e join meta.snapshots n on n.snapshot_id = ${id}
     where e.dataset = n.dataset and e.snapshot_id < n.snapshot_id and e.superseded_by is null ${sameSnapshot}`,
  );
  for (const row of earlier) {
    const earlierId = Number(row["snapshot_id"]);
    // The last page may have come first: it looked like all there is, and others show that it is not.
    const mayEnd = collection.reason === pagesMissing && row["has_last_page"] === true;
    const isContinued =
      (mayEnd || row["completeness"] === "Incomplete") &&
      !(await sharesKey(connection, collection, earlierId));
    if (isContinued && mayEnd) {
      await connection.run(
        `update meta.snapshots set completeness = 'Complete', completeness_reason = 'continued by an earlier import' where snapshot_id = ${id}`,
      );
    } else if (isContinued) {
      if (row["completeness_reason"] !== pagesMissing || completeness === "Incomplete") continue;
      await connection.run(
        `update meta.snapshots set completeness = '${completeness}', completeness_reason = 'continued by a later import' where snapshot_id = ${earlierId}`,
      );
    } else {
      const isWorse =
        (completeness === "Incomplete" && row["completeness"] !== "Incomplete") ||
        (!(await hasRecords(connection, collection)) && Number(row["records"]) > 0);
      const [old, by] = isWorse ? [id, earlierId] : [earlierId, id];
      await connection.run(`update meta.snapshots set superseded_by = ${by} where snapshot_id = ${old}`);
    }
  }
}

/** The pages that an export lacked may come some days later: then it is one of the day of the last of them. */
const daysBetweenPages = 7;

/** Pages before whose last ones were missing, and of which none is among the new ones, are of one day with these: the later one. */
async function joinDays(connection: DuckDBConnection, collection: Collection): Promise<void> {
  const { id } = collection;
  const [before] = await readRows(
    connection,
    `select list(e.snapshot_id) as ids, abs(any_value(n.snapshot_date) - e.snapshot_date) as days,
       bool_and(e.completeness = 'Incomplete' and e.completeness_reason is not distinct from n.missing) as is_open
     from meta.snapshots e
     join (select *, ${quoteText(pagesMissing)} as missing from meta.snapshots where snapshot_id = ${id}) n
       on e.dataset = n.dataset and e.report_period is not distinct from n.report_period
     where e.snapshot_id < n.snapshot_id and e.superseded_by is null
       and (n.completeness <> 'Incomplete' or n.completeness_reason = n.missing)
     group by e.snapshot_date
     order by max(e.snapshot_id) desc limit 1`,
  );
  const days = Number(before?.["days"] ?? 0);
  if (before?.["is_open"] !== true || days < 1 || days > daysBetweenPages) return;
  const ids = before["ids"] as number[];
  for (const earlierId of ids) if (await sharesKey(connection, collection, earlierId)) return;
  const all = [id, ...ids].join(", ");
  await connection.run(
    `update meta.snapshots set snapshot_date = (select max(snapshot_date) from meta.snapshots where snapshot_id in (${all}))
     where snapshot_id in (${all})`,
  );
}

/** Whether anything of a collection was loaded: what is empty displaces nothing. */
async function hasRecords(connection: DuckDBConnection, { files, dataset }: Collection): Promise<boolean> {
  const [row] = await readRows(
    connection,
    `select exists (select 1 from raw.${quoteName(dataset.name)} where source_file_id in (${files.join(", ")})) as has_records`,
  );
  return row?.["has_records"] === true;
}

async function sharesKey(
  connection: DuckDBConnection,
  { files, dataset }: Collection,
  earlierId: number,
): Promise<boolean> {
  const rows = await readRows(
    connection,
    `select source_file_id from meta.source_files where snapshot_id = ${earlierId}`,
  );
  const others = rows.map((row) => Number(row["source_file_id"]));
  return await sharesRecords(connection, dataset, files, others);
}
