import { Column } from "./columns";
import { isConcealed, readUuid, skipDay, skipTime, uuidBytes } from "./scalars";
import { Key, Table } from "./keys";
import { kindBoolean, kindDate, kindDateTime, kindInteger, kindNumber, kindText, kindUuid } from "./kinds";
import { note } from "./columns";
import { integerAt, numberAt, skipInteger, skipPlainNumber } from "./scalars";
import { isNull, skipBoolean } from "./skip";
import { escapes, quote, skipString } from "./strings";

/** How the values of one property are checked; compiled from the JSON Schema that ajv gets. */
@unmanaged
export class Field {
  kind: u8;
  isNullable: bool;
  isFilled: bool;
  isConcealable: bool;
  isRequired: bool;
  /** −∞ where there is none. */
  minimum: f64;
  /** Where its values go. */
  column: Column | null;
  /** Of an object: its keys. */
  table: Table | null;
  /** Of a list: what its elements are. */
  items: Field | null;
  key: Key | null;
  /** The next property of the same object. */
  following: Field | null;
  /** In how many accepted records it was null, or concealed. */
  nulls: u32;
  concealed: u32;
}

/** Behind the null of a stored property; 0 where it must have a value. */
export function readNull(from: usize, field: Field): usize {
  return field.isNullable && isNull(from) ? from + 4 : 0;
}

/** Behind a stored value that is no list and no object; 0 on doubt. */
export function readLeaf(from: usize, field: Field): usize {
  const kind = field.kind;
  if (kind == kindText) return readText(from, field);
  if (kind == kindBoolean) return skipBoolean(from);
  if (kind == kindInteger) return readInteger(from, field);
  if (kind == kindNumber) return readNumber(from, field);
  if (load<u8>(from) != quote) return 0;
  if (kind == kindUuid) return readUuid(from + 1) ? closeText(from + 1 + uuidBytes) : 0;
  if (kind == kindDate) return closeText(skipDay(from + 1));
  if (kind == kindDateTime) return closeText(skipTime(from + 1));
  return 0;
}

function closeText(at: usize): usize {
  return at != 0 && load<u8>(at) == quote ? at + 1 : 0;
}

function readText(from: usize, field: Field): usize {
  if (load<u8>(from) != quote) return 0;
  const before = escapes;
  const end = skipString(from);
  if (end == 0 || (field.isFilled && end == from + 2)) return 0;
  if (field.isConcealable) {
    if (escapes != before || mayBeBlank(field, from + 1, end - 1)) return 0;
    if (isConcealed(from + 1, end - 1)) note(changetype<usize>(field) + offsetof<Field>("concealed"));
  }
  return end;
}

/** Whether what is between may be no name where every row has one: empty, or begun by a space of any kind. Which it is is for the slow path. */
export function mayBeBlank(field: Field, from: usize, end: usize): bool {
  if (!field.isRequired) return false;
  return from == end || load<u8>(from) <= 0x20 || load<u8>(from) >= 0x80;
}

/** Behind a stored integer; 0 on doubt. */
export function readInteger(from: usize, field: Field): usize {
  const end = skipInteger(from);
  return end == 0 || <f64>integerAt(from, end) >= field.minimum ? end : 0;
}

/** Behind a stored number; 0 on doubt. */
export function readNumber(from: usize, field: Field): usize {
  const end = skipPlainNumber(from);
  return end == 0 || numberAt(from, end) >= field.minimum ? end : 0;
}
