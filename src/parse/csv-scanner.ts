import type { ByteSource } from "../source/decode.ts";
import { maybeRun, type ReadRun, type Run, type ScanWindow } from "./batch-read.ts";
import { createWindow, extend, releaseWindow, type ByteWindow } from "../source/buffer.ts";

/** The bytes of some whole CSV records (good only until the next batch is asked for) and where each of them lies. */
export interface CsvBatch {
  readonly kind: "batch";
  readonly bytes: Buffer;
  readonly offset: number;
  /** Start, end without the line end, and next start of each record, counted from the batch's first byte. */
  readonly bounds: readonly Bound[];
  /** The file ends inside this batch and without a line end. */
  readonly isUnended: boolean;
}

interface Bound {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  /** The line does not end within the most that a record may have; the rest of it is passed over. */
  readonly isTooLarge?: boolean;
  /** A quote that opens in it is still open where the file ends. */
  readonly isOpen?: boolean;
}

/** The most bytes of one CSV record: an unclosed quote ends here, and costs the line that it is in. */
export const maxRowBytes = 1 << 20;
const maxBatchRows = 1024;
const maxBatchBytes = 1 << 18;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** How rows are read on the spot, and behind how many of them at the start of the file. */
interface Spot {
  readonly readRun: ReadRun;
  readonly headRows: number;
}

/**
 * Finds the records of a CSV file in batches, between those that are read on the spot; a line end inside a quoted field
 * does not end a record.
 */
export function* scanCsv(
  source: ByteSource,
  delimiter: string,
  spot?: Spot,
): Generator<CsvBatch | Run, void> {
  const window: ScanWindow = {
    ...createWindow(source),
    readRun: spot?.readRun ?? (() => 0),
    isDrained: false,
  };
  try {
    yield* scanRows(window, delimiter.charCodeAt(0), spot);
  } finally {
    releaseWindow(window);
  }
}

function* scanRows(
  window: ScanWindow,
  separator: number,
  spot: Spot | undefined,
): Generator<CsvBatch | Run, void> {
  let head = spot?.headRows ?? 0;
  // Doubt comes seldom, or row by row: then the more rows at once, the cheaper.
  let doubtful = 1;
  let isMore = extend(window);
  for (;;) {
    const run = spot && head === 0 ? maybeRun(window, "lines") : undefined;
    if (run) {
      doubtful = 1;
      yield run;
      continue;
    }
    const most = spot ? head || doubtful : maxBatchRows;
    const batch = takeBatch(window, { separator, isEnd: !isMore, most });
    const last = batch.bounds.at(-1);
    if (last !== undefined) {
      doubtful = Math.min(doubtful * 2, maxBatchRows);
      head -= Math.min(head, batch.bounds.length);
      yield batch;
      window.start += last.next;
      if (last.isTooLarge && batch.bytes[last.next - 1] !== lineFeed) isMore = skipLine(window);
    } else if (isMore) isMore = extend(window);
    else return;
  }
}

/** Moves behind the next line end, holding no more than a block; false at the end of the file. */
function skipLine(window: ByteWindow): boolean {
  for (;;) {
    const at = window.bytes.subarray(0, window.end).indexOf(lineFeed, window.start);
    window.start = at < 0 ? window.end : at + 1;
    if (at >= 0) return true;
    if (!extend(window)) return false;
  }
}

interface Wanted {
  readonly separator: number;
  readonly isEnd: boolean;
  readonly most: number;
}

function takeBatch(window: ByteWindow, { separator, isEnd, most }: Wanted): CsvBatch {
  const bytes = window.bytes.subarray(window.start, window.end);
  const bounds: Bound[] = [];
  let start = 0;
  let isUnended = false;
  while (start < bytes.length && bounds.length < most && start < maxBatchBytes) {
    // Wherever the bytes in sight end: a record of more than the most ends with its line, or has no end at all.
    const isLong = (end: number): boolean => (end < 0 ? bytes.length : end) - start > maxRowBytes;
    let next = findRowEnd(bytes, start, separator);
    const isOpen = next < 0 && isEnd && !isLong(next);
    if (isLong(next) || isOpen) next = bytes.indexOf(lineFeed, start) + 1 || -1;
    if (isLong(next)) {
      const behind = next < 0 ? bytes.length : next;
      bounds.push({ start, end: start + maxRowBytes, next: behind, isTooLarge: true });
      if (next < 0) break;
      start = next;
      continue;
    }
    if (next < 0 && !isEnd) break;
    isUnended = next < 0;
    if (next < 0) next = bytes.length;
    const end = lineEndBefore(bytes, start, next);
    bounds.push(isOpen && !isUnended ? { start, end, next, isOpen } : { start, end, next });
    start = next;
  }
  return { kind: "batch", bytes, offset: window.offset + window.start, bounds, isUnended };
}

/** The index behind the line feed that ends the record at `from`; −1 when there is none. */
function findRowEnd(bytes: Buffer, from: number, separator: number): number {
  const lineEnd = bytes.indexOf(lineFeed, from);
  const firstQuote = bytes.subarray(0, lineEnd < 0 ? bytes.length : lineEnd).indexOf(quote, from);
  if (firstQuote < 0) return lineEnd < 0 ? -1 : lineEnd + 1;
  let isFieldStart = true;
  for (let index = from; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote && isFieldStart) {
      index = findClosingQuote(bytes, index + 1);
      if (index < 0) return -1;
      isFieldStart = false;
    } else if (byte === lineFeed) return index + 1;
    else isFieldStart = byte === separator;
  }
  return -1;
}

function findClosingQuote(bytes: Buffer, from: number): number {
  let index = bytes.indexOf(quote, from);
  while (index >= 0 && bytes[index + 1] === quote) index = bytes.indexOf(quote, index + 2);
  return index;
}

function lineEndBefore(bytes: Buffer, start: number, next: number): number {
  let end = next;
  if (end > start && bytes[end - 1] === lineFeed) end -= 1;
  if (end > start && bytes[end - 1] === carriageReturn) end -= 1;
  return end;
}
