import {
  Column,
  accept,
  addElement,
  clearNotes,
  dropRow,
  hasAllNotes,
  isFull,
  maxRecordBytes,
  note,
  placeOf,
  rows,
  setValid,
  writeText,
  writeUnescaped,
} from "./columns";
import { Field, readLeaf, readNull } from "./fields";
import { Key, Table, clearAsked, findKey, hasKey } from "./keys";
import {
  kindBoolean,
  kindDate,
  kindDateTime,
  kindInteger,
  kindList,
  kindNumber,
  kindObject,
  kindText,
  kindUuid,
} from "./kinds";
import { integerAt, lastDay, lastTime, numberAt, writeUuid } from "./scalars";
import { maxDepth, skipAny } from "./skip";
import { escapes, quote, skipSpace } from "./strings";

/** The objects that were met; each key knows the last of its own. */
let objects: u64 = 0;

/**
 * Reads the object that opens here into the columns of its properties, at this place; returns the address behind it,
 * 0 on doubt.
 */
function readObject(from: usize, table: Table, index: usize, depth: u32, isInList: bool): usize {
  const object = nextObject();
  let written: u32 = 0;
  let required: u32 = 0;
  let last: Key | null = null;
  let at = skipSpace(from + 1);
  while (load<u8>(at) == quote) {
    const key = nextKey(table, last, at);
    if (!key || key.isDoubtful || key.object == object || (isInList && !last && key.isEnvelope)) return 0;
    key.object = object;
    last = key;
    if (table.isRecord) note(changetype<usize>(key) + offsetof<Key>("records"));
    const valueAt = skipSpace(at + key.length);
    const field = key.field;
    let end: usize;
    if (field) {
      written += 1;
      if (field.isRequired) required += 1;
      if (table.isRecord && load<u8>(valueAt) == 0x6e)
        note(changetype<usize>(field) + offsetof<Field>("nulls"));
      end = readValue(valueAt, field, index, depth);
    } else end = skipAny(valueAt, depth);
    if (end == 0) return 0;
    at = skipSpace(end);
    if (load<u8>(at) != 0x2c) break;
    at = skipSpace(at + 1);
    if (load<u8>(at) != quote) return 0;
  }
  if (load<u8>(at) != 0x7d || required < table.required) return 0;
  if (written < table.fields) setOthersNull(table, object, index);
  return at + 1;
}

/** The key that opens here, guessed from the one before; null on doubt. */
function nextKey(table: Table, last: Key | null, from: usize): Key | null {
  const guess = last ? last.next : table.first;
  if (guess && hasKey(guess, from)) return guess;
  const key = findKey(table, from);
  if (last) last.next = key;
  else table.first = key;
  return key;
}

/** Says of the properties that the object does not have that nothing is there. */
export function setOthersNull(table: Table, object: u64, index: usize): void {
  let field = table.firstField;
  while (field) {
    const key = field.key;
    if (key && key.object != object) setNull(field, index);
    field = field.following;
  }
}

/** Begins an object, whose keys are to know that it is theirs. */
export function nextObject(): u64 {
  objects += 1;
  return objects;
}

/** Says that nothing is at this place, nor in what it would hold. */
export function setNull(field: Field, index: usize): void {
  const column = field.column;
  if (!column) return;
  setValid(column, index, false);
  const place = placeOf(column, index);
  // No length: of a text, or of a list.
  if (column.width == 16) writeList(place, 0, 0);
  const table = field.table;
  let inner = table ? table.firstField : null;
  while (inner) {
    setNull(inner, index);
    inner = inner.following;
  }
}

export function writeList(place: usize, start: u64, count: u64): void {
  store<u64>(place, start);
  store<u64>(place + 8, count);
}

/** Reads the value that opens here to its place. */
function readValue(from: usize, field: Field, index: usize, depth: u32): usize {
  const column = field.column;
  if (!column) return 0;
  if (load<u8>(from) == 0x6e) {
    setNull(field, index);
    return readNull(from, field);
  }
  setValid(column, index, true);
  if (field.kind == kindList)
    return depth < maxDepth ? readList(from, field, placeOf(column, index), depth + 1) : 0;
  if (field.kind != kindObject) return readScalar(from, field, column, index);
  const table = field.table;
  if (!table || load<u8>(from) != 0x7b || depth >= maxDepth) return 0;
  return readObject(from, table, index, depth + 1, false);
}

function readList(from: usize, field: Field, place: usize, depth: u32): usize {
  const items = field.items;
  const elements = items ? items.column : null;
  if (load<u8>(from) != 0x5b) return 0;
  let at = skipSpace(from + 1);
  if (!items || !elements) return 0;
  const start = elements.count;
  if (load<u8>(at) == 0x5d) {
    writeList(place, start, 0);
    return at + 1;
  }
  while (true) {
    const index = addElement(elements);
    if (index < 0) return 0;
    at = readValue(at, items, index, depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte == 0x5d) {
      writeList(place, start, elements.count - start);
      return at + 1;
    }
    if (byte != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}

function readScalar(from: usize, field: Field, column: Column, index: usize): usize {
  const before = escapes;
  const end = readLeaf(from, field);
  if (end == 0) return 0;
  const kind = field.kind;
  const place = placeOf(column, index);
  if (kind == kindText) {
    const isWritten =
      escapes == before
        ? writeText(column, index, from + 1, end - 1)
        : writeUnescaped(column, index, from + 1, end - 1);
    return isWritten ? end : 0;
  }
  if (kind == kindUuid) writeUuid(place);
  else if (kind == kindDateTime) store<i64>(place, lastTime());
  else if (kind == kindDate) store<i32>(place, lastDay());
  else if (kind == kindBoolean) store<u8>(place, end == from + 4 ? 1 : 0);
  else if (kind == kindInteger) store<i64>(place, integerAt(from, end));
  else if (kind == kindNumber) store<f64>(place, numberAt(from, end));
  else return 0;
  return end;
}

/** Where records stand: in the list of a page, in a list of its own (which may hold pages instead), or on lines. */
const settingList: u32 = 1;
const settingLines: u32 = 2;

/** Where the reading stopped. */
export let stoppedAt: usize = 0;

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
  clearAsked();
  while (load<u8>(at) == 0x7b && at < enough && !isFull()) {
    clearNotes();
    const behind = readObject(at, table, rows, 1, setting == settingList);
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
    accept(<i64>number + <i64>count, behind);
    count += 1;
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
