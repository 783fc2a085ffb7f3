import { gzipSync } from "node:zlib";
import { zip } from "../fixtures/zip.js";
import { page } from "../workdir.ts";

export type Json = Record<string, unknown>;

/** A way in which a tool writes records; `isClosed` where every cut of it shows. */
export interface Shape {
  readonly name: string;
  readonly file: string;
  readonly isClosed: boolean;
  readonly write: (records: readonly Json[]) => string;
}

const next = { "@odata.nextLink": "https://graph.microsoft.us/v1.0/users?$skiptoken=x" };

function halves(records: readonly Json[]): [readonly Json[], readonly Json[]] {
  const middle = records.length >> 1;
  return [records.slice(0, middle), records.slice(middle)];
}

const lines = (records: readonly unknown[], end: string): string =>
  records.map((record) => JSON.stringify(record) + end).join("");

function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      pascal(inner),
    ]),
  );
}

/** As Windows PowerShell 5.1 does: times as /Date(ms)/, lists of one as their item, empty ones as an empty text. */
function windowsPowerShell(value: unknown): unknown {
  if (typeof value === "string")
    return /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(value) ? `/Date(${Date.parse(value)})/` : value;
  if (Array.isArray(value)) {
    if (value.length < 2) return value.length === 0 ? "" : windowsPowerShell(value[0]);
    return value.map(windowsPowerShell);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, windowsPowerShell(inner)]));
}

function csv(records: readonly Json[], delimiter: string, end: string): string {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = [names, ...records.map((record) => names.map((name) => record[name]))];
  return rows.map((row) => row.map(cell).join(delimiter) + end).join("");
}

const closed = (name: string, write: Shape["write"], file = "users.json"): Shape => ({
  name,
  file,
  isClosed: true,
  write,
});
const open = (name: string, write: Shape["write"], file = "users.json"): Shape => ({
  name,
  file,
  isClosed: false,
  write,
});

/** The shapes of a list of users. */
export const shapes: readonly Shape[] = [
  closed("a page", (records) => JSON.stringify(page("users", records))),
  closed("a page with indents and Windows line ends", (records) =>
    JSON.stringify(page("users", records), null, 2).replaceAll("\n", "\r\n"),
  ),
  closed("a bare array", (records) => JSON.stringify(records)),
  closed("a list of pages", (records) => {
    const [first, second] = halves(records);
    return JSON.stringify([page("users", first, next), page("users", second)]);
  }),
  closed("a list of lists", (records) => JSON.stringify(halves(records))),
  closed("a $batch", (records) => {
    const [first, second] = halves(records);
    const responses = [
      { id: "1", status: 200, headers: {}, body: page("users", first, next) },
      { id: "2", status: 200, headers: {}, body: page("users", second) },
    ];
    return JSON.stringify({ responses });
  }),
  closed('{"value": […], "Count": n}', (records) =>
    JSON.stringify({ value: records, Count: records.length }, null, 4),
  ),
  closed("objects of a PowerShell module", (records) => JSON.stringify(pascal(records), null, 2)),
  closed("AdditionalProperties", (records) =>
    JSON.stringify(records.map(({ id, ...more }) => ({ Id: id, Mail: null, AdditionalProperties: more }))),
  ),
  closed("Windows PowerShell 5.1", (records) =>
    JSON.stringify(windowsPowerShell([...records, null]), null, 4)
      .replace(/,\s*null\s*\]$/, "]")
      .replaceAll("/Date(", String.raw`\/Date(`)
      .replaceAll(")/", String.raw`)\/`)
      .replaceAll("\n", "\r\n"),
  ),
  open("concatenated pages", (records) => {
    const [first, second] = halves(records);
    return JSON.stringify(page("users", first, next)) + JSON.stringify(page("users", second));
  }),
  open("concatenated objects", (records) =>
    records.map((record) => JSON.stringify(record, null, 2)).join("\n"),
  ),
  open("NDJSON", (records) => lines(records, "\n"), "users.ndjson"),
  open("NDJSON with Windows line ends", (records) => lines(records, "\r\n"), "users.ndjson"),
  open("CSV", (records) => csv(records, ",", "\r\n"), "users.csv"),
  open("CSV with semicolons", (records) => `sep=;\n${csv(records, ";", "\n")}`, "users.csv"),
  open("CSV with tabs", (records) => csv(records, "\t", "\r\n"), "users.csv"),
];

/** The encodings in which a text comes. */
export const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a mark", (text) => Buffer.from(`\uFEFF${text}`)],
  ["UTF-8 with a mark twice", (text) => Buffer.from(`\uFEFF\uFEFF${text}`)],
  ["UTF-8 with a mangled mark", (text) => Buffer.from(`ï»¿${text}`)],
  ["UTF-16LE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16LE without a mark", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16BE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ["UTF-16BE without a mark", (text) => Buffer.from(text, "utf16le").swap16()],
];

/** What a file comes in. */
export const containers: readonly (readonly [string, (name: string, bytes: Buffer) => [string, Buffer]])[] = [
  ["plain", (name, bytes) => [name, bytes]],
  ["gz", (name, bytes) => [`${name}.gz`, gzipSync(bytes)]],
  ["zip", (name, bytes) => ["export.zip", zip([{ name: `a/${name}`, content: bytes }])]],
];
