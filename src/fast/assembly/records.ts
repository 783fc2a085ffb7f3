import { accept, maxRecordBytes } from "./accept";
import { dropRow, isFull, rows } from "./columns";
import { clearAsked, Table } from "./keys";
import { clearNotes, hasAllNotes } from "./notes";
import { skipSpace } from "./strings";
import { readObject } from "./values";

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
