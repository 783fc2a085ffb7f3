import { copyBytes, planStart, takePlan, takeSheet } from "./memory";
import { unescape } from "./strings";

/** The most rows of a sheet: the size of a DuckDB vector. */
const sheetRows: usize = 2048;
/** A sheet with so many bytes of texts takes no more rows. */
const sheetBytes: usize = 1 << 20;
/** What one record may add to a column. */
const recordBytes: usize = 1 << 18;
const slackBytes: usize = 16;

/** The values of one column of the sheet, and its texts one behind the other. */
@unmanaged
export class Column {
  /** By row, of eight bytes each: days since 1970 or 0 and 1 in fewer, an integer, or where a text begins and ends. */
  values: usize;
  /** A bit for each row: whether it has a value. */
  valid: usize;
  texts: usize;
  /** Behind the last text, and behind the last place for one. */
  at: usize;
  limit: usize;
  following: Column | null;
  hasTexts: bool;
}

/** The rows that are whole; the next one is being written. */
export let rows: usize = 0;
/** Bytes of all texts. */
export let size: usize = 0;

/** The columns of a plan: kept with it, at its start. */
@unmanaged
class Sheet {
  first: Column | null;
  last: Column | null;
}

const sheet = changetype<Sheet>(planStart);

/** Begins a plan with no columns. */
export function clearColumns(): void {
  takePlan(offsetof<Sheet>());
}

/** A column more; null when there is no more memory. */
export function createColumn(hasTexts: bool): Column | null {
  const textBytes = hasTexts ? sheetBytes + recordBytes : 0;
  const at = takePlan(offsetof<Column>());
  const values = takeSheet(sheetRows * 8 + sheetRows / 8 + textBytes);
  if (at == 0 || values == 0) return null;
  const column = changetype<Column>(at);
  column.values = values;
  column.valid = values + sheetRows * 8;
  column.texts = column.valid + sheetRows / 8;
  column.limit = column.texts + textBytes - slackBytes;
  column.hasTexts = hasTexts;
  const last = sheet.last;
  if (last) last.following = column;
  else sheet.first = column;
  sheet.last = column;
  return column;
}

/** Begins a sheet. */
export function clearRows(): void {
  rows = 0;
  size = 0;
  let column = sheet.first;
  while (column) {
    column.at = column.texts;
    memory.fill(column.valid, 0, sheetRows / 8);
    column = column.following;
  }
}

export function isFull(): bool {
  return rows >= sheetRows || size >= sheetBytes;
}

/** Ends the row that is being written. */
export function keepRow(): void {
  rows += 1;
}

/** Drops what there is of the row that is being written. */
export function dropRow(): void {
  size = 0;
  let column = sheet.first;
  while (column) {
    const byte = column.valid + (rows >> 3);
    store<u8>(byte, load<u8>(byte) & ~bitOf(rows));
    if (column.hasTexts) {
      column.at = column.texts + endOfTexts(column);
      size += column.at - column.texts;
    }
    column = column.following;
  }
}

/** Behind the last text of the rows that are whole. */
function endOfTexts(column: Column): usize {
  let last = rows;
  while (last > 0 && !isValid(column, last - 1)) last -= 1;
  return last == 0 ? 0 : <usize>load<u32>(column.values + last * 8 - 4);
}

function bitOf(row: usize): u8 {
  return 1 << (<u8>(row & 7));
}

function isValid(column: Column, row: usize): bool {
  return ((load<u8>(column.valid + (row >> 3)) >> <u8>(row & 7)) & 1) == 1;
}

/** Says that the row that is being written has a value. */
export function setValid(column: Column): void {
  const byte = column.valid + (rows >> 3);
  store<u8>(byte, load<u8>(byte) | bitOf(rows));
}

export function writeDay(column: Column, day: i32): void {
  store<i32>(column.values + rows * 4, day);
}

export function writeTruth(column: Column, isTrue: bool): void {
  store<u8>(column.values + rows, isTrue ? 1 : 0);
}

export function writeInteger(column: Column, value: i64): void {
  store<i64>(column.values + rows * 8, value);
}

/** Copies a text as the value of the row; false where there is no room. */
export function writeText(column: Column, from: usize, end: usize): bool {
  const start = column.at;
  if (start + (end - from) > column.limit) return false;
  copyBytes(start, from, end - from);
  endText(column, start + (end - from));
  return true;
}

/** The same without its escapes. */
export function writeUnescaped(column: Column, from: usize, end: usize): bool {
  if (column.at + (end - from) > column.limit) return false;
  endText(column, unescape(column.at, from, end));
  return true;
}

/** Ends the text that was written from `column.at` on: it is the value of the row. */
export function endText(column: Column, end: usize): void {
  const start = column.at;
  const entry = column.values + rows * 8;
  store<u32>(entry, <u32>(start - column.texts));
  store<u32>(entry + 4, <u32>(end - column.texts));
  column.at = end;
  size += end - start;
}
