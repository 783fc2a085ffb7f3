/** How the values of a column reach the engine: as its own numbers, as texts, or as JSON that it reads by the column's type. */
export type ColumnKind = "day" | "truth" | "integer" | "text" | "json";

export interface SheetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The type as `from_json_strict` takes it. */
  readonly structure: string;
}

/** The values of one column, by row: days since 1970, 0 or 1, halves of a number of 64 bits, or where a text begins and ends. */
export interface Cells {
  readonly values: Int32Array | Uint8Array | Uint32Array;
  /** A bit for each row: whether it has a value. */
  readonly valid: Uint8Array;
  hasNulls: boolean;
  readonly sheet: Sheet;
}

/** Rows of one file, column by column, at most as many as fit one vector of DuckDB. */
export interface Sheet {
  readonly fileId: number;
  readonly columns: readonly SheetColumn[];
  readonly cells: readonly Cells[];
  /** The record numbers, as halves. */
  readonly numbers: Uint32Array;
  rows: number;
  /** The texts, one behind the other. */
  bytes: Buffer;
  at: number;
  /** Gives the sheet back to be written again; nobody may read it any more then. */
  release: () => void;
}

/** Takes rows one after the other. */
export interface SheetWriter {
  /** The one that is being written; none while no file has rows for it. */
  sheet?: Sheet;
  next?: () => Sheet;
}

/** The most rows of a sheet: the size of a DuckDB vector. */
const sheetRows = 2048;
const sheetBytes = 1 << 20;

/** What a value of each kind takes. */
const arrays = {
  day: () => new Int32Array(sheetRows),
  truth: () => new Uint8Array(sheetRows),
  integer: () => new Uint32Array(sheetRows * 2),
  text: () => new Uint32Array(sheetRows * 2),
  json: () => new Uint32Array(sheetRows * 2),
} as const;

/** Makes the writer take rows of this file. Sheets that were given back are used again. */
export function startSheets(writer: SheetWriter, fileId: number, columns: readonly SheetColumn[]): void {
  const spare: Sheet[] = [];
  const create = (): Sheet => {
    const cells: Cells[] = [];
    const sheet: Sheet = {
      fileId,
      columns,
      cells,
      numbers: new Uint32Array(sheetRows * 2),
      rows: 0,
      bytes: Buffer.allocUnsafe(sheetBytes),
      at: 0,
      release: () => spare.push(sheet),
    };
    for (const { kind } of columns)
      cells.push({ values: arrays[kind](), valid: new Uint8Array(sheetRows / 8), hasNulls: false, sheet });
    return sheet;
  };
  writer.next = () => spare.pop() ?? create();
  writer.sheet = create();
}

/** What was written, if anything was; the writer begins another. */
export function* takeSheet(writer: SheetWriter): Generator<Sheet, void> {
  const { sheet, next } = writer;
  if (sheet === undefined || next === undefined || sheet.rows === 0) return;
  writer.sheet = next();
  writer.sheet.rows = 0;
  writer.sheet.at = 0;
  for (const cells of writer.sheet.cells) cells.hasNulls = false;
  yield sheet;
}

export function isFullSheet({ rows, at }: Sheet): boolean {
  return rows >= sheetRows || at >= sheetBytes;
}

/** Writes the halves of an exact integer. */
export function writeHalves(halves: Uint32Array, row: number, value: number): void {
  halves[row * 2] = value;
  halves[row * 2 + 1] = Math.floor(value / 2 ** 32);
}

/** Says whether the row that is being written has a value. */
export function setValid(cells: Cells, isValid: boolean): void {
  const { valid, sheet } = cells;
  const bit = 1 << (sheet.rows & 7);
  const at = sheet.rows >> 3;
  if (isValid) valid[at] = (valid[at] as number) | bit;
  else {
    valid[at] = (valid[at] as number) & ~bit;
    cells.hasNulls = true;
  }
}
