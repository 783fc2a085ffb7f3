import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { collectGarbage, isOutOfMemory, memoryError } from "../database/memory.ts";
import { type Database, readRows, type Row } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import { toJson } from "../escape.ts";
import { findFollowRefusals, readFollowed, toFollows, type Follows } from "../handoff/follows.ts";
import { layouts, manifestName, packageName, wordsName, type Layout } from "../handoff/layout.ts";
import {
  describeDialect,
  worstOf,
  type Manifest,
  type ManifestFile,
  type Status,
} from "../handoff/manifest.ts";
import { toPackage } from "../handoff/package.ts";
import { writeFolder } from "../handoff/place.ts";
import { writeWords } from "../handoff/words.ts";
import { withAside } from "../transform/as-of.ts";
import { describeDatabase, type Described } from "./describe-bundle.ts";
import { type RowsWritten, type Writing, writeRows } from "./export-file.ts";
import { type ExportThread, startExportThread } from "./export-thread.ts";
import { workTogether } from "./lanes.ts";
import { streamPacked, type PackedRows } from "./packed.ts";
import { readFindings } from "./status.ts";
import { planTally, readTable, type Table } from "./tables.ts";
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
  /** Nothing is written where an output is not Complete. */
  readonly requiresComplete?: boolean;
  /** The folder of an earlier bundle, which must be whole, of this tenant and not newer. */
  readonly follows?: string | undefined;
}

export type ExportedFile = ManifestFile;

export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly formulaCells: number;
  /** The SHA-256 of the root file, which stands for the bundle as a whole. */
  readonly bundleId: string;
  /** That of the worst file. */
  readonly status: Status;
}

/**
 * Writes one file per output, a manifest and checksums into a folder, which is made aside and then put in place as a
 * whole. Throws exit 5 where the place is not free, or there is too little memory.
 */
export async function exportOutputs(database: Database, options: ExportOptions): Promise<Exported> {
  try {
    const { folder, replaces = false, follows } = options;
    const followed = follows === undefined ? undefined : await readFollowed(follows);
    const status = await readRows(database.connection, "from output_status");
    const chosen = chooseOutputs(
      status.map((row) => String(row["output"])),
      options.outputs,
    );
    if (options.requiresComplete) refuseIncomplete(status, chosen);
    return await writeFolder({ folder, replaces }, (aside) =>
      // The manifest has the findings, too.
      withAside(database.connection, [...chosen, "data_quality"], async (known) => {
        const connections = [database.connection];
        if (chosen.length > 1) connections.push(await connectKnowing(database, known));
        return await writeBundle(connections, { database, options, chosen, aside, followed });
      }),
    );
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw memoryError("to compute this export, one output at a time; close other programs", error);
  }
}

/** Throws exit 1 where one of the outputs is not Complete. */
export function refuseIncomplete(status: readonly Row[], chosen: readonly string[]): void {
  const incomplete = status.filter(
    (row) => chosen.includes(String(row["output"])) && row["data_status"] !== "Complete",
  );
  if (incomplete.length === 0) return;
  throw new CliError("not every output is Complete, which --require-complete asks for; nothing was written", {
    exitCode: exitCodes.incomplete,
    lines: incomplete.map(
      (row) => `${String(row["output"])}: ${String(row["data_status"])}, ${String(row["reasons"])}`,
    ),
  });
}

function refuseToFollow(followed: Follows, head: Described["head"]): void {
  const refusals = findFollowRefusals(followed, head);
  if (refusals.length === 0) return;
  throw new CliError("this export cannot follow that bundle; nothing was written", {
    exitCode: exitCodes.incomplete,
    lines: refusals.map(({ code, text }) => `${code}: ${text}`),
  });
}

interface Work {
  readonly database: Database;
  readonly options: ExportOptions;
  readonly chosen: readonly string[];
  readonly aside: string;
  readonly followed: Follows | undefined;
}

async function writeBundle(
  connections: readonly DuckDBConnection[],
  { database, options, chosen, aside, followed }: Work,
): Promise<Exported> {
  const { format, isSafe, layout = "flat", requiresComplete = false } = options;
  const { payload } = layouts[layout];
  if (payload !== "") mkdirSync(join(aside, payload), { mode: 0o700 });
  const described = await describeDatabase(database.connection, chosen);
  if (followed !== undefined) refuseToFollow(followed, described.head);
  const written = await writeFiles(connections, chosen, { format, isSafe, folder: join(aside, payload) });
  const files = described.describeFiles(written, payload);
  const usable = worstOf(files) === "Complete";
  const manifest = {
    ...described.head,
    profile: null,
    format,
    dialect: describeDialect(format),
    options: { safe_cells: isSafe, layout, require_complete: requiresComplete },
    marking: null,
    status: worstOf(files),
    usable,
    files,
    ...described.tail,
    findings: await readFindings(database.connection),
    follows: toFollows(followed),
  };
  const bundleId = await writeBundleTags(aside, layout, manifest);
  const formulaCells = written.reduce((sum, { seen }) => sum + seen.formulaCells, 0);
  return { files, formulaCells, bundleId, status: manifest.status };
}

/** Writes a manifest, what goes with it and the checksums of all. Returns the bundle id. */
export async function writeBundleTags(
  aside: string,
  layout: Layout,
  manifest: Pick<Manifest, "files" | "format" | "profile" | "dialect"> & {
    readonly as_of: unknown;
    readonly tenant: Row | null;
  },
): Promise<string> {
  const { files, format } = manifest;
  const packaged = format === "csv" ? [{ path: packageName, text: textOf(toPackage(manifest)) }] : [];
  const isUploaded = files.some(({ upload }) => upload !== undefined);
  const tags = [
    { path: manifestName, text: textOf(manifest) },
    ...packaged,
    { path: wordsName, text: writeWords(layout, isUploaded) },
  ];
  return await writeTags(aside, layout, {
    files: files.map(({ file, sha256, bytes }) => ({ path: file, sha256, bytes })),
    tags,
    date: String(manifest.as_of),
    tenantId: manifest.tenant?.["tenant_id"] as string | undefined,
  });
}

function textOf(value: object): string {
  return `${toJson(value, 2)}\n`;
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

/** Where files are written, and how. */
export interface Folder extends Pick<Writing, "format" | "isSafe"> {
  readonly folder: string;
}

/** The file of an output. */
export interface OutputFile extends RowsWritten, Pick<PackedRows, "columns" | "types"> {
  readonly output: string;
  readonly file: string;
  readonly table: Table;
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
      const file = await writeFile(lane, { output, outputs }, folder);
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
  { output, outputs }: { readonly output: string; readonly outputs: readonly string[] },
  { folder, format, isSafe }: Folder,
): Promise<OutputFile> {
  const file = `${output}.${format}`;
  const table = readTable(output);
  const packed = await streamPacked(lane.connection, output);
  const { columns, types } = packed;
  const plan = planTally(output, outputs, columns);
  const writing: Writing = { path: join(folder, file), format, isSafe, plan };
  try {
    const { isLong, rows } = await lookAhead(packed);
    const write = isLong ? lane.thread.write : writeRows;
    return { output, file, table, columns, types, ...(await write(writing, rows)) };
  } finally {
    await packed.close();
  }
}
