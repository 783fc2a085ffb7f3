import { Column, addElement, note, placeOf, setValid, writeText } from "./columns";
import { Field, mayBeBlank, readInteger, readNumber } from "./fields";
import { setNull, writeList } from "./json";
import {
  formBytes,
  formDuration,
  kindBoolean,
  kindDate,
  kindDateTime,
  kindInteger,
  kindList,
  kindNumber,
  kindText,
  kindUuid,
  meansNone,
  raisesDoubt,
  separatesNothing,
  takesSpace,
} from "./kinds";
import {
  integerAt,
  isConcealed,
  lastDay,
  lastTime,
  numberAt,
  readUuid,
  skipDay,
  skipTime,
  uuidBytes,
  writeUuid,
} from "./scalars";

/** A text that stands for something else. */
@unmanaged
export class Word {
  length: usize;
  text: usize;
  meaning: u8;
  following: Word | null;
}

/** A column of a report. */
@unmanaged
export class Cell {
  /** The property that it fills; none where it is passed over. */
  field: Field | null;
  /** Only cells that are empty are read. */
  isDoubtful: bool;
  form: u8;
  /** There are words for none, around which the slow path overlooks space. */
  hasNone: bool;
  word: Word | null;
  /** Of a list: what each byte separates. */
  separators: usize;
  isLoose: bool;
  following: Cell | null;
}

/** Reads what stands between as the value of a row; false on doubt. */
export function readCell(cell: Cell, field: Field, from: usize, end: usize, index: usize): bool {
  const column = field.column;
  if (!column) return false;
  if (from == end) return readNone(field, index);
  if (cell.isDoubtful) return false;
  const word = findWord(cell, from, end - from);
  if (word) return readWord(word, field, column, index);
  if (cell.hasNone && !(isInk(load<u8>(from)) && isInk(load<u8>(end - 1)))) return false;
  setValid(column, index, true);
  const place = placeOf(column, index);
  switch (<i32>field.kind) {
    case kindText:
      if (field.isConcealable) {
        if (mayBeBlank(field, from, end)) return false;
        if (isConcealed(from, end)) noteConcealed(field);
      }
      return writeText(column, index, from, end);
    case kindUuid:
      if (end - from != uuidBytes || !readUuid(from)) return false;
      writeUuid(place);
      return true;
    case kindDate:
      if (skipDay(from) != end) return false;
      store<i32>(place, lastDay());
      return true;
    case kindDateTime:
      if (skipTime(from) != end) return false;
      store<i64>(place, lastTime());
      return true;
    case kindInteger:
      return readWhole(cell, field, place, from, end);
    case kindNumber:
      if (readNumber(from, field) != end) return false;
      store<f64>(place, numberAt(from, end));
      return true;
    case kindList: {
      const items = field.items;
      const elements = items ? items.column : null;
      return elements ? readParts(cell.separators, cell.isLoose, elements, place, from, end) : false;
    }
    default:
      return false;
  }
}

function noteConcealed(field: Field): void {
  note(changetype<usize>(field) + offsetof<Field>("concealed"));
}

function readNone(field: Field, index: usize): bool {
  if (!field.isNullable) return false;
  note(changetype<usize>(field) + offsetof<Field>("nulls"));
  setNull(field, index);
  return true;
}

function findWord(cell: Cell, from: usize, length: usize): Word | null {
  let word = cell.word;
  while (word) {
    if (word.length == length && memory.compare(word.text, from, length) == 0) return word;
    word = word.following;
  }
  return null;
}

function readWord(word: Word, field: Field, column: Column, index: usize): bool {
  const isNone = word.meaning == meansNone;
  if (isNone && field.kind != kindList) return readNone(field, index);
  setValid(column, index, true);
  const place = placeOf(column, index);
  if (isNone) writeList(place, 0, 0);
  else if (field.kind == kindBoolean) store<u8>(place, word.meaning);
  else return false;
  return true;
}

/** An integer in digits, or in a form of its own. */
function readWhole(cell: Cell, field: Field, place: usize, from: usize, end: usize): bool {
  if (readInteger(from, field) == end) {
    store<i64>(place, integerAt(from, end));
    return true;
  }
  const value = readForm(cell.form, from, end);
  store<i64>(place, value);
  return value >= 0 && <f64>value >= field.minimum;
}

// Lists that stand in one text.

const space: u8 = 0x20;

/**
 * Reads the parts of a text into the elements of the list at this place; false on doubt. Nothing is separated behind a
 * space, and before one only where that is loose.
 */
function readParts(
  separators: usize,
  isLoose: bool,
  elements: Column,
  place: usize,
  from: usize,
  end: usize,
): bool {
  if (mayBeOther(from)) return false;
  const first = elements.count;
  let start = from;
  for (let at = from; at < end; at += 1) {
    const byte = load<u8>(at);
    const does: i32 = byte < 0x80 ? load<u8>(separators + byte) : separatesNothing;
    if (does == raisesDoubt) return false;
    if (does == separatesNothing || (at > from && load<u8>(at - 1) == space)) continue;
    const isSpaced = at + 1 < end && load<u8>(at + 1) == space;
    if (isSpaced && !isLoose) continue;
    if (!addPart(elements, start, at)) return false;
    start = at + (isSpaced && does == takesSpace ? 2 : 1);
    at = start - 1;
  }
  if (!addPart(elements, start, end)) return false;
  writeList(place, first, elements.count - first);
  return true;
}

/** Whether this is no space, whatever counts as such, nor another sign that trimming takes away. */
function isInk(byte: u8): bool {
  return byte > 0x20 && byte < 0x7f;
}

function addPart(elements: Column, from: usize, end: usize): bool {
  // What trimming might change is for the slow path.
  if (from >= end || !isInk(load<u8>(from)) || !isInk(load<u8>(end - 1))) return false;
  const index = addElement(elements);
  if (index < 0) return false;
  setValid(elements, index, true);
  return writeText(elements, index, from, end);
}

/** JSON, or what PowerShell writes in the place of a list: `System.Object[]`, `@{a=b}`. */
function mayBeOther(from: usize): bool {
  const byte = load<u8>(from);
  if (byte == 0x5b || byte == 0x7b || byte == 0x40) return true;
  // "Syst" and "Micr".
  return load<u32>(from) == 0x74737953 || load<u32>(from) == 0x7263694d;
}

// Integers as tools write them into the cells of a report; −1 is doubt.

/** With so many digits a number stays exact, whatever they are. */
const exactDigits: u32 = 15;
/** The same for the hours of a duration. */
const durationDigits: usize = 6;

/** The integer that the text between writes in this form. */
function readForm(form: u8, from: usize, end: usize): i64 {
  if (form == formBytes) return readBytes(from, end);
  return form == formDuration ? readDuration(from, end) : -1;
}

/** The digits between the last bracket and ` bytes)`, at which the text ends. */
function readBytes(from: usize, end: usize): i64 {
  if (end - from < 9 || load<u8>(end - 1) != 0x29) return -1;
  if (load<u16>(end - 7) != 0x6220 || load<u32>(end - 5) != 0x73657479) return -1;
  let value: i64 = 0;
  let unit: i64 = 1;
  let digits: u32 = 0;
  let at = end - 8;
  while (at >= from && load<u8>(at) != 0x28) {
    const digit = <u8>(load<u8>(at) - 0x30);
    if (digit < 10) {
      if (digits == exactDigits) return -1;
      value += unit * digit;
      unit *= 10;
      digits += 1;
    } else if (load<u8>(at) != 0x2c) return -1;
    at -= 1;
  }
  return at >= from && digits > 0 ? value : -1;
}

/** Days, hours, minutes and whole seconds, each there or not, in seconds. */
function readDuration(from: usize, end: usize): i64 {
  if (load<u8>(from) != 0x50 || end - from < 3) return -1;
  let at = from + 1;
  let seconds: i64 = 0;
  if (load<u8>(at) != 0x54) {
    const days = digitsOf(at);
    if (days == 0 || load<u8>(at + days) != 0x44) return -1;
    seconds = valueOf(at, days) * 86400;
    at += days + 1;
    if (at == end) return seconds;
  }
  if (load<u8>(at) != 0x54 || at + 1 == end) return -1;
  at += 1;
  for (let unit: u32 = 0; unit < 3 && at < end; unit += 1) {
    const count = digitsOf(at);
    if (count == 0) return -1;
    if (load<u8>(at + count) != letterOf(unit)) continue;
    seconds += valueOf(at, count) * (unit == 0 ? 3600 : unit == 1 ? 60 : 1);
    at += count + 1;
  }
  return at == end ? seconds : -1;
}

/** Of hours, minutes and seconds. */
function letterOf(unit: u32): u8 {
  return unit == 0 ? 0x48 : unit == 1 ? 0x4d : 0x53;
}

/** How many digits stand here; none where there are too many. */
function digitsOf(from: usize): usize {
  let at = from;
  while (<u8>(load<u8>(at) - 0x30) < 10) at += 1;
  return at - from > durationDigits ? 0 : at - from;
}

function valueOf(from: usize, count: usize): i64 {
  let value: i64 = 0;
  for (let at = from; at < from + count; at += 1) value = value * 10 + load<u8>(at) - 0x30;
  return value;
}
