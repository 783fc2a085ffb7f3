import { createRoom, type Room } from "./byte-writer.ts";

/** How the values of a column reach the engine: as its own. */
export type ColumnKind = "day" | "truth" | "integer" | "real" | "time" | "uuid" | "text" | "list" | "object";

export interface SheetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a list what its elements are, of an object its properties. */
  readonly children: readonly SheetColumn[];
}

/** The values of one column, and its long texts one behind the other. */
export interface Cells extends Room {
  readonly kind: ColumnKind;
  /**
   * One behind the other as DuckDB has them: days since 1970 or microseconds, 0 or 1, numbers, where a list begins and
   * its length; of a text its length and itself, or its first four bytes and where it begins in `bytes`.
   */
  values: Int32Array | Uint8Array | Uint32Array;
  /** A bit for each value: whether it is there. */
  valid: Uint8Array;
  /** Of a list its elements, of an object its properties. */
  readonly children: readonly Cells[];
  /** How many elements there are, where these are elements. */
  count: number;
}

/** Rows of one file, column by column, at most as many as fit one vector of DuckDB. */
export interface Sheet {
  fileId: number;
  readonly columns: readonly SheetColumn[];
  readonly cells: readonly Cells[];
  /** The record numbers, as halves. */
  readonly numbers: Uint32Array;
  rows: number;
  /** Bytes of all texts and elements. */
  size: number;
  /** Gives the sheet back to be written again; nobody may read it any more then. */
  release: () => void;
}

/** Takes the rows of one file after the other. */
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
/** A text up to this length stands in its entry. */
export const inlinedBytes = 12;

/** What so many values of each kind take. */
const arrays = {
  day: (count: number) => new Int32Array(count),
  truth: (count: number) => new Uint8Array(count),
  integer: (count: number) => new Uint32Array(count * 2),
  real: (count: number) => new Uint32Array(count * 2),
  time: (count: number) => new Uint32Array(count * 2),
  uuid: (count: number) => new Uint32Array(count * 4),
  text: (count: number) => new Uint32Array(count * 4),
  list: (count: number) => new Uint32Array(count * 4),
  object: () => new Uint8Array(0),
} as const;

export function hasTexts(kind: ColumnKind): boolean {
  return kind === "text";
}

/** The bytes of one value. */
export function widthOf(kind: ColumnKind): number {
  return arrays[kind](1).byteLength;
}

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
  for (const column of columns) cells.push(createCells(column, sheetRows));
  return sheet;
}

function createCells({ kind, children }: SheetColumn, count: number): Cells {
  return {
    ...createRoom(Buffer.allocUnsafe(hasTexts(kind) && count > 0 ? firstBytes : 0)),
    kind,
    values: arrays[kind](count),
    valid: new Uint8Array(count / 8),
    children: children.map((child) => createCells(child, kind === "list" ? 0 : count)),
    count: 0,
  };
}

/** Makes room for so many elements; what there was is lost. */
export function fitElements(cells: Cells, count: number): void {
  cells.count = count;
  if (cells.valid.length * 8 >= count) return;
  const room = Math.ceil((count * 1.5) / 64) * 64;
  cells.values = arrays[cells.kind](room);
  cells.valid = new Uint8Array(room / 8);
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
  }
  yield sheet;
}

export function isFullSheet({ rows, size }: Sheet): boolean {
  return rows >= sheetRows || size >= sheetBytes;
}

export function isValid({ valid }: Cells, index: number): boolean {
  return (((valid[index >> 3] as number) >> (index & 7)) & 1) === 1;
}
