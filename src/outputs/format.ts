import { Readable } from "node:stream";
import { markdownTable } from "markdown-table";
import stringWidth from "fast-string-width";
import type { Cells } from "../database/cells.ts";
import type { Column, Rows } from "../database/rows.ts";
import { escapeControls, toJson } from "../escape.ts";
import { screenWidth, wrapText } from "./wrap.ts";

export type Format = "table" | "csv" | "json" | "ndjson" | "markdown";

/** What was seen while rows were written: how many, and how many cells a spreadsheet would take for formulas. */
export interface Seen {
  rows: number;
  formulaCells: number;
}

export interface FormatOptions {
  /** Put an apostrophe before cells that a spreadsheet would run as formulas (CSV only). */
  readonly isSafe?: boolean;
  readonly seen?: Seen;
}

/** The text of rows in a format, piece by piece. */
export async function* formatRows(
  rows: Rows,
  format: Format,
  options: FormatOptions = {},
): AsyncGenerator<string> {
  const counted: Rows = { columns: rows.columns, batches: countRows(rows.batches, options.seen) };
  if (format === "csv") yield* formatCsv(counted, options);
  else if (format === "json") yield* formatJson(counted);
  else if (format === "ndjson") yield* formatLines(counted);
  else yield formatTable(rows.columns, await collect(counted.batches), format);
}

async function* countRows(
  batches: Rows["batches"],
  seen?: Seen,
): Rows["batches"] extends AsyncIterable<infer Batch> ? AsyncGenerator<Batch> : never {
  for await (const batch of batches) {
    if (seen) seen.rows += batch.length;
    yield batch;
  }
}

async function collect(batches: Rows["batches"]): Promise<Cells[]> {
  const all: Cells[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

async function* formatLines({ columns, batches }: Rows): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map((row) => `${toJson(toObject(columns, row))}\n`).join("");
}

async function* formatJson({ columns, batches }: Rows): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + batch.map((row) => toJson(toObject(columns, row))).join(",\n");
    separator = ",\n";
  }
  yield separator === ",\n" ? "\n]\n" : "[]\n";
}

function toObject(columns: readonly Column[], row: Cells): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]));
}

/** A cell that OWASP lists as a formula for spreadsheets, also with its signs in full width; a plain number is none. */
const formula = /^(?!-\d+(\.\d+)?$)[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Whether a spreadsheet would take a text for a formula. */
export function isFormula(text: string): boolean {
  return formula.test(text);
}

/** The line that says what was done with such cells. */
export function describeFormulas(cells: number, isSafe: boolean): string {
  const [begin, were, are, them] =
    cells === 1
      ? ["cell begins", "was made harmless", "is written as it is", "it"]
      : ["cells begin", "were made harmless", "are written as they are", "them"];
  const treatment = isSafe ? were : `${are} (--safe-cells makes ${them} harmless)`;
  return `notice: ${cells} ${begin} like a spreadsheet formula and ${treatment}`;
}

const needsQuotes = /[",\r\n]|^\s|\s$/;

/** What has nothing of this is written as it is: one look at most cells instead of two. */
const isOdd = /[",\r\n]|^[\s=+\-@\uff1d\uff0b\uff0d\uff20]|\s$|^$/;

/** CSV by RFC 4180 with LF: unknown is an empty field, an empty text is `""`. */
async function* formatCsv(
  { columns, batches }: Rows,
  { isSafe = false, seen }: FormatOptions,
): AsyncGenerator<string> {
  // Only where CSV is wanted: it takes a third of the time that --help may take.
  const { Transform } = await import("@json2csv/node");
  const { string: quoteString } = await import("@json2csv/formatters");
  const quoted = quoteString();
  const quote = (value: string): string => (needsQuotes.test(value) ? quoted(value) : value);
  const text = (value: string): string => (isOdd.test(value) ? writeOdd(value) : value);
  const writeOdd = (value: string): string => {
    if (value === "") return '""';
    if (!formula.test(value)) return quote(value);
    if (seen) seen.formulaCells += 1;
    return quote(isSafe ? `'${value}` : value);
  };
  const transform = new Transform<readonly Cells[], Cells>(
    {
      eol: "\n",
      // A row of which nothing is known is one, too.
      includeEmptyRows: true,
      // A batch at a time: row by row the streams take longer than all that is done with the cells.
      transforms: [(batch) => [...batch]],
      fields: columns.map(({ name }, index) => ({ label: name, value: (row: Cells) => row[index] })),
      formatters: {
        header: text,
        string: text,
        object: (value: object | null) => (value === null ? "" : text(JSON.stringify(value))),
      },
    },
    {},
    { objectMode: true, highWaterMark: 1 },
  );
  const source = Readable.from(batches, { highWaterMark: 1 });
  source.on("error", (error) => transform.destroy(error));
  let isEmpty = true;
  for await (const piece of source.pipe(transform)) {
    isEmpty = false;
    yield String(piece);
  }
  yield isEmpty ? `${columns.map(({ name }) => text(name)).join(",")}\n` : "\n";
}

/** Rows as aligned columns, numbers to the right, unknown as `-`; or as a Markdown table. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly Cells[],
  format: "table" | "markdown" = "table",
): string {
  const texts = rows.map((row) => row.map(toText));
  const head = columns.map(({ name }) => escapeControls(name));
  if (format === "markdown") {
    const align = columns.map(({ isNumber }) => (isNumber ? "right" : "left"));
    return `${markdownTable(
      [head, ...texts].map((row) => row.map((text) => text.replaceAll("|", "\\|"))),
      { align, stringLength: stringWidth },
    )}\n`;
  }
  return alignTexts(columns, [head, ...texts]);
}

/** Rows as aligned columns in lines of a screen's width: what is too long in the widest column of texts goes on in lines below. */
export function fitTable(columns: readonly Column[], rows: readonly Cells[]): string {
  const texts = [columns.map(({ name }) => escapeControls(name)), ...rows.map((row) => row.map(toText))];
  const widths = measure(columns, texts);
  const widest = columns.reduce(
    (best, { isNumber }, index) => (!isNumber && (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
    columns.findIndex(({ isNumber }) => !isNumber),
  );
  const total = widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
  if (total <= screenWidth || widest < 0) return alignTexts(columns, texts);
  const room = Math.max(12, (widths[widest] ?? 0) - (total - screenWidth));
  const lines = texts.flatMap((row) =>
    wrapText(row[widest] ?? "", room).map((part, place) =>
      row.map((text, index) => (index === widest ? part : place === 0 ? text : "")),
    ),
  );
  return alignTexts(columns, lines);
}

const gap = "  ";

function measure(columns: readonly Column[], texts: readonly (readonly string[])[]): number[] {
  // Not Math.max(...): there may be more rows than a call may have arguments.
  return columns.map((_column, index) =>
    texts.reduce((width, row) => Math.max(width, stringWidth(row[index] ?? "")), 0),
  );
}

function alignTexts(columns: readonly Column[], texts: readonly (readonly string[])[]): string {
  const widths = measure(columns, texts);
  const line = (row: readonly string[]): string =>
    row
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]))
      .join(gap)
      .trimEnd();
  return texts.map((row) => `${line(row)}\n`).join("");
}

function pad(text: string, width: number, column: Column | undefined): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return column?.isNumber ? space + text : text + space;
}

function toText(cell: unknown): string {
  if (cell === null || cell === undefined) return "-";
  return escapeControls(typeof cell === "object" ? JSON.stringify(cell) : String(cell));
}
