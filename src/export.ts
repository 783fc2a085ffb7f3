import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { withAside } from "./aside.ts";
import type { Database } from "./database.ts";
import { readRows } from "./database.ts";
import { CliError, exitCodes } from "./errors.ts";
import { writeFiles } from "./export-rows.ts";
import { makeFolder, manifestName, moveIntoPlace } from "./export-folder.ts";
import { isOutOfMemory, memoryError } from "./memory.ts";
import { readFindings } from "./status.ts";
import { toJson } from "./terminal.ts";
import { version } from "./version.ts";
import { readSql } from "./views.ts";
import { writeAside } from "./write.ts";

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
  const snapshots = await readRows(connection, readSql("snapshots"));
  return { tool: { name: "m365-offline", version }, tenant: tenant ?? null, parameters, snapshots };
}

async function* textOf(value: unknown): AsyncGenerator<string> {
  yield `${toJson(value, 2)}\n`;
}
