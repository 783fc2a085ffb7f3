import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Row } from "./database.ts";
import { DamagedBytes } from "./damage.ts";
import { openBytes, type ByteSource } from "./decode.ts";
import { maybeErrorCode } from "./errors.ts";
import type { InputFile } from "./discover.ts";
import { repeatReport, type FileReport } from "./file-report.ts";
import { hearSignals } from "./interrupt.ts";
import { findEarlierFiles } from "./ledger.ts";
import type { Recognition } from "./recognise.ts";

/** Which files are new, and the earlier verdict of those whose bytes are in the database under the same schema. */
export interface Skipping {
  readonly fresh: readonly Recognition[];
  readonly skipped: readonly FileReport[];
}

/** Looks for files that an earlier import has loaded and that the outputs still read. */
export async function skipKnown(
  connection: DuckDBConnection,
  recognitions: readonly Recognition[],
): Promise<Skipping> {
  const earlier = await findEarlierFiles(connection, [
    ...new Set(recognitions.map(({ file }) => file.bytes)),
  ]);
  const fresh: Recognition[] = [];
  const skipped: FileReport[] = [];
  for (const recognition of recognitions) {
    const row = findSame(recognition, earlier);
    await hearSignals();
    if (row === undefined) fresh.push(recognition);
    else skipped.push(repeatReport(recognition.file.label, row));
  }
  return { fresh, skipped };
}

function findSame(recognition: Recognition, earlier: readonly Row[]): Row | undefined {
  const { file, dataset } = recognition;
  const candidates = earlier.filter(
    (row) =>
      Number(row["bytes"]) === file.bytes &&
      row["schema_hash"] === (dataset?.hash ?? null) &&
      isReadAlike(recognition, row),
  );
  if (candidates.length === 0) return undefined;
  const sha256 = hashFile(file);
  return candidates.find((row) => row["sha256"] === sha256);
}

/** Whether what is said now of encoding, order of dates and zone would have read the file as it was read. */
function isReadAlike({ encoding, hints }: Recognition, row: Row): boolean {
  const { date_order: order, time_zone: zone } = row;
  const isOrdered = order === null || hints.dateOrder === undefined || order === hints.dateOrder;
  return row["encoding"] === encoding && isOrdered && (zone === null || zone === (hints.timeZone ?? "UTC"));
}

/** SHA-256 of a file as it lies on the disk (of a part or an entry, of its bytes) as far as it can be read. */
export function hashFile(file: InputFile): string {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(1 << 20);
  if (file.zip === undefined && file.part === undefined) {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(file.path, "r");
      for (let count = 1; count > 0; hash.update(block.subarray(0, count)))
        count = readSync(descriptor, block);
    } catch (error) {
      if (maybeErrorCode(error) === undefined) throw error;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
    return hash.digest("hex");
  }
  let source: ByteSource | undefined;
  try {
    source = openBytes(file);
    readAll(source, block);
    return source.sha256();
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    return hash.digest("hex");
  } finally {
    source?.close();
  }
}

/** Reads as far as a file can be read once it is open. */
function readAll(source: ByteSource, block: Buffer): void {
  try {
    while (source.read(block, 0) > 0);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
  }
}
