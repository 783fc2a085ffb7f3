import type { DuckDBConnection } from "@duckdb/node-api";
import type { Row } from "../database/open.ts";
import { repeatReport, type FileReport } from "./record-files.ts";
import { hearSignals } from "../signals.ts";
import { findEarlierFiles } from "./ledger.ts";
import type { Recognition } from "../detect/detection.ts";
import { sha256Of } from "../source/hash.ts";

/** Which files are new, and the earlier verdict of those whose bytes are in the database under the same schema. */
export interface Skipping {
  readonly fresh: readonly Recognition[];
  readonly skipped: readonly SkippedFile[];
  /** What is said now changed the verdict on one of them. */
  readonly isChanged: boolean;
}

/** A file that is in the database already, and what was said of it. */
export interface SkippedFile {
  readonly id: number;
  readonly report: FileReport;
}

interface Said {
  readonly isSameTenant?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Looks for files that an earlier import has loaded, whether or not the outputs still read them. */
export async function skipKnown(
  connection: DuckDBConnection,
  recognitions: readonly Recognition[],
  { isSameTenant = false, signal }: Said = {},
): Promise<Skipping> {
  const earlier = await findEarlierFiles(connection, [
    ...new Set(recognitions.map(({ file }) => file.bytes)),
  ]);
  const fresh: Recognition[] = [];
  const skipped: Row[] = [];
  for (const recognition of recognitions) {
    const row = await findSame(recognition, earlier, signal);
    await hearSignals();
    if (row === undefined) fresh.push(recognition);
    else skipped.push({ ...row, label: recognition.file.label });
  }
  const accepted = isSameTenant ? await acceptFiles(connection, skipped) : new Set();
  const reports = skipped.map((row) => {
    const report = repeatReport(String(row["label"]), row);
    const issues = report.issues.filter(({ code }) => code !== notCompared);
    const told = accepted.has(row["source_file_id"]) ? { ...report, issues } : report;
    return { id: Number(row["source_file_id"]), report: told };
  });
  return { fresh, skipped: reports, isChanged: accepted.size > 0 };
}

const notCompared = "tenant_not_compared";

/** Writes down that files are of this tenant which nothing could be compared of. Returns their ids. */
async function acceptFiles(connection: DuckDBConnection, rows: readonly Row[]): Promise<Set<unknown>> {
  const ids = rows
    .filter((row) => ((row["issues"] as Row[] | null) ?? []).some(({ code }) => code === notCompared))
    .map((row) => row["source_file_id"]);
  if (ids.length === 0) return new Set();
  const where = `source_file_id in (${ids.join(", ")})`;
  await connection.run(`delete from meta.issues where code = '${notCompared}' and ${where}`);
  await connection.run(`update meta.file_tenants set same_tenant = true where ${where}`);
  return new Set(ids);
}

async function findSame(
  recognition: Recognition,
  earlier: readonly Row[],
  signal: AbortSignal | undefined,
): Promise<Row | undefined> {
  const { file, dataset } = recognition;
  const candidates = earlier.filter(
    (row) =>
      Number(row["bytes"]) === file.bytes &&
      row["schema_hash"] === (dataset?.hash ?? null) &&
      isReadAlike(recognition, row),
  );
  if (candidates.length === 0) return undefined;
  const sha256 = await sha256Of(file, signal);
  return candidates.find((row) => row["sha256"] === sha256);
}

/** Whether what is said now of encoding, order of dates and zone would have read the file as it was read. */
function isReadAlike({ encoding, hints }: Recognition, row: Row): boolean {
  const { date_order: order, time_zone: zone } = row;
  const isOrdered = order === null || hints.dateOrder === undefined || order === hints.dateOrder;
  return row["encoding"] === encoding && isOrdered && (zone === null || zone === (hints.timeZone ?? "UTC"));
}
