import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { collectGarbage, isOutOfMemory, memoryError } from "../database/memory.ts";
import { type Database, readRows } from "../database/open.ts";
import { CliError, exitCodes, outputError } from "../errors.ts";
import { toJson } from "../escape.ts";
import { removeData, removeEmptyFolder, removeFile, replaceFile } from "../files.ts";
import { removeOnSignal } from "../signals.ts";
import { withAside } from "../transform/as-of.ts";
import { readSql } from "../transform/models.ts";
import { version } from "../version.ts";
import { type RowsWritten, type Writing, writeRows } from "./export-file.ts";
import { type ExportThread, startExportThread } from "./export-thread.ts";
import { workTogether } from "./lanes.ts";
import { streamPacked } from "./packed.ts";
import { readFindings } from "./status.ts";
import { lookAhead } from "./unpack.ts";
import { replaceError, writeAside } from "./write-file.ts";

export interface ExportOptions {
  readonly outputs: readonly string[];
  readonly folder: string;
  readonly format: "csv" | "json" | "ndjson";
  readonly isSafe: boolean;
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
}

/**
 * Writes one file per output and a manifest. All are made aside in the folder first; a manifest stands there only
 * when every file that it names is in place. Throws exit 5 where there is too little memory.
 */
export async function exportOutputs(database: Database, options: ExportOptions): Promise<Exported> {
  try {
    return await writeOutputs(database, options);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw memoryError("to compute this export, one output at a time; close other programs", error);
  }
}

async function writeOutputs(database: Database, options: ExportOptions): Promise<Exported> {
  const { connection } = database;
  const status = await readRows(connection, "from output_status");
  const chosen = chooseOutputs(
    status.map((row) => String(row["output"])),
    options.outputs,
  );
  const aside = join(options.folder, ".m365-offline-export");
  const removeAside = makeFolder(options.folder, aside);
  try {
    // The manifest has the findings, too.
    return await withAside(connection, [...chosen, "data_quality"], async (known) => {
      const connections = [connection];
      if (chosen.length > 1) connections.push(await connectKnowing(database, known));
      const written = await writeFiles(connections, chosen, { ...options, folder: aside });
      const files = written.map(({ file, output, seen, bytes, sha256 }): ExportedFile => {
        const said = status.find((row) => row["output"] === output);
        const data_status = String(said?.["data_status"]);
        return {
          file,
          output,
          rows: seen.rows,
          bytes,
          sha256,
          data_status,
          reasons: said?.["reasons"] as string | null,
        };
      });
      const manifest = {
        ...(await describeDatabase(database)),
        format: options.format,
        safe_cells: options.isSafe,
        files,
        findings: await readFindings(connection),
      };
      await writeAside(join(aside, manifestName), textOf(manifest));
      moveIntoPlace(aside, options.folder, [...files.map(({ file }) => file), manifestName]);
      return { files, formulaCells: written.reduce((sum, { seen }) => sum + seen.formulaCells, 0) };
    });
  } finally {
    removeAside();
  }
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
async function describeDatabase({ connection }: Database): Promise<Record<string, unknown>> {
  const [tenant] = await readRows(connection, "select tenant_id, tenant_name from meta.tenant");
  const [parameters] = await readRows(connection, "from intermediate.parameters");
  const snapshots = await readRows(connection, readSql("ledger/snapshots"));
  return { tool: { name: "m365-offline", version }, tenant: tenant ?? null, parameters, snapshots };
}

async function* textOf(value: unknown): AsyncGenerator<string> {
  yield `${toJson(value, 2)}\n`;
}

const manifestName = "manifest.json";

/** Makes the folder, and an empty one aside in it; returns what removes that again, and what is empty of what it made. */
function makeFolder(folder: string, aside: string): () => void {
  const made: string[] = [];
  const remove = (): void => {
    removeData(aside);
    removeEmpty(made);
  };
  const release = removeOnSignal(remove);
  const end = (): void => {
    remove();
    release();
  };
  try {
    makeParents(folder, made);
    removeFile(aside);
    mkdirSync(aside, { mode: 0o700 });
  } catch (error) {
    removeEmpty(made);
    release();
    throw outputError(folder, error);
  }
  return end;
}

/** Like `mkdir -p`; Node's own `recursive` never returns where a parent refuses with ENOENT, as in /proc. */
function makeParents(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeParents(dirname(folder), made);
  mkdirSync(folder, { mode: 0o700 });
  made.push(folder);
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) removeEmptyFolder(folder);
  } catch {
    // A folder that holds something stays.
  }
}

/**
 * Puts the files in place, the manifest last: without it what stands there is no export. Those of an earlier one go
 * aside and come back where one cannot be replaced.
 */
function moveIntoPlace(aside: string, folder: string, files: readonly string[]): void {
  const earlier = join(aside, "earlier");
  const undo: (() => void)[] = [];
  let at = manifestName;
  const move = (from: string, to: string): void => {
    replaceFile(join(from, at), join(to, at));
    const name = at;
    undo.push(() => replaceFile(join(to, name), join(from, name)));
  };
  try {
    mkdirSync(earlier, { mode: 0o700 });
    for (at of [manifestName, ...files.filter((file) => file !== manifestName)])
      if (lstatSync(join(folder, at), { throwIfNoEntry: false })?.isDirectory() === false)
        move(folder, earlier);
    for (at of files) move(aside, folder);
  } catch (error) {
    for (const back of undo.toReversed()) tryTo(back);
    throw replaceError(join(folder, at), error);
  }
}

/** Cleaning up does not hide why it is due. */
function tryTo(back: () => void): void {
  try {
    back();
  } catch {
    // The others go back all the same.
  }
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
