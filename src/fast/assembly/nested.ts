import { copyBytes } from "./memory";
import { Field, readLeaf, readNull } from "./fields";
import { lowerUuid, uuidBytes } from "./formats";
import { findKey, hasKey, Key, Table } from "./keys";
import { kindList, kindObject, kindUuid } from "./kinds";
import { maxDepth, skipAny } from "./skip";
import { quote, skipSpace } from "./strings";

// Lists and objects as the engine gets them: JSON without what is not stored, with nulls for what an object lacks.

/** Where the JSON is written, and behind the last place for it. */
let out: usize = 0;
let limit: usize = 0;
/** The objects that were met; each key knows the last of its own. */
let objects: u64 = 0;

/** The number of an object that begins. */
export function nextObject(): u64 {
  objects += 1;
  return objects;
}

/** Writes the value that opens here; returns the address behind it in the file, 0 on doubt. */
export function writeNested(from: usize, field: Field, place: usize, placeEnd: usize): usize {
  out = place;
  limit = placeEnd;
  return writeValue(from, field, 1);
}

/** Behind what was written. */
export function endOfNested(): usize {
  return out;
}

function put(from: usize, length: usize): bool {
  if (out + length > limit) return false;
  copyBytes(out, from, length);
  out += length;
  return true;
}

function putByte(byte: u8): bool {
  if (out >= limit) return false;
  store<u8>(out, byte);
  out += 1;
  return true;
}

function writeValue(from: usize, field: Field, depth: u32): usize {
  if (load<u8>(from) == 0x6e) {
    const end = readNull(from, field);
    return end != 0 && put(from, 4) ? end : 0;
  }
  if (field.kind == kindObject) return depth < maxDepth ? writeObject(from, field, depth + 1) : 0;
  if (field.kind == kindList) return depth < maxDepth ? writeList(from, field, depth + 1) : 0;
  const end = readLeaf(from, field);
  if (end == 0 || !put(from, end - from)) return 0;
  if (field.kind == kindUuid) lowerUuid(out - 1 - uuidBytes);
  return end;
}

function writeList(from: usize, field: Field, depth: u32): usize {
  const items = field.items;
  if (load<u8>(from) != 0x5b || !putByte(0x5b)) return 0;
  let at = skipSpace(from + 1);
  if (load<u8>(at) == 0x5d) return putByte(0x5d) ? at + 1 : 0;
  if (!items) return 0;
  while (true) {
    at = writeValue(at, items, depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (!putByte(byte)) return 0;
    if (byte == 0x5d) return at + 1;
    if (byte != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}

function writeObject(from: usize, field: Field, depth: u32): usize {
  const table = field.table;
  if (load<u8>(from) != 0x7b || !table || !putByte(0x7b)) return 0;
  const object = nextObject();
  let written: u32 = 0;
  let required: u32 = 0;
  let last: Key | null = null;
  let at = skipSpace(from + 1);
  while (load<u8>(at) == quote) {
    const key = nextKey(table, last, at);
    if (!key || key.isDoubtful || key.object == object) return 0;
    key.object = object;
    last = key;
    const valueAt = skipSpace(at + key.length);
    const stored = key.field;
    let end: usize;
    if (stored) {
      if (written > 0 && !putByte(0x2c)) return 0;
      written += 1;
      if (stored.isRequired) required += 1;
      if (!put(at, key.length)) return 0;
      end = writeValue(valueAt, stored, depth);
    } else end = skipAny(valueAt, depth);
    if (end == 0) return 0;
    at = skipSpace(end);
    if (load<u8>(at) != 0x2c) break;
    at = skipSpace(at + 1);
    if (load<u8>(at) != quote) return 0;
  }
  if (load<u8>(at) != 0x7d || required < table.required) return 0;
  if (written < table.fields && !writeMissing(table, object, written)) return 0;
  return putByte(0x7d) ? at + 1 : 0;
}

/** The key that opens here, guessed from the one before; null on doubt. */
export function nextKey(table: Table, last: Key | null, from: usize): Key | null {
  const guess = last ? last.next : table.first;
  if (guess && hasKey(guess, from)) return guess;
  const key = findKey(table, from);
  if (last) last.next = key;
  else table.first = key;
  return key;
}

/** Writes nulls for the properties that the object does not have. */
function writeMissing(table: Table, object: u64, written: u32): bool {
  let isFirst = written == 0;
  let field = table.firstField;
  while (field) {
    const key = field.key;
    if (key && key.object != object) {
      if (!isFirst && !putByte(0x2c)) return false;
      isFirst = false;
      if (!put(key.text, key.length) || !putNull()) return false;
    }
    field = field.following;
  }
  return true;
}

function putNull(): bool {
  if (out + 4 > limit) return false;
  store<u32>(out, 0x6c6c756e);
  out += 4;
  return true;
}
