import type { DuckDBConnection } from "@duckdb/node-api";
import type { EventTimes } from "./completeness.ts";
import type { Dataset } from "../schema/dataset.ts";
import { readRows } from "../database/open.ts";
import { quoteName } from "../schema/ddl.ts";
import { groupBy } from "../group-by.ts";
import type { FileLoad } from "../load/loader.ts";

/** The day that a file's data is of (YYYY-MM-DD), and who says so. */
export interface FileDate {
  readonly date: string | null;
  readonly source: "file" | "as_of" | "other_file" | "modified_time" | "records";
  readonly period: number | null;
  /** Of events: the day of the first one. */
  readonly first?: string | null;
}

interface Stated {
  readonly date: string;
  readonly first: string;
  readonly period: number | null;
}

/** What the files themselves state: by source_file_id the newest date and the report period in their records. */
export async function readStatedDates(
  connection: DuckDBConnection,
  dataset: Dataset,
  firstFile: number,
): Promise<Map<number, Stated>> {
  if (dataset.snapshotDate === undefined) return new Map();
  const period = dataset.snapshotPeriod === undefined ? "null" : `max(${quoteName(dataset.snapshotPeriod)})`;
  const rows = await readRows(
    connection,
    `select source_file_id, max(${quoteName(dataset.snapshotDate)})::date as date,
       min(${quoteName(dataset.snapshotDate)})::date as first, ${period} as period
     from raw.${quoteName(dataset.name)} where source_file_id >= ${firstFile} group by all`,
  );
  const entries = rows.filter(({ date }) => date !== null);
  return new Map(
    entries.map((row) => [
      Number(row["source_file_id"]),
      {
        date: String(row["date"]),
        first: String(row["first"]),
        period: row["period"] === null ? null : Number(row["period"]),
      },
    ]),
  );
}

/** When the events of each file happened, by source_file_id. */
export async function readEventTimes(
  connection: DuckDBConnection,
  loads: readonly FileLoad[],
  firstFile: number,
): Promise<Map<number, EventTimes>> {
  const times = new Map<number, EventTimes>();
  const datasets = new Set(loads.flatMap(({ recognition }) => recognition.dataset ?? []));
  for (const { kind, name, snapshotDate } of datasets) {
    if (kind !== "event" || snapshotDate === undefined) continue;
    const time = quoteName(snapshotDate);
    const rows = await readRows(
      connection,
      `select source_file_id, arg_min(${time}, record_number) as first, arg_max(${time}, record_number) as last,
         min(${time}) as earliest, max(${time}) as latest
       from raw.${quoteName(name)} where source_file_id >= ${firstFile} group by all`,
    );
    for (const row of rows) times.set(Number(row["source_file_id"]), row as unknown as EventTimes);
  }
  return times;
}

interface Dating {
  readonly connection: DuckDBConnection;
  readonly firstFile: number;
  readonly asOf?: string | undefined;
}

/**
 * Dates files: what the file itself states, else `asOf`, else the newest date that another state file of the import
 * states, else the modification time, which is a guess and becomes an issue.
 */
export async function dateFiles(
  { connection, firstFile, asOf }: Dating,
  loads: readonly FileLoad[],
): Promise<Map<FileLoad, FileDate>> {
  const stated = new Map<number, Stated>();
  for (const [dataset, files] of groupBy(loads, ({ recognition }) => recognition.dataset)) {
    if (dataset === undefined) continue;
    const dates = await readStatedDates(connection, dataset, firstFile);
    for (const [id, date] of dates) stated.set(id, newestOfPages(files, dates, id) ?? date);
  }
  const states = loads.filter(({ recognition }) => recognition.dataset?.kind === "state");
  const newest = states
    .flatMap(({ id }) => stated.get(id)?.date ?? [])
    .toSorted()
    .at(-1);
  return new Map(loads.map((load) => [load, dateFile(load, { stated: stated.get(load.id), asOf, newest })]));
}

/** Pages of one export, in one folder, are of one day: that of the newest record in any of them. */
function newestOfPages(
  files: readonly FileLoad[],
  dates: ReadonlyMap<number, Stated>,
  id: number,
): Stated | undefined {
  const file = files.find((load) => load.id === id);
  const isPage = (load: FileLoad): boolean =>
    load.recognition.wrapper === "page" && load.recognition.file.folder === file?.recognition.file.folder;
  if (file?.recognition.dataset?.kind !== "state" || !isPage(file)) return undefined;
  const pages = files.filter(isPage);
  if (!pages.some(({ tally }) => tally.openPages > 0)) return undefined;
  return pages
    .flatMap((page) => dates.get(page.id) ?? [])
    .toSorted((left, right) => (left.date < right.date ? -1 : 1))
    .at(-1);
}

interface Evidence {
  readonly stated: Stated | undefined;
  readonly asOf: string | undefined;
  readonly newest: string | undefined;
}

function dateFile(
  { recognition: { dataset, file }, tally }: FileLoad,
  { stated, asOf, newest }: Evidence,
): FileDate {
  const period = stated?.period ?? null;
  if (dataset?.kind === "event")
    return { date: stated?.date ?? null, first: stated?.first ?? null, source: "records", period };
  const day = stated?.date ?? tally.statedDay;
  if (day !== undefined) return { date: day, source: "file", period };
  if (asOf !== undefined) return { date: asOf, source: "as_of", period };
  if (newest !== undefined) return { date: newest, source: "other_file", period };
  const date = new Date(file.modifiedAt).toISOString().slice(0, 10);
  if (dataset?.kind === "state") tally.issues.add({ code: "date_guessed", date });
  return { date, source: "modified_time", period };
}
