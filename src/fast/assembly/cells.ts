import { Column, placeOf, setValid, writeText } from "./columns";
import { Field, readInteger, readNumber } from "./fields";
import { isConcealed, lastDay, lastTime, readUuid, skipDay, skipTime, uuidBytes, writeUuid } from "./formats";
import {
  kindBoolean,
  kindDate,
  kindDateTime,
  kindInteger,
  kindList,
  kindNumber,
  kindText,
  kindUuid,
  meansNone,
} from "./kinds";
import { note } from "./notes";
import { integerAt, numberAt } from "./numbers";
import { isInk, readParts } from "./parts";
import { readForm } from "./text-forms";
import { setNull, writeList } from "./values";

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
      if (field.isConcealable && isConcealed(from, end)) noteConcealed(field);
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
