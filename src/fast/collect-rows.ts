import type { Machine } from "../machine.ts";
import { reserve } from "../packet.ts";
import type { LaidPlan } from "./lay-plan.ts";
import type { Sheet } from "./sheet.ts";

const numberBytes = 8;

/** Takes the rows that a machine has read into the sheet; the machine begins anew. */
export function collectRows({ calls, bytes }: Machine, plan: LaidPlan, sheet: Sheet): void {
  const rows = calls.rows.value;
  if (rows === 0) return;
  bytesOf(sheet.numbers).set(bytes.subarray(calls.numbers.value, calls.numbers.value + rows * numberBytes));
  plan.properties.forEach(({ column, hasTexts }, index) => {
    const cells = sheet.cells[index];
    if (cells === undefined) return;
    const values = calls.valuesOf(column);
    const valueBytes = (cells.values.byteLength / sheet.numbers.length) * 2 * rows;
    bytesOf(cells.values).set(bytes.subarray(values, values + valueBytes));
    const valid = calls.validOf(column);
    cells.valid.set(bytes.subarray(valid, valid + cells.valid.length));
    if (!hasTexts) return;
    const texts = calls.textsOf(column);
    const length = calls.textBytesOf(column);
    cells.at = 0;
    reserve(cells, length);
    cells.at = bytes.copy(cells.bytes, 0, texts, texts + length);
  });
  calls.clearRows();
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
