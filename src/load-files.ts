import type { Dataset } from "./dataset.ts";
import type { Loader, Packet } from "./load.ts";
import { packetRecords } from "./load.ts";
import type { Recognition } from "./recognise.ts";
import { createProver, type Prover, type ProvenRecord } from "./prove.ts";
import { proveRecords } from "./records.ts";
import { createTally, reject, type Tally } from "./tally.ts";

/** A recognised file that is being loaded, and what was met in it. */
export interface FileLoad {
  readonly id: number;
  readonly recognition: Recognition;
  tally: Tally;
}

/** An empty tally that knows what recognition found. */
export function startTally(recognition: Recognition): Tally {
  const tally = createTally(recognition.dataset);
  for (const issue of recognition.issues) tally.issues.add(issue);
  return tally;
}

export type Progress = (file: FileLoad, bytesRead: number) => void;

const packetBytes = 1 << 20;

interface DatasetFiles {
  readonly files: readonly FileLoad[];
  readonly onProgress: Progress;
}

/**
 * Loads all files of one dataset by one statement. Should DuckDB refuse a record that was proven, which it never
 * ought to, everything is read again in ever smaller packets until just that record is left out.
 */
export async function loadDataset(
  loader: Loader,
  dataset: Dataset,
  { files, onProgress }: DatasetFiles,
): Promise<void> {
  const prover = createProver(dataset);
  try {
    await loader.load(dataset, packetsOf(files, prover, onProgress));
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

function* packetsOf(
  files: readonly FileLoad[],
  prover: Prover,
  onProgress: Progress,
): Generator<Packet, void> {
  for (const file of files)
    for (const batch of batchesOf(file, prover, onProgress)) yield encode(file, batch);
}

function encode({ id }: FileLoad, batch: readonly ProvenRecord[]): Packet {
  return batch.map(({ text, place }) =>
    Buffer.from(`{"source_file_id":${id},"record_number":${place.record},${text}`),
  );
}

/** The good records in packets, which are empty where a long stretch has none. */
function* batchesOf(file: FileLoad, prover: Prover, onProgress: Progress): Generator<ProvenRecord[], void> {
  let batch: ProvenRecord[] = [];
  let bytes = 0;
  for (const record of proveRecords(file.recognition, prover, file.tally)) {
    if (record) {
      batch.push(record);
      bytes += record.text.length;
      if (batch.length < packetRecords && bytes < packetBytes) continue;
      onProgress(file, record.place.offset);
    }
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

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
    packetsOf([file], createProver(dataset), () => {}),
    "reference",
  );
}
