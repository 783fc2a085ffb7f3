import { clearColumns, Column, createColumn } from "./columns";
import { Field } from "./fields";
import { addKey, createTable, Key, Table } from "./keys";
import { clearSheet, inputStart, planStart, setTopOfPlan, takePlan } from "./memory";

// What TypeScript calls: addresses go in and out, names are put where the file is read.

export { clearRows, rows, size } from "./columns";
export { inputBytes, inputStart, planStart, setTopOfPlan, topOfPlan } from "./memory";
export { asked } from "./keys";
export { behindRecords, numbers } from "./columns";
export { clearFirsts, firstAt, firsts } from "./columns";
export { readRecords, stoppedAt } from "./json";
export { readRows } from "./csv";
export { addCell, addWord, newReport, setHasNone, setSeparators } from "./csv";

/** Forgets the plan and its columns. */
export function clearPlan(): void {
  setTopOfPlan(planStart);
  clearSheet();
  clearColumns();
}

/** A plan's table of keys; 0 when there is no more memory. */
export function newTable(room: u32, isRecord: bool): usize {
  return changetype<usize>(createTable(room, isRecord));
}

/** A field of this kind. */
export function newField(kind: u8, isNullable: bool, isFilled: bool, minimum: f64): usize {
  const at = takePlan(offsetof<Field>());
  if (at == 0) return 0;
  const field = changetype<Field>(at);
  field.kind = kind;
  field.isNullable = isNullable;
  field.isFilled = isFilled;
  field.minimum = minimum;
  return at;
}

/** Makes the field an object with these keys, or a list of these elements. */
export function setInner(field: Field, table: usize, items: usize): void {
  field.table = changetype<Table | null>(table);
  field.items = changetype<Field | null>(items);
}

/** Makes the field that of the key that lies at the start of the input; 0 when there is no more memory. */
export function addField(table: Table, field: Field, length: usize, isRequired: bool): usize {
  const key = addKey(table, inputStart, length);
  if (!key) return 0;
  key.field = field;
  field.key = key;
  field.isRequired = isRequired;
  table.fields += 1;
  if (isRequired) table.required += 1;
  const last = table.lastField;
  if (last) last.following = field;
  else table.firstField = field;
  table.lastField = field;
  return changetype<usize>(key);
}

/** Gives a field a column with values of so many bytes; 0 when there is no more memory. */
export function addColumn(field: Field, width: u32, isInList: bool, hasTexts: bool): usize {
  const column = createColumn(width, isInList, hasTexts);
  if (!column) return 0;
  field.column = column;
  return changetype<usize>(column);
}

/** Says what an element weighs, of which there may be any number. */
export function setWeight(column: Column, bytes: u32): void {
  column.weight = bytes;
}

/** Says that concealed values of the field are counted. */
export function setConcealable(field: Field): void {
  field.isConcealable = true;
}

export function valuesOf(column: Column): usize {
  return column.values;
}

export function validOf(column: Column): usize {
  return column.valid;
}

export function textsOf(column: Column): usize {
  return column.texts;
}

export function textBytesOf(column: Column): usize {
  return column.at - column.texts;
}

/** How many elements there are. */
export function countOf(column: Column): u32 {
  return column.count;
}

export function textOf(key: Key): usize {
  return key.text;
}

export function lengthOf(key: Key): u32 {
  return key.length;
}

/** Says what a key is that was asked for. */
export function judge(key: Key, isDoubtful: bool, isEnvelope: bool): void {
  key.isDoubtful = isDoubtful;
  key.isEnvelope = isEnvelope;
}

/** What counts the accepted records that have the key. */
export function counterOf(key: Key): usize {
  return changetype<usize>(key) + offsetof<Key>("records");
}

/** In how many accepted records the key was there. */
export function recordsOf(key: Key): u32 {
  return key.records;
}

export function nullsOf(field: Field): u32 {
  return field.nulls;
}

export function concealedOf(field: Field): u32 {
  return field.concealed;
}
