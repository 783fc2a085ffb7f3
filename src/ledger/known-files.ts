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
  readonly skipped: readonly FileReport[];
}

/** Looks for files that an earlier import has loaded and that the outputs still read. */
export async function skipKnown(
  connection: DuckDBConnection,
  recognitions: readonly Recognition[],
  signal?: AbortSignal,
): Promise<Skipping> {
  const earlier = await findEarlierFiles(connection, [
    ...new Set(recognitions.map(({ file }) => file.bytes)),
  ]);
  const fresh: Recognition[] = [];
  const skipped: FileReport[] = [];
  for (const recognition of recognitions) {
    const row = await findSame(recognition, earlier, signal);
    await hearSignals();
    if (row === undefined) fresh.push(recognition);
    else skipped.push(repeatReport(recognition.file.label, row));
  }
  return { fresh, skipped };
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
