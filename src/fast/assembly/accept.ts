import { keepRow, rows } from "./columns";
import { settleNotes } from "./notes";

/** Longer records may have too many values. */
export const maxRecordBytes: usize = 100000;

/** Behind the record that was accepted last. */
export let behindRecords: usize = 0;

/** The numbers of the rows' records. */
export const numbers: usize = memory.data(2048 * 8, 8);

/** Makes what was written the row of the record with this number, which ends before this address. */
export function accept(number: i64, behind: usize): void {
  store<i64>(numbers + rows * 8, number);
  settleNotes();
  keepRow();
  behindRecords = behind;
}
