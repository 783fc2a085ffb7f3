import { accept, clearNotes, dropRow, hasAllNotes, isFull, maxRecordBytes, rows } from "./columns";
import { Cell, Word, readCell } from "./csv-cells";
import { Field } from "./fields";
import { nextObject, setOthersNull } from "./json";
import { Key, Table } from "./keys";
import { inputStart, takePlan } from "./memory";
import { quote } from "./strings";

const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;

/** The columns of one report. */
@unmanaged
class Report {
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

// How TypeScript describes a report; 0 when there is no more memory.

/** A report with no columns, whose first heading lies at the start of the input. */
export function newReport(table: Table, separator: u8, length: usize): usize {
  const at = takePlan(offsetof<Report>());
  const heading = takePlan(length);
  if (at == 0 || heading == 0) return 0;
  const report = changetype<Report>(at);
  report.table = table;
  report.separator = separator;
  report.heading = heading;
  report.headingLength = length;
  memory.copy(heading, inputStart, length);
  return at;
}

/** A column more, which fills this property, or none. */
export function addCell(report: Report, field: usize, form: u8, isDoubtful: bool): usize {
  const at = takePlan(offsetof<Cell>());
  if (at == 0) return 0;
  const cell = changetype<Cell>(at);
  cell.field = changetype<Field | null>(field);
  cell.form = form;
  cell.isDoubtful = isDoubtful;
  if (field != 0) report.filled += 1;
  const last = report.lastCell;
  if (last) last.following = cell;
  else report.firstCell = cell;
  report.lastCell = cell;
  return at;
}

/** Gives a column the word that lies at the start of the input. */
export function addWord(cell: Cell, length: usize, meaning: u8): usize {
  const at = takePlan(offsetof<Word>());
  const text = takePlan(length);
  if (at == 0 || text == 0) return 0;
  const word = changetype<Word>(at);
  word.length = length;
  word.text = text;
  word.meaning = meaning;
  memory.copy(text, inputStart, length);
  word.following = cell.word;
  cell.word = word;
  return at;
}

export function setHasNone(cell: Cell): void {
  cell.hasNone = true;
}

/** Gives a list what each of 128 bytes does, as it lies at the start of the input. */
export function setSeparators(cell: Cell, isLoose: bool): usize {
  const at = takePlan(128);
  if (at == 0) return 0;
  memory.copy(at, inputStart, 128);
  cell.separators = at;
  cell.isLoose = isLoose;
  return at;
}
