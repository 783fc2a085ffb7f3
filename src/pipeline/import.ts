import { tmpdir } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";
import { refuseEarly, withBuild, type Build } from "../database/build.ts";
import { existingPath, type Database } from "../database/open.ts";
import { toEngineError } from "../database/errors.ts";
import { type CliError, exitCodes } from "../errors.ts";
import { hasTrouble, type FileReport } from "../ledger/record-files.ts";
import { checkAsOf } from "../ledger/dates.ts";
import { finishFiles } from "../ledger/finish.ts";
import type { InputFile } from "../source/discover.ts";
import { groupBy } from "../group-by.ts";
import { finishViews } from "../transform/build.ts";
import { type Earlier, mendEarlier } from "../ledger/earlier.ts";
import { findMaker, isOfOther, type Maker, toBuildError } from "../ledger/format.ts";
import { hasDatasets, nextId, prepareTables, recordImport } from "../ledger/ledger.ts";
import { recogniseInput, type Input, type InputOptions } from "../detect/input.ts";
import { createLoader } from "../load/loader.ts";
import { loadDataset, startTally, type FileLoad, type Progress } from "../load/loader.ts";
import { withMemory } from "../database/memory.ts";
import type { Recognition } from "../detect/detection.ts";
import { nameUnused, recordHashes } from "../ledger/record-files.ts";
import { checkComplete, judgeImport } from "./judge.ts";
import { findRetries, retryFile } from "./retry.ts";
import { openScratch } from "../database/scratch-database.ts";
import { skipKnown } from "../ledger/known-files.ts";
import { compareTenants } from "../ledger/same-tenant.ts";
import { nameTenant } from "../ledger/tenant.ts";
import {
  type ForeignChanges,
  findDroppedMacros,
  findForeignChanges,
  maybeLostError,
  toForeignError,
} from "../transform/foreign-changes.ts";
import { hashViews, readSql } from "../transform/models.ts";

export interface ImportOptions extends InputOptions {
  readonly db: string;
  /** The day (YYYY-MM-DD) of state files that do not say theirs. */
  readonly asOf?: string | undefined;
  /** When the import begins; now where nothing is said. */
  readonly startedAt?: Date;
  /** What the tenant is called, where no export says it. */
  readonly tenant?: string | undefined;
  /** The files are of the tenant of the database, whatever they say. */
  readonly isSameTenant?: boolean | undefined;
  /** Datasets of which the user says that their exports are whole. */
  readonly complete?: readonly string[] | undefined;
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
  /** Files of earlier imports that what came now makes suspected partial. */
  readonly suspected?: readonly FileReport[];
  /** Files of scanned folders that are no data files. */
  readonly passedOver: readonly string[];
  readonly exitCode: number;
  /** Why an import of these files would be refused as a whole; only where that is asked (`checkFiles`). */
  readonly refusal?: CliError | undefined;
  /** What was found in the database, where a build of an earlier format made it. */
  readonly earlier?: Earlier | undefined;
}

/** Takes exports into the database: all good records of all files, or nothing when it throws. */
export async function importFiles(options: ImportOptions): Promise<ImportResult> {
  await refuseEarly(options.db, lookAtMaker);
  const input = await recogniseInput({ ...options, isUnhashed: options.isDryRun });
  checkAsOf(options.asOf, filesOf(input));
  const work = async (build: Build): Promise<ImportResult> => {
    const { result, isChanged, loads } = await runOn(build.database, input, options);
    if (result.exitCode === exitCodes.noInput || !isChanged || options.isDryRun) return result;
    const { connection } = build.database;
    await interruptibly(connection, options.signal, async () =>
      recordHashes(connection, loads, options.signal),
    );
    await build.commit();
    return result;
  };
  return await withBuild(options.db, work, options.signal);
}

/** Reads files again of which records were rejected, and loads those that pass now; a file without such is left out. */
export async function retryFiles(options: ImportOptions): Promise<ImportResult> {
  await refuseEarly(existingPath(options.db), lookAtMaker);
  const input = await recogniseInput(options);
  const work = async (build: Build): Promise<ImportResult> => {
    const { connection } = build.database;
    const files = await interruptibly(
      connection,
      options.signal,
      async () => await retryAll(build, input, options),
    );
    if (files.length > 0) await build.commit();
    return { files, passedOver: input.passedOver, exitCode: exitCodeOf(files) };
  };
  return await withBuild(existingPath(options.db), work, options.signal);
}

/** What is done with a database that another build made, or another program changed, may fail for what is not in it. */
export async function withMaker<Result>(
  { connection, connect, path }: Pick<Database, "connection" | "connect" | "path">,
  work: (maker: Maker, viewsHash: string) => Promise<Result>,
): Promise<Result> {
  const viewsHash = hashViews();
  const { maker, changes } = await findHands(connection, path, viewsHash);
  try {
    return await work(maker, viewsHash);
  } catch (error) {
    throw isOfOther(maker)
      ? toBuildError(error, path, "write")
      : await toForeignError(error, { path, connect, act: "write", known: changes });
  }
}

/** Throws exit 4 for a database into which nothing can be imported, whatever the files are. */
async function lookAtMaker({ connection, path }: Database): Promise<void> {
  await findHands(connection, path, hashViews());
}

interface Hands {
  readonly maker: Maker;
  readonly changes: ForeignChanges;
}

/** Who made a database, and what another program has changed in it. Throws exit 4 where that has dropped what was imported. */
async function findHands(connection: DuckDBConnection, path: string, viewsHash: string): Promise<Hands> {
  const maker = await findMaker(connection, path, viewsHash);
  if (maker !== "this build") return { maker, changes: { remade: [], lost: [] } };
  const found = await findForeignChanges(connection);
  const changes = { ...found, remade: [...found.remade, ...(await findDroppedMacros(connection))] };
  const lost = maybeLostError(path, changes);
  if (lost !== undefined) throw lost;
  return { maker: changes.remade.length > 0 ? "this build and others" : maker, changes };
}

async function retryAll({ database }: Build, input: Input, options: Options): Promise<FileReport[]> {
  return await withMaker(
    database,
    async (maker, viewsHash) => await retryIn(database, input, { ...options, maker, viewsHash }),
  );
}

async function retryIn(
  { connection }: Database,
  input: Input,
  { viewsHash, ...options }: Options & Known,
): Promise<FileReport[]> {
  const isCurrent = options.maker === "this build";
  const isReady = isCurrent && (await hasDatasets(connection, input.datasets));
  if (!isReady) await prepareTables(connection, readSql("ledger/meta"), input.datasets.values());
  const loader = createLoader(connection);
  const onProgress = options.onProgress ?? ((): void => {});
  const files: FileReport[] = [];
  for (const retry of await findRetries(connection, input, options.signal)) {
    options.signal?.throwIfAborted();
    files.push(await retryFile(connection, retry, { loader, onProgress }));
  }
  await finishViews({ connection, loader, datasets: input.datasets, isCurrent, isReady, viewsHash });
  return files;
}

/** Runs what a signal may end at any moment, DuckDB's statements included. */
export async function interruptibly<Result>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    const result = await work();
    signal?.throwIfAborted();
    return result;
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

function filesOf({ recognitions }: Input): InputFile[] {
  return recognitions.map(({ file }) => file);
}

function exitCodeOf(files: readonly FileReport[]): number {
  return files.some(hasTrouble) ? exitCodes.incomplete : exitCodes.ok;
}

/** Whether nothing of a file was taken because it and another are exports of two times. */
function isOfTwo({ issues }: FileReport): boolean {
  return issues.some(({ code }) => code === "two_exports");
}

/** The same without a database: everything is loaded into one that is thrown away. */
export async function checkFiles(options: Omit<ImportOptions, "db" | "isDryRun">): Promise<ImportResult> {
  const input = await recogniseInput({ ...options, isUnhashed: true });
  checkAsOf(options.asOf, filesOf(input));
  return await withMemory(async (isSmall) => {
    const scratch = await openScratch(isSmall);
    try {
      const { result } = await runOn(scratch, input, { ...options, isCheck: true });
      return result;
    } catch (error) {
      throw toEngineError(error, tmpdir(), [scratch.folder]);
    } finally {
      scratch.close();
    }
  });
}

/** What rules of earlier builds let in is put right before anything is compared with it. */
async function mend(connection: DuckDBConnection, { datasets }: Input): Promise<Earlier> {
  await prepareTables(connection, readSql("ledger/meta"), datasets.values());
  return await mendEarlier(connection, datasets, readSql("ledger/tenant"));
}

interface Options extends Omit<ImportOptions, "db"> {
  /** A refusal is told, not thrown. */
  readonly isCheck?: boolean;
}

interface Outcome {
  readonly result: ImportResult;
  /** There are new files, or views of another version. */
  readonly isChanged: boolean;
  /** The new files. */
  readonly loads: readonly FileLoad[];
}

async function runOn(
  { connection, connect, path }: Database,
  input: Input,
  options: Options,
): Promise<Outcome> {
  const { files, suspected, refusal, earlier, ...outcome } = await interruptibly(
    connection,
    options.signal,
    async () => {
      const done = await withMaker({ connection, connect, path }, async (maker, viewsHash) => {
        const found = maker === "an earlier build" ? await mend(connection, input) : undefined;
        const ran = await run({ ...options, ...input, connection, path, maker, viewsHash });
        return { ...ran, earlier: found };
      });
      await options.inspect?.(connection);
      return done;
    },
  );
  const isUsable = input.isUsable && !files.every(isOfTwo);
  const exitCode = isUsable ? (refusal?.exitCode ?? exitCodeOf([...files, ...suspected])) : exitCodes.noInput;
  const { passedOver } = input;
  return { ...outcome, result: { files, suspected, passedOver, exitCode, refusal, earlier } };
}

/** What is known of a database before anything is done in it. */
interface Known {
  readonly maker: Maker;
  readonly viewsHash: string;
}

interface Run extends Options, Input, Known {
  readonly connection: DuckDBConnection;
  readonly path: string;
}

type Done = Omit<Outcome, "result"> &
  Pick<ImportResult, "files" | "refusal"> &
  Required<Pick<ImportResult, "suspected">>;

async function run(options: Run): Promise<Done> {
  const { connection, datasets, recognitions, viewsHash, startedAt = new Date() } = options;
  checkComplete(datasets, recognitions, options.complete);
  const isCurrent = options.maker === "this build";
  const isReady = isCurrent && (await hasDatasets(connection, datasets));
  if (!isReady) await prepareTables(connection, readSql("ledger/meta"), datasets.values());
  const isAgain = options.as !== undefined || options.asOf !== undefined;
  const { fresh, skipped, isChanged } = isAgain
    ? { fresh: recognitions, skipped: [], isChanged: false }
    : await skipKnown(connection, recognitions, options);
  const loader = createLoader(connection);
  const { complete } = options;
  const name = async (reports: readonly FileReport[], ids: readonly { readonly id: number }[]) =>
    await nameUnused(connection, reports, {
      ids: ids.map(({ id }) => id),
      sql: readSql("ledger/unused_files"),
    });
  if (fresh.length === 0) {
    const told = await judgeImport(connection, { datasets, complete, fresh: [], known: skipped });
    const isOther = isChanged || told.isChanged || !isCurrent;
    if (isOther) await finishViews({ connection, loader, datasets, isCurrent, isReady, viewsHash });
    const files = await name(told.known, skipped);
    return { files, suspected: told.suspected, isChanged: isOther, loads: [] };
  }
  const importId = await nextId(connection, "meta.imports", "import_id");
  const firstFile = await nextId(connection, "meta.source_files", "source_file_id");
  const loads = fresh.map((recognition, index) => startLoad(recognition, firstFile + index));
  const readable = await loadFiles(loader, loads, options);
  const candidatesSql = readSql("ledger/tenant");
  const kept = readable.filter(({ tally }) => !options.isStrict || tally.rejected === 0);
  const refusal = await compareTenants({ ...options, loads: kept, firstFile, candidatesSql });
  if (refusal && !options.isCheck) throw refusal;
  const reports = await finishFiles({ ...options, startedAt, loads, firstFile, importId });
  const news = reports.map((report, index) => ({ id: firstFile + index, report }));
  const told = await judgeImport(connection, { datasets, complete, fresh: news, known: skipped, firstFile });
  await nameTenant({ connection, candidatesSql, firstFile, importId, stated: options.tenant });
  await recordImport(connection, { ...options, importId, startedAt, files: loads.length });
  await finishViews({ connection, loader, datasets, isCurrent, isReady, viewsHash });
  const files = inOrder(
    [...(await name(told.fresh, loads)), ...(await name(told.known, skipped))],
    recognitions,
  );
  return { files, suspected: told.suspected, refusal, isChanged: true, loads };
}

/** Reports in the order in which the files were found. */
function inOrder(files: readonly FileReport[], recognitions: readonly Recognition[]): FileReport[] {
  const order = new Map(recognitions.map(({ file }, index) => [file.label, index]));
  return files.toSorted((left, right) => (order.get(left.file) ?? 0) - (order.get(right.file) ?? 0));
}

/** Loads what is readable, dataset by dataset. */
async function loadFiles(
  loader: ReturnType<typeof createLoader>,
  loads: readonly FileLoad[],
  { signal, onProgress = (): void => {} }: Pick<Run, "signal" | "onProgress">,
): Promise<FileLoad[]> {
  const readable = loads.filter(({ recognition }) => recognition.isReadable);
  for (const [dataset, files] of groupBy(readable, ({ recognition }) => recognition.dataset)) {
    signal?.throwIfAborted();
    if (dataset) await loadDataset(loader, dataset, { files, onProgress });
  }
  return readable;
}

function startLoad(recognition: Recognition, id: number): FileLoad {
  return { id, recognition, tally: startTally(recognition) };
}
