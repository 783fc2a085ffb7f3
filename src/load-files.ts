import type { Dataset } from "./dataset.ts";
import { isFullSheet, runBytes, takeSheet, type SheetWriter } from "./fast/sheet.ts";
import type { Load } from "./feed.ts";
import type { Loader } from "./load.ts";
import {
  createPacketWriter,
  isFull,
  takePacket,
  writeRecord,
  type Packet,
  type PacketWriter,
} from "./packet.ts";
import type { Recognition } from "./recognise.ts";
import { createProver, type Prover, type ProvenRecord } from "./prove.ts";
import { proveRecords } from "./records.ts";
import { createTally, reject, type Tally } from "./tally.ts";

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
