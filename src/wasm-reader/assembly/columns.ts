import { copyBytes, planStart, takePlan, takeSheet } from "./memory";
import { unescape } from "./strings";

/** The most rows of a sheet: the size of a DuckDB vector. */
const sheetRows: u32 = 2048;
/** The most elements that the lists of one property have in a sheet. */
const sheetElements: u32 = 1 << 16;
/** A sheet of so many bytes takes no more rows. */
const sheetBytes: usize = 1 << 20;
/** What one record may add to the texts of a column. */
const recordBytes: usize = 1 << 18;
const slackBytes: usize = 16;
/** A text up to this length stands in its entry. */
const inlinedBytes: usize = 12;

/** The values of one property: of the rows of the sheet, or of the elements of a list's lists. */
@unmanaged
export class Column {
  /** The bytes of a value: as DuckDB has them, but for texts, which say how far behind the first one they stand. */
  width: u32;
  /** Of elements: the bytes of one with all that it holds. */
  weight: u32;
  values: usize;
  /** A bit for each: whether it is there. */
  valid: usize;
  /** Long texts one behind the other, the place behind the last, and behind the last place for one. */
  texts: usize;
  at: usize;
  limit: usize;
  /** Of elements: how many there are, and how many there may be. */
  count: u32;
  room: u32;
  /** What there was when the last row was kept. */
  keptAt: usize;
  keptCount: u32;
  following: Column | null;
}

/** The columns of a plan: kept with it, at its start. */
@unmanaged
class Sheet {
  first: Column | null;
  last: Column | null;
}

const sheet = changetype<Sheet>(planStart);

/** The rows that are whole; the next one is being written. */
export let rows: usize = 0;
/** Bytes of texts and of elements. */
export let size: usize = 0;
let keptSize: usize = 0;

/** Begins a plan with no columns. */
export function clearColumns(): void {
  takePlan(offsetof<Sheet>());
}

/** A column more; null when there is no more memory. */
export function createColumn(width: u32, isInList: bool, hasTexts: bool): Column | null {
  const room = isInList ? sheetElements : sheetRows;
  const valueBytes = <usize>room * width;
  const validBytes = <usize>room / 8;
  const textBytes = hasTexts ? sheetBytes + recordBytes : 0;
  const at = takePlan(offsetof<Column>());
  const values = takeSheet(valueBytes + validBytes + textBytes);
  if (at == 0 || values == 0) return null;
  const column = changetype<Column>(at);
  column.width = width;
  column.room = room;
  column.values = values;
  column.valid = values + valueBytes;
  column.texts = column.valid + validBytes;
  column.limit = column.texts + textBytes - slackBytes;
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
  keptSize = 0;
  let column = sheet.first;
  while (column) {
    column.at = column.texts;
    column.keptAt = column.texts;
    column.count = 0;
    column.keptCount = 0;
    column = column.following;
  }
}

export function isFull(): bool {
  return rows >= sheetRows || size >= sheetBytes;
}

/** Ends the row that is being written. */
function keepRow(): void {
  rows += 1;
  keptSize = size;
  let column = sheet.first;
  while (column) {
    column.keptAt = column.at;
    column.keptCount = column.count;
    column = column.following;
  }
}

/** Drops what there is of the row that is being written. */
export function dropRow(): void {
  size = keptSize;
  let column = sheet.first;
  while (column) {
    column.at = column.keptAt;
    column.count = column.keptCount;
    column = column.following;
  }
}

/** The place of one element more; −1 where there is none. */
export function addElement(column: Column): i32 {
  if (column.count >= column.room) return -1;
  column.count += 1;
  size += column.weight;
  return column.count - 1;
}

/** Says whether the value at this place is there. */
export function setValid(column: Column, index: usize, isValid: bool): void {
  const byte = column.valid + (index >> 3);
  const bit: u8 = 1 << (<u8>(index & 7));
  store<u8>(byte, isValid ? load<u8>(byte) | bit : load<u8>(byte) & ~bit);
}

/** Where the value at this place stands. */
export function placeOf(column: Column, index: usize): usize {
  return column.values + index * column.width;
}

/** Writes a text; false where there is no room. */
export function writeText(column: Column, index: usize, from: usize, end: usize): bool {
  const length = end - from;
  if (length > inlinedBytes) {
    if (column.at + length > column.limit) return false;
    copyBytes(column.at, from, length);
  }
  endText(column, index, from, length);
  return true;
}

/** The same without its escapes. */
export function writeUnescaped(column: Column, index: usize, from: usize, end: usize): bool {
  if (column.at + (end - from) > column.limit) return false;
  endText(column, index, column.at, unescape(column.at, from, end) - column.at);
  return true;
}

/** Makes the entry of a text, of which a long one was written to its place: `duckdb_string_t` of duckdb.h. */
function endText(column: Column, index: usize, from: usize, length: usize): void {
  const entry = placeOf(column, index);
  store<u32>(entry, <u32>length);
  if (length > inlinedBytes) {
    store<u32>(entry + 4, load<u32>(from));
    store<u64>(entry + 8, <u64>(column.at - column.texts));
    column.at += length;
    size += length;
    return;
  }
  const isShort = length < 8;
  const first = load<u64>(from);
  store<u64>(entry + 4, isShort ? first & lowBytes(length) : first);
  store<u32>(entry + 12, isShort ? 0 : <u32>(<u64>load<u32>(from + 8) & lowBytes(length - 8)));
}

/** A mask for so many bytes, fewer than eight. */
function lowBytes(count: usize): u64 {
  return ((<u64>1) << (<u64>(count * 8))) - 1;
}

/** Longer records may have too many values. */
export const maxRecordBytes: usize = 100000;

/** Behind the record that was accepted last. */
export let behindRecords: usize = 0;

/** The numbers of the rows' records. */
export const numbers: usize = memory.data(2048 * 8, 8);

/** Makes what was written the row of the record with this number, which ends before this address. */
export function accept(number: i64, behind: usize): void {
  store<i64>(numbers + rows * 8, number);
  settleNotes();
  keepRow();
  behindRecords = behind;
}

// What is counted of a record once it is accepted.

const maxNotes: usize = 4096;
const notes: usize = memory.data(4096 * 4);
let count: usize = 0;

const maxFirsts: usize = 8192;
const firstCounters: usize = memory.data(8192 * 4);
/** How many counters have counted their first record since they were cleared, and which, in the order of the file. */
export let firsts: usize = 0;

export function clearFirsts(): void {
  firsts = 0;
}

export function firstAt(index: usize): usize {
  return load<u32>(firstCounters + index * 4);
}

/** Begins a record. */
export function clearNotes(): void {
  count = 0;
}

/** Has the counter at this address count the record, if it is accepted. */
export function note(counter: usize): void {
  if (count < maxNotes) store<u32>(notes + count * 4, <u32>counter);
  count += 1;
}

/** Whether all could be noted. */
export function hasAllNotes(): bool {
  return count <= maxNotes;
}

/** Counts the record. */
function settleNotes(): void {
  for (let index: usize = 0; index < count; index += 1) {
    const counter = <usize>load<u32>(notes + index * 4);
    const before = load<u32>(counter);
    store<u32>(counter, before + 1);
    if (before == 0 && firsts < maxFirsts) {
      store<u32>(firstCounters + firsts * 4, <u32>counter);
      firsts += 1;
    }
  }
}
