import { isUtf8 } from "node:buffer";
import type { CsvShape } from "../recognise-csv.ts";
import type { CsvBatch } from "../scan-csv.ts";
import type { PropertyCount } from "../tally.ts";
import { maybeRowState, type FastColumn, type RowReaderOptions, type RowState } from "./row-plan.ts";
import { isFullSheet, runBytes, startSheets, type Sheet } from "./sheet.ts";
import { dropRow, keepRow, setValid, writeHalves } from "./sheet-rows.ts";

/** Reads plain rows of one CSV file, straight from its bytes into sheets. */
export interface RowReader {
  /** Reads rows from this one of the batch on, until there is doubt, the sheet is full or enough was read for once. Returns how many. */
  readonly read: (batch: CsvBatch, first: number, firstRecord: number) => number;
  /** Adds what the rows that were read have, in the order of the dataset's properties. */
  readonly finish: (counts: readonly PropertyCount[]) => void;
}

const quote = 0x22;

/** The reader of a file's rows; undefined where its columns say other things than its properties one by one. */
export function maybeRowReader(options: RowReaderOptions, csv: CsvShape): RowReader | undefined {
  const state = maybeRowState(options, csv);
  if (state === undefined) return undefined;
  startSheets(state.sheets, state.fileId, state.stored);
  return {
    read: (batch, first, firstRecord) => readRows(state, batch, { first, firstRecord }),
    finish: (counts) => addCounts(state, counts),
  };
}

interface Start {
  readonly first: number;
  readonly firstRecord: number;
}

function readRows(state: RowState, batch: CsvBatch, { first, firstRecord }: Start): number {
  const { totals } = state;
  const { sheet } = state.sheets;
  const { bytes, bounds } = batch;
  if (sheet === undefined || !isText(state, batch)) return 0;
  // The last row of a file that ends within it may be cut.
  const end = batch.isUnended ? bounds.length - 1 : bounds.length;
  const enough = (bounds[first]?.start ?? 0) + runBytes;
  let count = 0;
  for (let index = first; index < end && !isFullSheet(sheet); index += 1) {
    const bound = bounds[index];
    if (bound === undefined || bound.isTooLarge || bound.isOpen || bound.start >= enough) break;
    if (!readRow(state, sheet, bytes, bound)) {
      dropRow(sheet);
      break;
    }
    writeHalves(sheet.numbers, sheet.rows, firstRecord + count);
    keepRow(sheet);
    for (const place of state.nulls) totals.nulls[place] = (totals.nulls[place] ?? 0) + 1;
    for (const place of state.concealed) totals.concealed[place] = (totals.concealed[place] ?? 0) + 1;
    count += 1;
  }
  totals.rows += count;
  return count;
}

/** Whether all rows of a batch are UTF-8. */
function isText({ batch }: RowState, { bytes, bounds }: CsvBatch): boolean {
  if (batch.bytes !== bytes) {
    batch.bytes = bytes;
    batch.isGood = isUtf8(bytes.subarray(bounds[0]?.start ?? 0, bounds.at(-1)?.end ?? 0));
  }
  return batch.isGood;
}

interface RowBound {
  readonly start: number;
  readonly end: number;
}

/** Takes one row into the sheet; false on doubt, when what was written is to be dropped. */
function readRow(state: RowState, sheet: Sheet, bytes: Buffer, { start, end }: RowBound): boolean {
  const { columns, separator } = state;
  state.nulls.length = 0;
  state.concealed.length = 0;
  let at = start;
  for (let index = 0; index < columns.length; index += 1) {
    const isQuoted = at < end && bytes[at] === quote;
    const from = isQuoted ? at + 1 : at;
    const to = findCellEnd(bytes, from, end, isQuoted ? quote : separator);
    at = isQuoted ? to + 1 : to;
    const isWhole = index === columns.length - 1 ? at === end : at < end && bytes[at] === separator;
    if (!isWhole || (index === 0 && endsWith(bytes, from, to, state.header))) return false;
    at += 1;
    const column = columns[index];
    if (
      column === undefined ? !isPlain(bytes, from, to) : !readCell(state, sheet, column, { bytes, from, to })
    )
      return false;
  }
  return true;
}

function findCellEnd(bytes: Buffer, from: number, end: number, closing: number): number {
  let at = from;
  while (at < end && bytes[at] !== closing) at += 1;
  return at;
}

interface Cell {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

function readCell({ nulls }: RowState, sheet: Sheet, column: FastColumn, { bytes, from, to }: Cell): boolean {
  const cells = sheet.cells[column.place];
  if (cells === undefined) return false;
  if (to > from) {
    setValid(cells);
    return column.read(cells, bytes, from, to);
  }
  if (column.isNullable) nulls.push(column.index);
  return column.isNullable;
}

function addCounts({ columns, totals }: RowState, counts: readonly PropertyCount[]): void {
  for (const column of columns) {
    const count = counts[column?.index ?? -1];
    if (count) count.present += totals.rows;
  }
  counts.forEach((count, index) => {
    count.nulls += totals.nulls[index] ?? 0;
    count.concealed += totals.concealed[index] ?? 0;
  });
}

/** Whether a cell that is not stored holds nothing that needs a second look. */
function isPlain(bytes: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === quote) return false;
  }
  return true;
}

/** Files that were joined have their header again in the middle. */
function endsWith(bytes: Buffer, from: number, end: number, header: Buffer): boolean {
  const start = end - header.length;
  if (start < from) return false;
  for (let index = 0; index < header.length; index += 1)
    if (bytes[start + index] !== header[index]) return false;
  return true;
}
