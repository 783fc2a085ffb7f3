import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import type { EventTimes } from "./completeness.ts";

/** What the records of a file state of its day: the newest and the oldest date, and the report period. */
export interface Stated {
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

/** Days inside the records of a file: its export is no older than these. */
export interface RecordDays {
  /** The newest of those that reach near the day of an export, and of all; none lies behind the limit. */
  readonly near: string | undefined;
  readonly floor: string | undefined;
  /** The newest of all, wherever it lies. */
  readonly any: string | undefined;
}

/** Reads by source_file_id the newest days inside the records; what lies behind `limit` cannot be true of an export. */
export async function readRecordDays(
  connection: DuckDBConnection,
  dataset: Dataset,
  { firstFile, limit }: { readonly firstFile: number; readonly limit: string },
): Promise<Map<number, RecordDays>> {
  const times = [...ownTimes(dataset), ...dataset.properties.flatMap((property) => timesOf(property))];
  if (times.length === 0) return new Map();
  const columns = times.map(({ sql }, index) => `(${sql})::date as t${index}`);
  const newest = (isWanted: (time: RecordTime) => boolean, filter = ""): string => {
    const parts = times.flatMap((time, index) =>
      isWanted(time) ? `max(t${index}) ${filter.replace("$", `t${index}`)}` : [],
    );
    return parts.length === 0 ? "null" : `greatest(${parts.join(", ")})`;
  };
  const isPossible = `filter ($ <= ${quoteText(limit)}::date)`;
  const rows = await readRows(
    connection,
    `select source_file_id, ${newest(({ isNear }) => isNear, isPossible)} as near,
       ${newest(() => true, isPossible)} as floor, ${newest(() => true)} as newest
     from (select source_file_id, ${columns.join(", ")} from raw.${quoteName(dataset.name)}
       where source_file_id >= ${firstFile}) as times
     group by all`,
  );
  return new Map(
    rows.map((row) => [
      Number(row["source_file_id"]),
      { near: day(row["near"]), floor: day(row["floor"]), any: day(row["newest"]) },
    ]),
  );
}

function day(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

interface RecordTime {
  readonly sql: string;
  readonly isNear: boolean;
}

/** What states the day of the file reaches near the day of those beside it. */
function ownTimes({ snapshotDate }: Dataset): RecordTime[] {
  return snapshotDate === undefined ? [] : [{ sql: quoteName(snapshotDate), isNear: true }];
}

/** The times in a property that bound the day, as expressions that give the newest of a record. */
function timesOf(property: Property, parent = ""): RecordTime[] {
  const place = parent + quoteName(property.name);
  const { items, boundsDay } = property;
  if (boundsDay !== undefined) return [{ sql: place, isNear: boundsDay === "near" }];
  if (items === undefined) return property.properties.flatMap((child) => timesOf(child, `${place}.`));
  return items.properties
    .flatMap((child) => timesOf(child, "item."))
    .map(({ sql, isNear }) => ({ sql: `list_max([${sql} for item in ${place}])`, isNear }));
}
