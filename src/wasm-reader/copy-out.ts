import type { Machine } from "./instance.ts";
import { reserve } from "../batch/byte-writer.ts";
import type { LaidField, LaidPlan } from "./compile-json.ts";
import { fitElements, hasTexts, widthOf, type Cells, type Sheet } from "../batch/record-batch.ts";

const numberBytes = 8;

/** Takes the rows that a machine has read into the sheet; the machine begins anew. */
export function collectRows(machine: Machine, plan: LaidPlan, sheet: Sheet): void {
  const { calls, bytes } = machine;
  const rows = calls.rows.value;
  if (rows === 0) return;
  const numbers = calls.numbers.value;
  bytesOf(sheet.numbers).set(bytes.subarray(numbers, numbers + rows * numberBytes));
  collectAll(machine, plan.properties, sheet.cells, rows);
  calls.clearRows();
}

function collectAll(
  machine: Machine,
  fields: readonly LaidField[],
  cells: readonly Cells[],
  count: number,
): void {
  fields.forEach((field, index) => {
    const cell = cells[index];
    if (cell) collect(machine, field, cell, count);
  });
}

/** So many values with what is in them. */
function collect(machine: Machine, { column, children }: LaidField, cells: Cells, count: number): void {
  const { calls, bytes } = machine;
  const values = calls.valuesOf(column);
  bytesOf(cells.values).set(bytes.subarray(values, values + count * widthOf(cells.kind)));
  const valid = calls.validOf(column);
  cells.valid.set(bytes.subarray(valid, valid + Math.ceil(count / 8)));
  if (hasTexts(cells.kind)) {
    const texts = calls.textsOf(column);
    const length = calls.textBytesOf(column);
    cells.at = 0;
    reserve(cells, length);
    cells.at = bytes.copy(cells.bytes, 0, texts, texts + length);
  }
  const [items] = children;
  const [elements] = cells.children;
  if (cells.kind !== "list") collectAll(machine, children, cells.children, count);
  else if (items && elements) {
    const inside = calls.countOf(items.column);
    fitInside(elements, inside);
    collect(machine, items, elements, inside);
  }
}

/** Makes room for elements and for what objects among them have. */
function fitInside(cells: Cells, count: number): void {
  fitElements(cells, count);
  if (cells.kind === "object") for (const child of cells.children) fitInside(child, count);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
