import { readInteger } from "../coerce.ts";
import type { Property } from "../dataset.ts";
import { reserve } from "../packet.ts";
import type { Cells, ColumnKind } from "./sheet.ts";
import { endText, writeHalves } from "./sheet-rows.ts";
import { formatWriters, isAt, toListWriter, writeNumber, writePlain, type WriteCell } from "./cell-texts.ts";
import { isConcealed, readDay } from "./texts.ts";
import { digitsOf, skipInteger } from "./numbers.ts";

/** Takes the value of a cell that is not empty, bytes `from` to `end`, into the row that is being written; false on doubt. */
export type ReadCell = (cells: Cells, bytes: Buffer, from: number, end: number) => boolean;

/** How the cells of a property are read, and what of them the engine gets. */
export interface CellReader {
  readonly kind: ColumnKind;
  readonly read: ReadCell;
}

/** How the cells of a property are read; undefined where none of them is plain. */
export function maybeCellReader(property: Property, isInverted: boolean): CellReader | undefined {
  const { type, format, words } = property;
  if (words.none.length > 0 && type !== "integer") return undefined;
  switch (type) {
    case "string":
      if (format === undefined) return { kind: "text", read: toTextReader(writePlain) };
      if (format === "date") return { kind: "day", read: readDate };
      return { kind: "text", read: toTextReader(formatWriters[format]) };
    case "boolean":
      return { kind: "truth", read: toBooleanReader(property, isInverted) };
    case "integer":
      return { kind: "integer", read: toIntegerReader(property) };
    case "number":
      return { kind: "json", read: toTextReader(writeNumber) };
    case "array": {
      const write = toListWriter(property);
      return write && { kind: "json", read: toTextReader(write) };
    }
    default:
      return undefined;
  }
}

/** The most that a value adds to its cell: brackets and quotes. */
const valueBytes = 24;

function toTextReader(write: WriteCell): ReadCell {
  return (cells, bytes, from, end) => {
    const start = cells.at;
    reserve(cells, (end - from) * 2 + valueBytes);
    if (!write(cells, bytes, from, end)) return false;
    endText(cells, start);
    return true;
  };
}

function readDate({ values, sheet }: Cells, bytes: Buffer, from: number, end: number): boolean {
  const day = end - from === 10 ? readDay(bytes, from) : undefined;
  if (day === undefined) return false;
  values[sheet.rows] = day;
  return true;
}

/** Integers in digits, and those in a form of their own, `1 GB (1,073,741,824 bytes)`, as the slow path reads them. */
function toIntegerReader(property: Property): ReadCell {
  const { words, textForm } = property;
  return ({ values, sheet }, bytes, from, end) => {
    const isDigits = words.none.length === 0 && skipInteger(bytes, from) === end;
    const value = isDigits ? digitsOf(bytes, from, end) : formOf(property, bytes.toString("utf8", from, end));
    // Larger ones are no exact numbers here.
    if (typeof value !== "number") return false;
    writeHalves(values as Uint32Array, sheet.rows, value);
    return true;
  };

  function formOf(of: Property, text: string): number | bigint | undefined {
    if (textForm === undefined && words.none.length === 0) return undefined;
    return words.none.includes(text.trim()) ? undefined : readInteger(of, text.trim());
  }
}

/** Below this nothing is taken by the fast path: ajv says it. */
export function withMinimum(read: ReadCell, minimum: number): ReadCell {
  return (cells, bytes, from, end) =>
    Number(bytes.toString("latin1", from, end)) >= minimum && read(cells, bytes, from, end);
}

function toBooleanReader({ words }: Property, isInverted: boolean): ReadCell {
  const forms = [
    ...words.true.map((word) => [word, true] as const),
    ...words.false.map((word) => [word, false] as const),
    ...["True", "true", "Yes"].map((word) => [word, true] as const),
    ...["False", "false", "No"].map((word) => [word, false] as const),
  ].map(([word, isTrue]) => ({ word: Buffer.from(word), value: isTrue === isInverted ? 0 : 1 }));
  return ({ values, sheet }, bytes, from, end) => {
    for (const { word, value } of forms)
      if (isAt(word, bytes, from, end)) {
        values[sheet.rows] = value;
        return true;
      }
    return false;
  };
}

/** The same reader, for a property of which concealed names are counted. */
export function withConcealment(read: ReadCell, onConcealed: () => void): ReadCell {
  return (cells, bytes, from, end) => {
    if (isConcealed(bytes, from, end)) onConcealed();
    return read(cells, bytes, from, end);
  };
}
