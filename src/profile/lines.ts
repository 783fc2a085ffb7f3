import { Readable } from "node:stream";
import { toJson } from "../escape.ts";
import type { Cell } from "./cells.ts";
import type { Profile, Section } from "./profile.ts";
import type { Row } from "./rows.ts";

/** A row and its line in a file, without the end of the line. */
export interface Line {
  readonly row: Row;
  readonly text: string;
}

/** What a file is written in: what stands at its top, the end of its lines, and its lines. */
export interface Lines {
  readonly head: string;
  readonly end: string;
  readonly batches: AsyncIterable<readonly Line[]>;
}

/** The lines of rows in the format of a profile. */
export async function toLines(
  profile: Profile,
  { columns }: Section,
  batches: AsyncIterable<readonly Row[]>,
): Promise<Lines> {
  const names = columns.map(({ to }) => to);
  if (profile.format === "csv") return await toCsv(profile, names, batches);
  return { head: "", end: "\n", batches: toJsonLines(names, batches) };
}

async function* toJsonLines(
  names: readonly string[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly Line[]> {
  for await (const batch of batches) yield batch.map((row) => ({ row, text: toJson(toObject(names, row)) }));
}

/** A row as JSON says it; what is unknown is not there. */
export function toObject(names: readonly string[], row: Row): Record<string, unknown> {
  const entries = names.map((name, index) => [name, row[index]] as const);
  return Object.fromEntries(entries.filter(([, cell]) => cell !== null));
}

/** The words of a CSV file for what is no text, and how its texts are written. */
export function csvForms({ csv = {} }: Profile): Required<NonNullable<Profile["csv"]>> {
  return {
    line_end: "LF",
    delimiter: ",",
    quote: "needed",
    bom: false,
    null: "",
    empty: "",
    true: "true",
    false: "false",
    ...csv,
  };
}

/** The line of each row is told when the transform has made it; rows and lines come in one order. */
async function toCsv(
  profile: Profile,
  names: readonly string[],
  rows: AsyncIterable<readonly Row[]>,
): Promise<Lines> {
  const { Transform } = await import("@json2csv/node");
  const { string: quoteString } = await import("@json2csv/formatters");
  const forms = csvForms(profile);
  const { delimiter } = forms;
  const end = forms.line_end === "CRLF" ? "\r\n" : "\n";
  const quoted = quoteString();
  const isOdd = (text: string): boolean => text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text);
  const write = (text: string): string => (forms.quote === "always" || isOdd(text) ? quoted(text) : text);
  const text = (value: string): string => (value === "" ? forms.empty : write(value));
  const transform = new Transform<readonly Row[], Row>(
    {
      eol: end,
      header: false,
      delimiter,
      includeEmptyRows: true,
      transforms: [(batch) => [...batch]],
      fields: names.map((name, index) => ({ label: name, value: (row: Row): Cell => row[index] ?? null })),
      formatters: {
        string: text,
        number: (value: number) => write(String(value)),
        boolean: (value: boolean) => write(value ? forms.true : forms.false),
        object: (value: object | null) => (value === null ? forms.null : text(JSON.stringify(value))),
      },
    },
    {},
    { objectMode: true, highWaterMark: 1 },
  );
  const pieces = { waiting: [] as Row[], lines: [] as Line[] };
  transform.on("line", (line: string) => {
    const row = pieces.waiting.shift();
    if (row !== undefined) pieces.lines.push({ row, text: line });
  });
  const source = Readable.from(remember(rows, pieces.waiting), { highWaterMark: 1 });
  source.on("error", (error) => transform.destroy(error));
  const head = `${forms.bom ? "\uFEFF" : ""}${names.map(text).join(delimiter)}${end}`;
  return { head, end, batches: takeLines(source.pipe(transform), pieces.lines) };
}

async function* remember(
  rows: AsyncIterable<readonly Row[]>,
  waiting: Row[],
): AsyncGenerator<readonly Row[]> {
  for await (const batch of rows) {
    for (const row of batch) waiting.push(row);
    yield batch;
  }
}

async function* takeLines(transform: AsyncIterable<unknown>, lines: Line[]): AsyncGenerator<readonly Line[]> {
  for await (const _ of transform) if (lines.length > 0) yield lines.splice(0);
  if (lines.length > 0) yield lines.splice(0);
}
