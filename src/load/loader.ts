import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBTableFunction,
  type DuckDBType,
  INTEGER,
  LIST,
  STRUCT,
  TIMESTAMP,
  UUID,
  VARCHAR,
} from "@duckdb/node-api";
import {
  type Packet,
  type PacketWriter,
  createPacketWriter,
  isFull,
  takePacket,
  writeRecord,
} from "../batch/byte-writer.ts";
import { type Tally, createTally, reject } from "../batch/file-stats.ts";
import {
  type SheetColumn,
  type SheetWriter,
  isFullSheet,
  runBytes,
  takeSheet,
} from "../batch/record-batch.ts";
import { collectGarbage } from "../database/memory.ts";
import type { Recognition } from "../detect/detection.ts";
import { type ProvenRecord, type Prover, createProver } from "../read/generic-reader.ts";
import { proveRecords } from "../read/reader.ts";
import type { Dataset } from "../schema/dataset.ts";
import { quoteName, quoteText, recordStructure } from "../schema/ddl.ts";
import { type Feed, type Load, createFeed, findHead, isSheet, nextLoad } from "./batch-queue.ts";
import { fillChunk } from "./duckdb-vectors.ts";

/** A recognised file that is being loaded, and what was met in it. */
export interface FileLoad {
  readonly id: number;
  readonly recognition: Recognition;
  tally: Tally;
  /** Nothing of it is taken. */
  isRefused?: boolean;
}

/** An empty tally that knows what recognition found. */
export function startTally(recognition: Recognition): Tally {
  const tally = createTally(recognition.dataset);
  for (const issue of recognition.issues) tally.issues.add(issue);
  return tally;
}

export type Progress = (file: FileLoad, bytesRead: number) => void;

interface DatasetFiles {
  readonly files: readonly FileLoad[];
  readonly onProgress: Progress;
}

/**
 * Loads all files of one dataset in one transaction. Should DuckDB refuse a record that was proven, which it never
 * ought to, everything is read again in ever smaller packets until just that record is left out.
 */
export async function loadDataset(
  loader: Loader,
  dataset: Dataset,
  { files, onProgress }: DatasetFiles,
): Promise<void> {
  const prover = createProver(dataset);
  try {
    await loader.load(dataset, packetsOf(prover, { files, onProgress }));
  } catch (error) {
    if (!isEngineRefusal(error)) throw error;
    for (const file of files) {
      file.tally = startTally(file.recognition);
      for (const batch of batchesOf(file, prover, onProgress))
        await loadBisected(loader, dataset, { file, batch });
    }
  }
}

/** DuckDB's words for a value that it cannot convert; anything else (disk, memory, interrupt) is no refusal. */
function isEngineRefusal(error: unknown): boolean {
  return error instanceof Error && /^(Invalid Input|Conversion) Error/.test(error.message);
}

/**
 * The good records of files in packets, which are empty where a long stretch has none, and the plain ones in sheets;
 * undefined is a pause.
 */
export function* packetsOf(
  prover: Prover,
  { files, onProgress }: DatasetFiles,
): Generator<Load | undefined, void> {
  const writer = createPacketWriter();
  const sheets: SheetWriter = {};
  for (const file of files) {
    let pauseAt = runBytes;
    const target = file.recognition.hints.isSlow ? undefined : { sheets, fileId: file.id };
    for (const proven of proveRecords(file.recognition, prover, { tally: file.tally, target })) {
      if (proven && "text" in proven) write(writer, file, proven);
      const isSheetFull = sheets.sheet !== undefined && isFullSheet(sheets.sheet);
      if (proven && !isFull(writer) && !isSheetFull) {
        if (proven.place.offset < pauseAt) continue;
        pauseAt = proven.place.offset + runBytes;
        yield;
        continue;
      }
      if (proven) onProgress(file, proven.place.offset);
      if (isSheetFull) yield* takeSheet(sheets);
      else yield takePacket(writer);
    }
    yield* takeSheet(sheets);
  }
  if (writer.ends.length > 0) yield takePacket(writer);
}

function write(writer: PacketWriter, { id }: FileLoad, { text, place }: ProvenRecord): void {
  writeRecord(writer, `{"source_file_id":${id},"record_number":${place.record},`, text);
}

/** The records of a file in batches, all by the slow path, so that each of them can be loaded by itself. */
function* batchesOf(file: FileLoad, prover: Prover, onProgress: Progress): Generator<ProvenRecord[], void> {
  let batch: ProvenRecord[] = [];
  for (const record of proveRecords(file.recognition, prover, { tally: file.tally })) {
    if (record && "text" in record) batch.push(record);
    if (batch.length < bisectedRecords) continue;
    if (record) onProgress(file, record.place.offset);
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function encode(file: FileLoad, batch: readonly ProvenRecord[]): Packet {
  const writer = createPacketWriter();
  for (const record of batch) write(writer, file, record);
  return takePacket(writer);
}

const bisectedRecords = 512;

interface Part {
  readonly file: FileLoad;
  readonly batch: readonly ProvenRecord[];
}

async function loadBisected(loader: Loader, dataset: Dataset, { file, batch }: Part): Promise<void> {
  if (batch.length === 0) return;
  try {
    await loader.load(dataset, [encode(file, batch)]);
  } catch (error) {
    if (!isEngineRefusal(error)) throw error;
    const [first] = batch;
    if (batch.length === 1 && first) {
      reject(file.tally, { code: "engine_refused" }, first.place);
      return;
    }
    const middle = batch.length >> 1;
    for (const half of [batch.slice(0, middle), batch.slice(middle)])
      await loadBisected(loader, dataset, { file, batch: half });
  }
}

/** Loads a list that ships with the tool into its table in `reference`, in place of what an earlier version put there. */
export async function loadReference(
  loader: Loader,
  recognition: Recognition,
  dataset: Dataset,
): Promise<void> {
  const file: FileLoad = { id: 0, recognition, tally: createTally(dataset) };
  await loader.load(
    dataset,
    packetsOf(createProver(dataset), { files: [file], onProgress: () => {} }),
    "reference",
  );
}

export interface Loader {
  /** Inserts into `schema.<dataset>` all that comes, or nothing when it throws. Returns the rows inserted. */
  readonly load: (
    dataset: Dataset,
    loads: Iterable<Load | undefined>,
    schema?: "raw" | "reference",
  ) => Promise<number>;
}

/** The types of what the engine gets. */
const types = {
  day: DATE,
  truth: BOOLEAN,
  integer: BIGINT,
  real: DOUBLE,
  time: TIMESTAMP,
  uuid: UUID,
  text: VARCHAR,
} as const;

function typeOf({ kind, children }: SheetColumn): DuckDBType {
  if (kind === "list") return LIST(children[0] ? typeOf(children[0]) : VARCHAR);
  if (kind !== "object") return types[kind];
  return STRUCT(Object.fromEntries(children.map((child) => [child.name, typeOf(child)])));
}

/** Registers the table functions through which records enter DuckDB; one loader serves one connection. */
export function createLoader(connection: DuckDBConnection): Loader {
  const current: { feed?: Feed } = {};
  register(connection, current, "proven_records");
  register(connection, current, "proven_rows");
  return {
    async load(dataset, loads, schema = "raw") {
      const feed = createFeed(loads);
      current.feed = feed;
      try {
        return await insertAll(connection, feed, { dataset, schema });
      } catch (error) {
        throw feed.failure ?? error;
      } finally {
        feed.isDone = true;
        feed.loads.return?.();
        delete current.feed;
      }
    },
  };
}

/** A table function that serves the feed of the moment: records as JSON, or rows with the columns of its head. */
function register(connection: DuckDBConnection, current: { feed?: Feed }, name: string): void {
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name,
      bindFunction: (info) => {
        const head = current.feed?.head;
        if (head === undefined || !isSheet(head)) {
          info.addResultColumn("record", VARCHAR);
          return;
        }
        info.addResultColumn("source_file_id", INTEGER);
        info.addResultColumn("record_number", BIGINT);
        for (const column of head.columns) info.addResultColumn(column.name, typeOf(column));
      },
      initFunction: () => {},
      mainFunction: (info, chunk) => {
        const { feed } = current;
        try {
          fillChunk(chunk, feed && nextLoad(feed));
        } catch (error) {
          if (feed) feed.failure = error;
          info.setError("reading the records failed");
        }
      },
    }),
  );
}

interface Target {
  readonly dataset: Dataset;
  readonly schema: string;
}

/** By as many statements as there are changes between records and rows, and large records, in one transaction. */
async function insertAll(connection: DuckDBConnection, feed: Feed, target: Target): Promise<number> {
  let rows = 0;
  await connection.run("begin");
  try {
    for (let head = await findHead(feed); head; head = await findHead(feed)) {
      const sql = isSheet(head) ? "from proven_rows()" : recordsSql(target.dataset);
      const into = `insert into ${target.schema}.${quoteName(target.dataset.name)} by name ${sql}`;
      rows += (await connection.run(into)).rowsChanged;
      if (feed.isLarge) collectGarbage();
    }
    await connection.run("commit");
    return rows;
  } catch (error) {
    // After a commit that failed there is nothing to roll back; what counts is why it failed.
    await connection.run("rollback").catch(() => {});
    throw error;
  }
}

function recordsSql(dataset: Dataset): string {
  return `select unnest(from_json_strict(record, ${quoteText(recordStructure(dataset))})) from proven_records()`;
}
