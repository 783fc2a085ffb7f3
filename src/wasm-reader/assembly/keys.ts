import { copyBytes, takePlan } from "./memory";
import { skipKey } from "./strings";
import { Field } from "./fields";

/** A key of an object, as it stands in the file with its quotes and the colon. */
@unmanaged
export class Key {
  hash: u32;
  length: u32;
  /** Its bytes, zeros up to a multiple of sixteen, and a mask for the last of them. */
  text: usize;
  /** What is known of the property with this key; none for one that is not stored. */
  field: Field | null;
  /** The key that came behind it the last time. */
  next: Key | null;
  /** The object in which it was met last. */
  object: u64;
  /** How many accepted records have it. */
  records: u32;
  /** Objects that have it are for the slow path. */
  isDoubtful: bool;
  /** The same where it is the first of a list's element, which may be a page then. */
  isEnvelope: bool;
}

/** The keys of objects that have one plan, known ones and those that were met. */
@unmanaged
export class Table {
  slots: usize;
  mask: u32;
  count: u32;
  /** How many properties it has, and how many of them an object must have. */
  fields: u32;
  required: u32;
  firstField: Field | null;
  lastField: Field | null;
  /** The key that came first the last time. */
  first: Key | null;
  /** Keys that no property has are for TypeScript to judge. */
  isRecord: bool;
}

/** A key that was met for the first time and is to be judged before the object with it can be read. */
export let asked: Key | null = null;

export function clearAsked(): void {
  asked = null;
}

/** A table with room for so many keys; null when there is no more memory. */
export function createTable(room: u32, isRecord: bool): Table | null {
  let slots: u32 = 16;
  while (slots < room * 2) slots *= 2;
  const at = takePlan(offsetof<Table>());
  const slotsAt = takePlan(<usize>slots * 4);
  if (at == 0 || slotsAt == 0) return null;
  const table = changetype<Table>(at);
  table.slots = slotsAt;
  table.mask = slots - 1;
  table.isRecord = isRecord;
  return table;
}

/** Any two keys that are the same have the same. */
function hashOf(from: usize, length: usize): u32 {
  let hash: u64 = <u64>length;
  const last = from + (length & ~7);
  let at = from;
  while (at < last) {
    hash = mix(hash ^ load<u64>(at));
    at += 8;
  }
  const rest = length & 7;
  if (rest > 0) hash = mix(hash ^ (load<u64>(at) & (((<u64>1) << (<u64>(rest * 8))) - 1)));
  return <u32>(hash >> 32);
}

function mix(value: u64): u64 {
  const product = value * 0x9e3779b97f4a7;
  return product ^ (product >> 32);
}

/** Whether the key stands here. */
export function hasKey(key: Key, from: usize): bool {
  const text = key.text;
  const last: usize = (<usize>key.length - 1) & ~15;
  for (let done: usize = 0; done < last; done += 16)
    if (v128.any_true(v128.xor(v128.load(from + done), v128.load(text + done)))) return false;
  const mask = v128.load(text + last + 16);
  const difference = v128.xor(v128.load(from + last), v128.load(text + last));
  return !v128.any_true(v128.and(difference, mask));
}

/** The key that opens here, known or new; null on doubt. */
export function findKey(table: Table, from: usize): Key | null {
  const end = skipKey(from);
  if (end == 0) return null;
  const length = end - from;
  const hash = hashOf(from, length);
  let slot = hash & table.mask;
  let key = keyIn(table, slot);
  while (key) {
    if (key.hash == hash && key.length == <u32>length && hasKey(key, from)) return key;
    slot = (slot + 1) & table.mask;
    key = keyIn(table, slot);
  }
  const added = addKey(table, from, length);
  if (!added) return null;
  if (table.isRecord) {
    asked = added;
    return null;
  }
  added.isDoubtful = isProto(from, length);
  return added;
}

function keyIn(table: Table, slot: u32): Key | null {
  return changetype<Key | null>(<usize>load<u32>(table.slots + <usize>slot * 4));
}

/** Puts a key that is not there yet into the table; null where the table or the memory is full. */
export function addKey(table: Table, from: usize, length: usize): Key | null {
  if (table.count * 2 > table.mask) return null;
  const padded = (length + 15) & ~15;
  const at = takePlan(offsetof<Key>());
  const text = takePlan(padded + 16);
  if (at == 0 || text == 0) return null;
  const key = changetype<Key>(at);
  key.hash = hashOf(from, length);
  key.length = <u32>length;
  key.text = text;
  copyBytes(text, from, length);
  memory.fill(text + length, 0, padded - length);
  const mask = text + padded;
  memory.fill(mask, 0xff, 16 - (padded - length));
  let slot = key.hash & table.mask;
  while (keyIn(table, slot)) slot = (slot + 1) & table.mask;
  store<u32>(table.slots + <usize>slot * 4, <u32>at);
  table.count += 1;
  return key;
}

/** `"__proto__":`, which JavaScript takes for something else. */
export function isProto(from: usize, length: usize): bool {
  if (length != 12 || load<u8>(from + 9) != 0x5f) return false;
  return load<u32>(from + 1) == 0x72705f5f && load<u32>(from + 5) == 0x5f6f746f;
}
