import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { writeRows, type RowsWritten, type Writing } from "./export-file.ts";
import { startExportThread, type ExportThread } from "./export-thread.ts";
import { workTogether } from "./lanes.ts";
import { collectGarbage } from "./memory.ts";
import { streamPacked } from "./packed.ts";
import { lookAhead } from "./unpack.ts";

/** Where files are written, and how. */
export interface Folder extends Pick<Writing, "format" | "isSafe"> {
  readonly folder: string;
}

/** The file of an output. */
export interface OutputFile extends RowsWritten {
  readonly output: string;
  readonly file: string;
}

/** What writes an output at a time. */
interface Lane {
  readonly connection: DuckDBConnection;
  readonly thread: ExportThread;
}

/**
 * Writes outputs to a file each, one at a time by each connection: the engine computes one while another is written, and
 * each is written beside the others.
 */
export async function writeFiles(
  connections: readonly DuckDBConnection[],
  outputs: readonly string[],
  folder: Folder,
): Promise<readonly OutputFile[]> {
  const lanes = connections.map((connection): Lane => ({ connection, thread: startExportThread() }));
  try {
    return await workTogether(lanes, outputs, async (output, lane) => {
      const file = await writeFile(lane, output, folder);
      collectGarbage();
      return file;
    });
  } finally {
    for (const { thread } of lanes) await thread.end();
  }
}

/** A thread takes longer to start than few rows do here. */
async function writeFile(
  lane: Lane,
  output: string,
  { folder, format, isSafe }: Folder,
): Promise<OutputFile> {
  const file = `${output}.${format}`;
  const writing: Writing = { path: join(folder, file), format, isSafe };
  const packed = await streamPacked(lane.connection, output);
  try {
    const { isLong, rows } = await lookAhead(packed);
    const write = isLong ? lane.thread.write : writeRows;
    return { output, file, ...(await write(writing, rows)) };
  } finally {
    await packed.close();
  }
}
