/** A row: what JSON can say of each of its values. */
export type Cells = readonly unknown[];

/** What a text of the engine's stands for. */
export type CellKind = "text" | "integer" | "decimal" | "number" | "boolean";

/** How a text of each kind becomes the cell that JSON can say; undefined where it is one. */
export const cellReaders: Readonly<Record<CellKind, ((text: string) => unknown) | undefined>> = {
  text: undefined,
  integer: toInteger,
  decimal: toDecimal,
  number: Number,
  boolean: (text) => text === "true",
};

/** A number where one holds the integer exactly; beyond 2^53 it stays a text. */
export function toInteger<Cell>(cell: Cell): Cell | number {
  return Number.isSafeInteger(Number(cell)) && cell !== null ? Number(cell) : cell;
}

/** A number where that is written the same; else it stays a text. */
export function toDecimal<Cell>(cell: Cell): Cell | number {
  return cell !== null && String(Number(cell)) === cell ? Number(cell) : cell;
}
