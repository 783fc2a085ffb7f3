import {
  Column,
  dropRow,
  endText,
  isFull,
  keepRow,
  rows,
  setValid,
  writeDay,
  writeInteger,
  writeText,
  writeTruth,
  writeUnescaped,
} from "./columns";
import { Field, readLeaf, readNull } from "./fields";
import { dayAt } from "./formats";
import { clearAsked, Key, Table } from "./keys";
import { kindBoolean, kindDate, kindInteger, kindList, kindObject } from "./kinds";
import { endOfNested, nextKey, nextObject, writeNested } from "./nested";
import { clearNotes, hasAllNotes, note, settleNotes } from "./notes";
import { integerAt } from "./numbers";
import { skipAny } from "./skip";
import { escapes, quote, skipSpace } from "./strings";

/** Longer records may have too many values. */
const maxRecordBytes: usize = 100000;

/** Where records stand: in the list of a page, in a list of its own (which may hold pages instead), or on lines. */
const settingList: u32 = 1;
const settingLines: u32 = 2;

/** Behind the last record that was read, and where the reading stopped. */
export let behindRecords: usize = 0;
export let stoppedAt: usize = 0;

/** The numbers of the rows' records. */
export const numbers: usize = memory.data(2048 * 8, 8);

/**
 * Reads records from this address on into rows, until there is doubt, the sheet is full, no record may begin behind
 * `enough`, or none ends before `end`; returns how many.
 */
export function readRecords(
  table: Table,
  setting: u32,
  from: usize,
  enough: usize,
  end: usize,
  number: f64,
): u32 {
  let count: u32 = 0;
  let at = from;
  behindRecords = from;
  clearAsked();
  while (load<u8>(at) == 0x7b && at < enough && !isFull()) {
    clearNotes();
    const behind = readRecord(table, at, setting == settingList);
    const isRead =
      behind != 0 &&
      behind <= end &&
      behind - at <= maxRecordBytes &&
      (setting != settingLines || isLineEnd(behind)) &&
      hasAllNotes();
    if (!isRead) {
      dropRow();
      break;
    }
    store<i64>(numbers + rows * 8, <i64>number + <i64>count);
    settleNotes();
    keepRow();
    count += 1;
    behindRecords = behind;
    at = skipSpace(behind);
    if (setting == settingLines) continue;
    if (load<u8>(at) != 0x2c) break;
    at = skipSpace(at + 1);
  }
  stoppedAt = at;
  return count;
}

/** Whether nothing but space stands between a record and the end of its line. */
function isLineEnd(from: usize): bool {
  let at = from;
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) {
    at += 1;
    byte = load<u8>(at);
  }
  return byte == 0x0a;
}

/** Reads one record into the row that is being written; returns the address behind it, 0 on doubt. */
function readRecord(table: Table, from: usize, isInList: bool): usize {
  const object = nextObject();
  let required: u32 = 0;
  let last: Key | null = null;
  let at = skipSpace(from + 1);
  while (load<u8>(at) == quote) {
    const key = nextKey(table, last, at);
    if (!key || key.isDoubtful || key.object == object || (isInList && !last && key.isEnvelope)) return 0;
    key.object = object;
    last = key;
    note(changetype<usize>(key) + offsetof<Key>("records"));
    const valueAt = skipSpace(at + key.length);
    const field = key.field;
    let end: usize;
    if (field) {
      if (field.isRequired) required += 1;
      end = readCell(valueAt, field);
    } else end = skipAny(valueAt, 1);
    if (end == 0) return 0;
    at = skipSpace(end);
    if (load<u8>(at) != 0x2c) break;
    at = skipSpace(at + 1);
    if (load<u8>(at) != quote) return 0;
  }
  return load<u8>(at) == 0x7d && required >= table.required ? at + 1 : 0;
}

function readCell(from: usize, field: Field): usize {
  const column = field.column;
  if (!column) return 0;
  if (load<u8>(from) == 0x6e) {
    note(changetype<usize>(field) + offsetof<Field>("nulls"));
    return readNull(from, field);
  }
  setValid(column);
  const kind = field.kind;
  if (kind == kindList || kind == kindObject) {
    const end = writeNested(from, field, column.at, column.limit);
    if (end != 0) endText(column, endOfNested());
    return end;
  }
  const before = escapes;
  const end = readLeaf(from, field);
  if (end == 0) return 0;
  if (kind == kindDate) writeDay(column, dayAt(from + 1));
  else if (kind == kindBoolean) writeTruth(column, end == from + 4);
  else if (kind == kindInteger) writeInteger(column, integerAt(from, end));
  else return writeLeaf(column, from, end, escapes != before) ? end : 0;
  return end;
}

/** A text without its quotes and escapes, or a number. */
function writeLeaf(column: Column, from: usize, end: usize, hasEscapes: bool): bool {
  if (load<u8>(from) != quote) return writeText(column, from, end);
  return hasEscapes ? writeUnescaped(column, from + 1, end - 1) : writeText(column, from + 1, end - 1);
}
