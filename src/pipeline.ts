import type { DuckDBConnection } from "@duckdb/node-api";
import { startBuild } from "./build.ts";
import { openScratch, type Database } from "./database.ts";
import { exitCodes } from "./errors.ts";
import { hasTrouble, type FileReport } from "./file-report.ts";
import { finishFiles } from "./finish.ts";
import { groupBy } from "./group.ts";
import { checkFormat, nextId, prepareTables, recordImport, recordVersion } from "./ledger.ts";
import { recogniseInput, type Input, type InputOptions } from "./input.ts";
import { createLoader } from "./load.ts";
import { loadDataset, type FileLoad, type Progress } from "./load-files.ts";
import type { Recognition } from "./recognise.ts";
import { loadReferences } from "./reference.ts";
import { findRetries, retryFile } from "./retry.ts";
import { skipKnown } from "./skip.ts";
import { createTally } from "./tally.ts";
import { nameTenant } from "./tenant.ts";
import { createViews, hashViews, readSql } from "./views.ts";

export interface ImportOptions extends InputOptions {
  readonly db: string;
  /** The day (YYYY-MM-DD) of state files that do not say theirs. */
  readonly asOf?: string | undefined;
  readonly tenant?: string | undefined;
  readonly isStrict?: boolean;
  /** Do everything but put the new database in place. */
  readonly isDryRun?: boolean;
  readonly onProgress?: Progress;
  /** Looks at the finished database before it is put in place. */
  readonly inspect?: (connection: DuckDBConnection) => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly files: readonly FileReport[];
  /** Files of scanned folders that are no data files. */
  readonly passedOver: readonly string[];
  readonly exitCode: number;
}

/** Takes exports into the database: all good records of all files, or nothing when it throws. */
export async function importFiles(options: ImportOptions): Promise<ImportResult> {
  const input = await recogniseInput(options);
  const build = await startBuild(options.db);
  try {
    const result = await runOn(build.database, input, options);
    const isNew = result.files.some(({ status }) => status !== "skipped");
    if (input.isUsable && isNew && !options.isDryRun) await build.commit();
    return result;
  } finally {
    build.discard();
  }
}

/** Reads files again of which records were rejected, and loads those that pass now; a file without such is left out. */
export async function retryFiles(options: ImportOptions): Promise<ImportResult> {
  const input = await recogniseInput(options);
  const build = await startBuild(options.db);
  try {
    const { connection, path } = build.database;
    const viewsHash = hashViews();
    const isCurrent = await checkFormat(connection, path, viewsHash);
    await prepareTables(connection, readSql("meta"), input.datasets.values());
    const loader = createLoader(connection);
    const files: FileReport[] = [];
    for (const retry of await findRetries(connection, input.recognitions)) {
      options.signal?.throwIfAborted();
      files.push(
        await retryFile(connection, retry, { loader, onProgress: options.onProgress ?? (() => {}) }),
      );
    }
    await connection.run(readSql("file_periods"));
    if (!isCurrent) await createViews(connection);
    await recordVersion(connection, viewsHash);
    if (files.length > 0) await build.commit();
    return { files, passedOver: input.passedOver, exitCode: exitCodeOf(files) };
  } finally {
    build.discard();
  }
}

function exitCodeOf(files: readonly FileReport[]): number {
  return files.some(hasTrouble) ? exitCodes.incomplete : exitCodes.ok;
}

/** The same without a database: everything is loaded into one that is thrown away. */
export async function checkFiles(options: Omit<ImportOptions, "db" | "isDryRun">): Promise<ImportResult> {
  const input = await recogniseInput(options);
  const scratch = await openScratch();
  try {
    return await runOn(scratch, input, options);
  } finally {
    scratch.close();
  }
}

type Options = Omit<ImportOptions, "db">;

async function runOn({ connection, path }: Database, input: Input, options: Options): Promise<ImportResult> {
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener("abort", interrupt);
  try {
    const files = await run({ ...options, ...input, connection, path });
    await options.inspect?.(connection);
    options.signal?.throwIfAborted();
    const exitCode = input.isUsable ? exitCodeOf(files) : exitCodes.noInput;
    return { files, passedOver: input.passedOver, exitCode };
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
}

interface Run extends Options, Input {
  readonly connection: DuckDBConnection;
  readonly path: string;
}

async function run(options: Run): Promise<FileReport[]> {
  const { connection, datasets, recognitions, signal } = options;
  const startedAt = new Date();
  const viewsHash = hashViews();
  const isCurrent = await checkFormat(connection, options.path, viewsHash);
  await prepareTables(connection, readSql("meta"), datasets.values());
  const { as, asOf, encoding, dateOrder, timeZone } = options;
  const isAgain = [as, asOf, encoding, dateOrder, timeZone].some((said) => said !== undefined);
  const { fresh, skipped } = isAgain
    ? { fresh: recognitions, skipped: [] }
    : await skipKnown(connection, recognitions);
  if (fresh.length === 0 && isCurrent) return [...skipped];
  const importId = await nextId(connection, "meta.imports", "import_id");
  const firstFile = await nextId(connection, "meta.source_files", "source_file_id");
  const loads = fresh.map((recognition, index) => startLoad(recognition, firstFile + index));
  const loader = createLoader(connection);
  const readable = loads.filter(({ recognition }) => recognition.isReadable);
  for (const [dataset, files] of groupBy(readable, ({ recognition }) => recognition.dataset)) {
    signal?.throwIfAborted();
    if (dataset) await loadDataset(loader, dataset, { files, onProgress: options.onProgress ?? (() => {}) });
  }
  const reports = await finishFiles({ ...options, loads, firstFile, importId });
  await nameTenant({
    connection,
    candidatesSql: readSql("tenant"),
    firstFile,
    importId,
    stated: options.tenant,
  });
  await loadReferences(connection, loader, datasets);
  await connection.run(readSql("file_periods"));
  if (!isCurrent) await createViews(connection);
  await recordImport(connection, { importId, startedAt, asOf: options.asOf, files: loads.length });
  await recordVersion(connection, viewsHash);
  const order = new Map(recognitions.map(({ file }, index) => [file.label, index]));
  return [...reports, ...skipped].toSorted(
    (left, right) => (order.get(left.file) ?? 0) - (order.get(right.file) ?? 0),
  );
}

function startLoad(recognition: Recognition, id: number): FileLoad {
  const tally = createTally(recognition.dataset);
  for (const issue of recognition.issues) tally.issues.add(issue);
  return { id, recognition, tally };
}
