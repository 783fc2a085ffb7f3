import { DamagedBytes } from "../source/damage.ts";
import type { Dataset } from "../schema/dataset.ts";
import { dateEvidence, type DateOrder, type TextReading } from "../normalize/dates.ts";
import { openBytes, type ByteSource } from "../source/decode.ts";
import { normaliseRecord, normaliseRow } from "../normalize/normalize.ts";
import { foldName } from "../schema/header-map.ts";
import type { Issue } from "../issues.ts";
import { parseRows } from "../parse/csv.ts";
import { parseRecord } from "../parse/json.ts";
import type { Recognition } from "../detect/detection.ts";
import type { CsvShape } from "../detect/csv.ts";
import type { ReadRun, Run } from "../parse/batch-read.ts";
import { scanCsv, type CsvBatch } from "../parse/csv-scanner.ts";
import { scanJson } from "../parse/json-scanner.ts";
import type { Tally } from "../batch/file-stats.ts";

/** How the texts of one file are read; what of it had to be assumed or found out goes into the tally. */
export function createReading(recognition: Recognition, dataset: Dataset, tally: Tally): TextReading {
  const { dateOrder: stated, timeZone = "UTC" } = recognition.hints;
  let evidence: Evidence | undefined;
  return {
    timeZone,
    dateOrder() {
      evidence ??= findDateOrder(recognition, dataset);
      const order = evidence.order ?? stated;
      tally.dateOrder = order ?? (evidence.isContradictory ? "contradictory" : "unknown");
      return order;
    },
    onZoneless() {
      tally.zonelessTimes += 1;
      tally.timeZone = timeZone;
    },
  };
}

interface Evidence {
  readonly order: DateOrder | undefined;
  readonly isContradictory: boolean;
}

/** Reads the whole file for dates that show which number is the day; one is enough, two that disagree are none. */
function findDateOrder(recognition: Recognition, dataset: Dataset): Evidence {
  const shown = new Set<DateOrder>();
  const dateOrder = (text: string): undefined => {
    const order = dateEvidence(text);
    if (order) shown.add(order);
  };
  const source = openBytes(recognition.file);
  const reading = { timeZone: "UTC", dateOrder, onZoneless: () => {} };
  try {
    if (recognition.csv) sweepRows(source, recognition.csv, reading);
    else sweepObjects(source, dataset, reading);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
  } finally {
    source.close();
  }
  return { order: shown.size === 1 ? [...shown][0] : undefined, isContradictory: shown.size > 1 };
}

function sweepRows(source: ByteSource, csv: CsvShape, reading: TextReading): void {
  for (const piece of rowsOf(source, csv))
    if (piece.kind === "row" && Array.isArray(piece.row))
      normaliseRow(csv.columns, piece.row as readonly string[], reading);
}

function sweepObjects(source: ByteSource, dataset: Dataset, reading: TextReading): void {
  for (const piece of scanJson(source)) {
    const parsed = piece.kind === "record" ? parseRecord(piece) : undefined;
    if (parsed && "value" in parsed) normaliseRecord(dataset, parsed.value, reading);
  }
}

/** Files that were joined have their header again in the middle. */
function isHeader(row: readonly string[] | Issue, header: readonly string[]): boolean {
  if ("code" in row || row.length !== header.length || !row[0]?.endsWith(header[0] ?? "")) return false;
  return row.every((name, index) => foldName(name) === foldName(header[index] ?? ""));
}

/** A row by itself, where it lies, and how it ends. */
interface RowPiece {
  readonly kind: "row";
  readonly row: Exclude<ReturnType<typeof parseRows>[number], undefined>;
  readonly offset: number;
  readonly length: number;
  readonly isUnended: boolean;
  readonly isOpen: boolean;
}

/** The rows of a CSV file behind its header, blank lines left out, and those that were read on the spot. */
export function* rowsOf(
  source: ByteSource,
  { delimiter, headRows, header }: CsvShape,
  readRun: ReadRun = () => 0,
): Generator<RowPiece | Run> {
  let skipped = 0;
  for (const piece of scanCsv(source, delimiter, { readRun, headRows })) {
    if (piece.kind === "run") {
      yield piece;
      continue;
    }
    const head = Math.min(headRows - skipped, piece.bounds.length);
    skipped += head;
    if (head < piece.bounds.length)
      yield* parsedRows({ ...piece, bounds: piece.bounds.slice(head) }, delimiter, header);
  }
}

function* parsedRows(batch: CsvBatch, delimiter: string, header: readonly string[]): Generator<RowPiece> {
  for (const [index, row] of parseRows(batch, delimiter).entries()) {
    if (row === undefined || isHeader(row, header)) continue;
    const { start = 0, end = 0, isOpen = false } = batch.bounds[index] ?? {};
    const isUnended = batch.isUnended && index === batch.bounds.length - 1;
    yield { kind: "row", row, offset: batch.offset + start, length: end - start, isUnended, isOpen };
  }
}
