import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { collectGarbage, isOutOfMemory, memoryError } from "../database/memory.ts";
import { type Database, readRows, type Row } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import { toJson } from "../escape.ts";
import { layouts, manifestName, wordsName, type Layout } from "../handoff/layout.ts";
import { writeFolder } from "../handoff/place.ts";
import { writeWords } from "../handoff/words.ts";
import { withAside } from "../transform/as-of.ts";
import { readSql } from "../transform/models.ts";
import { version } from "../version.ts";
import { type RowsWritten, type Writing, writeRows } from "./export-file.ts";
import { type ExportThread, startExportThread } from "./export-thread.ts";
import { workTogether } from "./lanes.ts";
import { streamPacked } from "./packed.ts";
import { readFindings } from "./status.ts";
import { lookAhead } from "./unpack.ts";
import { writeTags } from "./write-tags.ts";

export interface ExportOptions {
  readonly outputs: readonly string[];
  readonly folder: string;
  readonly format: "csv" | "json" | "ndjson";
  readonly isSafe: boolean;
  /** Flat when left out. */
  readonly layout?: Layout;
  /** It may take the place of an earlier bundle. */
  readonly replaces?: boolean;
}

export interface ExportedFile {
  readonly file: string;
  readonly output: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly data_status: string;
  readonly reasons: string | null;
}

export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly formulaCells: number;
  /** The SHA-256 of the root file, which stands for the bundle as a whole. */
  readonly bundleId: string;
}

/**
 * Writes one file per output, a manifest and checksums into a folder, which is made aside and then put in place as a
 * whole. Throws exit 5 where the place is not free, or there is too little memory.
 */
export async function exportOutputs(database: Database, options: ExportOptions): Promise<Exported> {
  try {
    const { folder, replaces = false } = options;
    const status = await readRows(database.connection, "from output_status");
    const chosen = chooseOutputs(
      status.map((row) => String(row["output"])),
      options.outputs,
    );
    return await writeFolder({ folder, replaces }, (aside) =>
      // The manifest has the findings, too.
      withAside(database.connection, [...chosen, "data_quality"], async (known) => {
        const connections = [database.connection];
        if (chosen.length > 1) connections.push(await connectKnowing(database, known));
        return await writeBundle(connections, { database, options, chosen, status, aside });
      }),
    );
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw memoryError("to compute this export, one output at a time; close other programs", error);
  }
}

interface Work {
  readonly database: Database;
  readonly options: ExportOptions;
  readonly chosen: readonly string[];
  readonly status: readonly Row[];
  readonly aside: string;
}

async function writeBundle(
  connections: readonly DuckDBConnection[],
  { database, options, chosen, status, aside }: Work,
): Promise<Exported> {
  const { format, isSafe, layout = "flat" } = options;
  const { payload } = layouts[layout];
  if (payload !== "") mkdirSync(join(aside, payload), { mode: 0o700 });
  const written = await writeFiles(connections, chosen, { format, isSafe, folder: join(aside, payload) });
  const files = written.map(({ file, output, seen, bytes, sha256 }): ExportedFile => {
    const said = status.find((row) => row["output"] === output);
    const data_status = String(said?.["data_status"]);
    const reasons = said?.["reasons"] as string | null;
    return { file: payload + file, output, rows: seen.rows, bytes, sha256, data_status, reasons };
  });
  const described = await describeDatabase(database);
  const manifest = {
    ...described,
    format,
    safe_cells: isSafe,
    files,
    findings: await readFindings(database.connection),
  };
  const tags = [
    { path: manifestName, text: `${toJson(manifest, 2)}\n` },
    { path: wordsName, text: writeWords(layout) },
  ];
  const bundleId = await writeTags(aside, layout, {
    files: files.map(({ file, sha256, bytes }) => ({ path: file, sha256, bytes })),
    tags,
    date: String(described.parameters?.["as_of"]),
    tenantId: described.tenant?.["tenant_id"] as string | undefined,
  });
  const formulaCells = written.reduce((sum, { seen }) => sum + seen.formulaCells, 0);
  return { files, formulaCells, bundleId };
}

async function connectKnowing({ connect }: Database, known: string): Promise<DuckDBConnection> {
  const connection = await connect();
  await connection.run(known);
  return connection;
}

function chooseOutputs(known: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0)
    return wanted.length === 0 ? known : known.filter((name) => wanted.includes(name));
  throw new CliError(`there is no output ${unknown.join(", ")}. The outputs are: ${known.join(", ")}`, {
    exitCode: exitCodes.usage,
  });
}

/** Tool, tenant, snapshots and parameters: what one must know to read the files in ten years. */
async function describeDatabase({ connection }: Database): Promise<{
  readonly tool: object;
  readonly tenant: Row | null;
  readonly parameters: Row | undefined;
  readonly snapshots: readonly Row[];
}> {
  const [tenant] = await readRows(connection, "select tenant_id, tenant_name from meta.tenant");
  const [parameters] = await readRows(connection, "from intermediate.parameters");
  const snapshots = await readRows(connection, readSql("ledger/snapshots"));
  return { tool: { name: "m365-offline", version }, tenant: tenant ?? null, parameters, snapshots };
}

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
