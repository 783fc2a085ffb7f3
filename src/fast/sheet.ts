import { createRoom, type Room } from "../packet.ts";

/**
 * How the values of a column reach the engine: as its own numbers, as texts that are cast to the column's type, or as
 * JSON that it reads by that type.
 */
export type ColumnKind = "day" | "truth" | "integer" | "text" | "json";

export interface SheetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly sqlType: string;
  /** The type as `from_json_strict` takes it. */
  readonly structure: string;
}

/** The values of one column, and its texts one behind the other. */
export interface Cells extends Room {
  /** By row: days since 1970, 0 or 1, the halves of a number of 64 bits, or where a text begins and ends. */
  readonly values: Int32Array | Uint8Array | Uint32Array;
  /** A bit for each row: whether it has a value. */
  readonly valid: Uint8Array;
  readonly hasTexts: boolean;
  readonly sheet: Sheet;
}

/** Rows of one file, column by column, at most as many as fit one vector of DuckDB. */
export interface Sheet {
  fileId: number;
  readonly columns: readonly SheetColumn[];
  readonly cells: readonly Cells[];
  /** The record numbers, as halves. */
  readonly numbers: Uint32Array;
  /** The rows that are whole; the next one is being written. */
  rows: number;
  /** Bytes of all texts. */
  size: number;
  /** Gives the sheet back to be written again; nobody may read it any more then. */
  release: () => void;
}

/** Takes rows one after the other. */
export interface SheetWriter {
  /** The one that is being written; none while no file has rows for it. */
  sheet?: Sheet;
  next?: () => Sheet;
  /** Takes what a machine has read into the sheet. */
  collect?: (sheet: Sheet) => void;
}

/** The most rows of a sheet: the size of a DuckDB vector. */
const sheetRows = 2048;
const sheetBytes = 1 << 20;
/** Behind so many bytes of a file the reading pauses: whoever reads on may do something else then. */
export const runBytes = 1 << 16;
const firstBytes = 1 << 14;

/** What a value of each kind takes. */
const arrays = {
  day: () => new Int32Array(sheetRows),
  truth: () => new Uint8Array(sheetRows),
  integer: () => new Uint32Array(sheetRows * 2),
  text: () => new Uint32Array(sheetRows * 2),
  json: () => new Uint32Array(sheetRows * 2),
} as const;

/** Makes the writer take rows of this file. Sheets that were given back are used again by files with the same columns. */
export function startSheets(writer: SheetWriter, fileId: number, columns: readonly SheetColumn[]): void {
  if (writer.sheet?.columns !== columns) {
    const spare: Sheet[] = [];
    writer.next = () => spare.pop() ?? createSheet(columns, spare);
    writer.sheet = writer.next();
  }
  writer.sheet.fileId = fileId;
}

function createSheet(columns: readonly SheetColumn[], spare: Sheet[]): Sheet {
  const cells: Cells[] = [];
  const numbers = new Uint32Array(sheetRows * 2);
  const release = (): void => {
    spare.push(sheet);
  };
  const sheet: Sheet = { fileId: 0, columns, cells, numbers, rows: 0, size: 0, release };
  for (const { kind } of columns) {
    const hasTexts = kind === "text" || kind === "json";
    const bytes = Buffer.allocUnsafe(hasTexts ? firstBytes : 0);
    const valid = new Uint8Array(sheetRows / 8);
    cells.push({ ...createRoom(bytes), values: arrays[kind](), valid, hasTexts, sheet });
  }
  return sheet;
}

/** What was written, if anything was; the writer begins another. */
export function* takeSheet(writer: SheetWriter): Generator<Sheet, void> {
  const { sheet, next } = writer;
  if (sheet === undefined || next === undefined || sheet.rows === 0) return;
  writer.collect?.(sheet);
  const { fileId } = sheet;
  writer.sheet = Object.assign(next(), { fileId, rows: 0, size: 0 });
  for (const cells of writer.sheet.cells) {
    cells.at = 0;
    cells.valid.fill(0);
  }
  yield sheet;
}

export function isFullSheet({ rows, size }: Sheet): boolean {
  return rows >= sheetRows || size >= sheetBytes;
}

/** Says that the row that is being written has a value. */
export function setValid({ valid, sheet }: Cells): void {
  const at = sheet.rows >> 3;
  valid[at] = (valid[at] as number) | (1 << (sheet.rows & 7));
}

export function isValid({ valid }: Cells, row: number): boolean {
  return (((valid[row >> 3] as number) >> (row & 7)) & 1) === 1;
}

/** Writes an exact integer as the value of a row. */
export function writeHalves(halves: Uint32Array, row: number, value: number): void {
  halves[row * 2] = value;
  halves[row * 2 + 1] = Math.floor(value / 2 ** 32);
}

/** Ends the text that was written from `start` on: it is the value of the row. */
export function endText(cells: Cells, start: number): void {
  const { values, sheet, at } = cells;
  values[sheet.rows * 2] = start;
  values[sheet.rows * 2 + 1] = at;
  sheet.size += at - start;
}

export const wordBytes = 4;

/** Drops what there is of the row that is being written. */
export function dropRow(sheet: Sheet): void {
  const { rows, cells } = sheet;
  sheet.size = 0;
  for (const cell of cells) {
    cell.valid[rows >> 3] = (cell.valid[rows >> 3] as number) & ~(1 << (rows & 7));
    if (!cell.hasTexts) continue;
    let last = rows - 1;
    while (last >= 0 && !isValid(cell, last)) last -= 1;
    cell.at = last < 0 ? 0 : (cell.values[last * 2 + 1] as number);
    sheet.size += cell.at;
  }
}
