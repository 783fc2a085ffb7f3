import type { DuckDBConnection } from "@duckdb/node-api";
import type { Row } from "./database.ts";
import { openBytes } from "./decode.ts";
import type { InputFile } from "./discover.ts";
import { repeatReport, type FileReport } from "./file-report.ts";
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
    if (row === undefined) fresh.push(recognition);
    else skipped.push(repeatReport(recognition.file.path, row));
  }
  return { fresh, skipped };
}

function findSame({ file, dataset }: Recognition, earlier: readonly Row[]): Row | undefined {
  const candidates = earlier.filter(
    (row) => Number(row["bytes"]) === file.bytes && row["schema_hash"] === (dataset?.hash ?? null),
  );
  if (candidates.length === 0) return undefined;
  const sha256 = hashFile(file);
  return candidates.find((row) => row["sha256"] === sha256);
}

/** SHA-256 of a file, read in blocks. */
export function hashFile(file: InputFile): string {
  const source = openBytes(file);
  const block = Buffer.allocUnsafe(1 << 20);
  try {
    while (source.read(block, 0) > 0);
    return source.sha256();
  } finally {
    source.close();
  }
}
