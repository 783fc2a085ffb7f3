import { reserve } from "../packet.ts";
import { inlinedBytes, type Cells, type Sheet } from "./sheet.ts";

// Rows of a CSV file, which TypeScript writes itself.

/** Says that the row that is being written has a value. */
export function setValid({ valid, sheet }: Cells): void {
  const at = sheet.rows >> 3;
  valid[at] = (valid[at] as number) | (1 << (sheet.rows & 7));
}

/** Writes an exact integer as the value of a row. */
export function writeHalves(halves: Uint32Array, row: number, value: number): void {
  halves[row * 2] = value;
  halves[row * 2 + 1] = Math.floor(value / 2 ** 32);
}

const wordBytes = 4;

/** Ends the text that was written from `start` on: it is the value of the row. */
export function endText(cells: Cells, start: number): void {
  const { values, sheet } = cells;
  const length = cells.at - start;
  const entry = sheet.rows * 4;
  values[entry] = length;
  // Texts are looked at in words.
  reserve(cells, wordBytes);
  const { view } = cells;
  if (length > inlinedBytes) {
    values[entry + 1] = view.getInt32(start, true);
    values[entry + 2] = start;
    values[entry + 3] = 0;
    sheet.size += length;
    return;
  }
  for (let index = 0; index < inlinedBytes; index += wordBytes)
    values[entry + 1 + index / wordBytes] = index < length ? wordAt(view, start + index, length - index) : 0;
  cells.at = start;
}

/** Four bytes, of which so many count. */
function wordAt(view: DataView, at: number, count: number): number {
  return view.getInt32(at, true) & (count < wordBytes ? 2 ** (8 * count) - 1 : -1);
}

/** Ends the row that is being written. */
export function keepRow(sheet: Sheet): void {
  sheet.rows += 1;
  sheet.keptSize = sheet.size;
  for (const cells of sheet.cells) cells.keptAt = cells.at;
}

/** Drops what there is of the row that is being written. */
export function dropRow(sheet: Sheet): void {
  const { rows } = sheet;
  sheet.size = sheet.keptSize;
  for (const cells of sheet.cells) {
    cells.valid[rows >> 3] = (cells.valid[rows >> 3] as number) & ~(1 << (rows & 7));
    cells.at = cells.keptAt;
  }
}
