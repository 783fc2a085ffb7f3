import { accept, maxRecordBytes } from "./accept";
import { Cell, readCell } from "./cells";
import { dropRow, isFull, rows } from "./columns";
import { Key, Table } from "./keys";
import { clearNotes, hasAllNotes } from "./notes";
import { quote } from "./strings";
import { nextObject, setOthersNull } from "./values";

const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;

/** The columns of one report. */
@unmanaged
export class Report {
  /** The properties of its dataset. */
  table: Table;
  separator: u8;
  /** The first heading, which stands again in the middle of files that were joined. */
  heading: usize;
  headingLength: usize;
  firstCell: Cell | null;
  lastCell: Cell | null;
  /** How many cells fill a property. */
  filled: u32;
}

/**
 * Reads rows from this address on, until there is doubt, the sheet is full, no row may begin behind `enough`, or none
 * ends before `end`; returns how many.
 */
export function readRows(report: Report, from: usize, enough: usize, end: usize, number: f64): u32 {
  let count: u32 = 0;
  let at = from;
  while (at < enough && !isFull()) {
    clearNotes();
    const behind = readRow(report, at);
    if (behind == 0 || behind > end || behind - at > maxRecordBytes || !hasAllNotes()) {
      dropRow();
      break;
    }
    accept(<i64>number + <i64>count, behind);
    count += 1;
    at = behind;
  }
  countRows(report, count);
  return count;
}

/** Behind the line end of the row that begins here; 0 on doubt. */
function readRow(report: Report, from: usize): usize {
  const object = nextObject();
  const separator = report.separator;
  let at = from;
  let cell = report.firstCell;
  while (cell) {
    const isQuoted = load<u8>(at) == quote;
    const start = isQuoted ? at + 1 : at;
    const end = findEnd(start, isQuoted ? quote : separator);
    at = isQuoted ? end + 1 : end;
    if (isQuoted && load<u8>(end) != quote) return 0;
    if (cell == report.firstCell && endsWithHeading(report, start, end)) return 0;
    const field = cell.field;
    if (field) {
      const key = field.key;
      if (key) key.object = object;
      if (!readCell(cell, field, start, end, rows)) return 0;
    }
    cell = cell.following;
    if (!cell) break;
    if (load<u8>(at) != separator) return 0;
    at += 1;
  }
  if (report.filled < report.table.fields) setOthersNull(report.table, object, rows);
  if (load<u8>(at) == carriageReturn) at += 1;
  return load<u8>(at) == lineFeed ? at + 1 : 0;
}

/** The first closing byte, quote or control from here on: sixteen bytes are looked at at once. */
function findEnd(from: usize, closing: u8): usize {
  let at = from;
  while (true) {
    const bytes = v128.load(at);
    const marks = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(closing)), i8x16.eq(bytes, i8x16.splat(quote))),
        i8x16.lt_u(bytes, i8x16.splat(0x20)),
      ),
    );
    if (marks != 0) return at + <usize>ctz(marks);
    at += 16;
  }
}

function endsWithHeading(report: Report, from: usize, end: usize): bool {
  const length = report.headingLength;
  return end - from >= length && memory.compare(end - length, report.heading, length) == 0;
}

/** Each of the rows has every property that a cell fills. */
function countRows(report: Report, count: u32): void {
  let cell = report.firstCell;
  while (cell) {
    const field = cell.field;
    const key: Key | null = field ? field.key : null;
    if (key) key.records += count;
    cell = cell.following;
  }
}
