import { isUtf8 } from "node:buffer";
import Papa from "papaparse";
import type { Issue } from "../issues.ts";
import { maxRowBytes, type CsvBatch } from "./csv-scanner.ts";
import { findInvalidUtf8 } from "../source/utf8.ts";

/** The fields of one CSV record, or why it has none; `undefined` for a blank line. */
export type ParsedRow = readonly string[] | Issue | undefined;

/** Parses a batch of CSV records with papaparse: all at once where that is safe, else each by itself. */
export function parseRows(batch: CsvBatch, delimiter: string): ParsedRow[] {
  return parseTogether(batch, delimiter) ?? batch.bounds.map((bound) => parseAlone(batch, bound, delimiter));
}

type Bound = CsvBatch["bounds"][number];

/** Undefined where the records do not all end alike, are not UTF-8, or papaparse sees other records than the scanner. */
function parseTogether({ bytes, bounds, isUnended }: CsvBatch, delimiter: string): ParsedRow[] | undefined {
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (first === undefined || last === undefined || isUnended) return undefined;
  const lineEnd = first.next - first.end;
  const isEven = bounds.every(({ end, next, isTooLarge }) => next - end === lineEnd && !isTooLarge);
  const text = bytes.subarray(first.start, last.end);
  if (!isEven || lineEnd === 0 || !isUtf8(text)) return undefined;
  const rows = parseText(text.toString("utf8"), delimiter, lineEnd === 2 ? "\r\n" : "\n");
  return rows?.length === bounds.length ? rows.map((row, at) => judgeRow(row, bytes, bounds[at])) : undefined;
}

function parseAlone(
  { bytes, offset }: CsvBatch,
  { start, end, isTooLarge }: Bound,
  delimiter: string,
): ParsedRow {
  if (isTooLarge) return { code: "too_large", limit: maxRowBytes };
  const row = bytes.subarray(start, end);
  if (row.length === 0) return undefined;
  if (!isUtf8(row)) return { code: "invalid_utf8", offset: offset + start + findInvalidUtf8(row) };
  const rows = parseText(row.toString("utf8"), delimiter, "\n");
  return rows?.length === 1 ? judgeRow(rows[0] ?? [""], row) : { code: "bad_quotes" };
}

function parseText(text: string, delimiter: string, newline: "\n" | "\r\n"): string[][] | undefined {
  // papaparse takes one byte order mark away: that of a field would be lost. With a line end behind it the last row is
  // judged as any other; what follows then is an empty one.
  const marked = `\uFEFF${text}${newline}`;
  const { data, errors } = Papa.parse<string[]>(marked, { delimiter, newline, header: false });
  return errors.length === 0 ? data.slice(0, -1) : undefined;
}

/** A row of blank cells is a blank line, as spreadsheets pad tables; a quote behind blanks would become part of the value. */
function judgeRow(row: readonly string[], bytes: Buffer, bound?: Bound): ParsedRow {
  if (row.every((cell) => cell.trim() === "")) return undefined;
  const isBare = (cell: string): boolean =>
    /^[ \t]+"/.test(cell) &&
    !bytes.toString("utf8", bound?.start, bound?.end).includes(`"${cell.replaceAll('"', '""')}"`);
  return row.some(isBare) ? { code: "bad_quotes" } : row;
}
