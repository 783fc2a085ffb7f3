import type { DuckDBConnection } from "@duckdb/node-api";
import { expandArchives } from "./archive.ts";
import { startBuild } from "./build.ts";
import type { DateOrder } from "./date-texts.ts";
import { findDataset, loadDatasets, type Dataset } from "./dataset.ts";
import { openScratch, type Database } from "./database.ts";
import { discoverFiles } from "./discover.ts";
import { CliError, exitCodes } from "./errors.ts";
import { hasTrouble, type FileReport } from "./file-report.ts";
import { finishFiles } from "./finish.ts";
import { groupBy } from "./group.ts";
import { checkFormat, nextId, prepareTables, recordImport, recordVersion } from "./ledger.ts";
import { createLoader } from "./load.ts";
import { loadDataset, type FileLoad, type Progress } from "./load-files.ts";
import { recogniseFile, type Recognition } from "./recognise.ts";
import { loadReferences } from "./reference.ts";
import { skipKnown } from "./skip.ts";
import { createTally } from "./tally.ts";
import { nameTenant } from "./tenant.ts";
import { createViews, hashViews, readSql } from "./views.ts";

export interface ImportOptions {
  readonly paths: readonly string[];
  readonly db: string;
  readonly as?: string | undefined;
  /** The day (YYYY-MM-DD) of state files that do not say theirs. */
  readonly asOf?: string | undefined;
  /** The encoding of files that are not UTF-8 and have no byte order mark, as TextDecoder names it. */
  readonly encoding?: string | undefined;
  /** Which number of a date with slashes is the day, where the files do not show it. */
  readonly dateOrder?: DateOrder | undefined;
  /** The zone of times that have none, an IANA name; UTC when left out. */
  readonly timeZone?: string | undefined;
  readonly tenant?: string | undefined;
  readonly schemas?: readonly string[] | undefined;
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

interface Input {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly recognitions: readonly Recognition[];
  readonly passedOver: readonly string[];
  /** Whether there is anything at all to import: records, or an error answer as evidence. */
  readonly isUsable: boolean;
}

type Options = Omit<ImportOptions, "db">;

async function recogniseInput(options: Options): Promise<Input> {
  const { paths, schemas, as, encoding, dateOrder, timeZone } = options;
  const datasets = loadDatasets(schemas);
  const { files, passedOver } = discoverFiles(paths);
  if (files.length === 0)
    throw noInput(
      `there is no data file (.json, .ndjson, .jsonl, .csv, also as .gz or .zip) in ${paths.join(", ")}`,
    );
  const hints = { as: as === undefined ? undefined : findDataset(datasets, as), dateOrder, timeZone };
  const expanded = await expandArchives(files);
  const recognitions = expanded.flatMap((file) => recogniseFile({ ...file, encoding }, datasets, hints));
  const isUsable = recognitions.some(({ isReadable, wrapper }) => isReadable || wrapper === "error");
  return { datasets, recognitions, passedOver, isUsable };
}

async function runOn({ connection, path }: Database, input: Input, options: Options): Promise<ImportResult> {
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener("abort", interrupt);
  try {
    const files = await run({ ...options, ...input, connection, path });
    await options.inspect?.(connection);
    options.signal?.throwIfAborted();
    const trouble = files.some(hasTrouble) ? exitCodes.incomplete : exitCodes.ok;
    return { files, passedOver: input.passedOver, exitCode: input.isUsable ? trouble : exitCodes.noInput };
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
}

function noInput(message: string): CliError {
  return new CliError(message, { exitCode: exitCodes.noInput });
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
