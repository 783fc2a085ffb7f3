import { createHash } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import Papa from "papaparse";
import { streamBytes } from "../files.ts";
import type { Manifest, ManifestColumn, ManifestFile } from "./manifest.ts";
import type { Difference } from "./verify.ts";

/** The form of each type of cell. */
const forms: Readonly<Record<string, RegExp>> = {
  integer: /^-?\d+$/,
  decimal: /^-?\d+(?:\.\d+)?$/,
  number: /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i,
  boolean: /^(?:true|false)$/,
  date: /^\d{4,}-\d{2}-\d{2}$/,
  time: /^\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/,
};

type Count = Map<string, number>;

/** Compares what CSV files hold with what the manifest says of it. */
export async function checkContents(folder: string, manifest: Manifest): Promise<readonly Difference[]> {
  if (manifest.format !== "csv") return [];
  const values = new Map<string, Set<string>>();
  const differences: Difference[] = [];
  const dialect = readDialect(manifest);
  for (const file of manifest.files) {
    const collect = collector(manifest, file, values);
    differences.push(...(await checkFile(join(folder, file.file), file, { collect, dialect })));
  }
  for (const file of manifest.files)
    for (const { columns, file: other, columns_there: there, hard, unmatched } of file.relations) {
      const known = values.get(`${other} ${there.join(" ")}`) ?? new Set();
      const lost = [...(values.get(`${file.file} ${columns.join(" ")}`) ?? [])].filter(
        (value) => !known.has(value),
      );
      if (lost.length !== unmatched || (hard && lost.length > 0))
        differences.push({
          code: "relation_broken",
          file: file.file,
          expected: `${unmatched} without a row in ${other}`,
          found: String(lost.length),
        });
    }
  return differences;
}

/** How cells, lines and nothing are written. */
interface Dialect {
  readonly delimiter: string;
  readonly newline: "\n" | "\r\n";
  readonly hasMark: boolean;
  readonly isBlank: (cell: string) => boolean;
}

/** What is not as a profile may have it is read as we write it without one. */
function readDialect({ profile, dialect }: Manifest): Dialect {
  const { delimiter = ",", line_end: end, null: nothing = "", empty_text: empty = "" } = dialect;
  if (profile === null)
    return { delimiter: ",", newline: "\n", hasMark: false, isBlank: (cell) => cell === "" };
  return {
    delimiter: /^[,;\t|]$/.test(delimiter) ? delimiter : ",",
    newline: end === "CRLF" ? "\r\n" : "\n",
    hasMark: dialect["encoding"] === "UTF-8 with BOM",
    isBlank: (cell) => cell === "" || cell === nothing || cell === empty,
  };
}

interface Checking {
  readonly collect: Collect;
  readonly dialect: Dialect;
}

type Collect = (row: ReadonlyMap<string, string>) => void;

/** Keeps the values by which files name each other's rows. */
function collector(
  manifest: Manifest,
  { file, relations }: ManifestFile,
  values: Map<string, Set<string>>,
): Collect {
  const wanted = [
    ...relations.map(({ columns }) => columns),
    ...manifest.files
      .flatMap((other) => other.relations)
      .flatMap((relation) => (relation.file === file ? [relation.columns_there] : [])),
  ];
  const sets = wanted.map((names) => {
    const key = `${file} ${names.join(" ")}`;
    const set = values.get(key) ?? new Set<string>();
    values.set(key, set);
    return { names, set };
  });
  return (row) => {
    for (const { names, set } of sets) {
      const cells = names.map((name) => row.get(name) ?? "");
      if (!cells.includes("")) set.add(cells.join("\0"));
    }
  };
}

async function checkFile(
  path: string,
  file: ManifestFile,
  { collect, dialect }: Checking,
): Promise<readonly Difference[]> {
  const wrong: Count = new Map();
  const note = (code: string): void => void wrong.set(code, (wrong.get(code) ?? 0) + 1);
  const names = file.columns.map(({ name }) => name);
  const blanks = new Map(names.map((name) => [name, 0]));
  const sums = new Map(Object.keys(file.totals ?? {}).map((name) => [name, 0n]));
  const keys = new Set<string>();
  let rows = -1;
  for await (const cells of parseRows(path, dialect)) {
    rows += 1;
    if (rows === 0) {
      if (cells.join("\0") !== names.join("\0")) return [{ code: "header_differs", file: file.file }];
      continue;
    }
    if (cells.length !== names.length) {
      // What papaparse makes of the end of the last line.
      if (cells.length === 1 && cells[0] === "" && rows > file.rows) rows -= 1;
      else note("type_differs");
      continue;
    }
    const row = new Map(names.map((name, index) => [name, cells[index] ?? ""]));
    for (const column of file.columns) {
      const cell = row.get(column.name) ?? "";
      if (dialect.isBlank(cell)) blanks.set(column.name, (blanks.get(column.name) ?? 0) + 1);
      else checkCell(column, cell, note);
    }
    for (const [name, sum] of sums) sums.set(name, sum + toInteger(row.get(name) ?? ""));
    if (
      file.key.length > 0 &&
      isRepeated(
        file.key.map((name) => row.get(name) ?? ""),
        keys,
      )
    )
      note("key_repeated");
    collect(row);
  }
  return [...describe(file, wrong), ...compareCounts(file, { rows, blanks, sums })];
}

function parseRows(path: string, { delimiter, newline, hasMark }: Dialect): AsyncIterable<string[]> {
  const bytes = streamBytes(path).setEncoding("utf8");
  const input: Readable = hasMark ? Readable.from(withoutMark(bytes)) : bytes;
  // Line ends within a row are none that a file has: the first would else be guessed from them.
  const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter, newline });
  input.on("error", (error: Error) => parser.destroy(error));
  return input.pipe(parser);
}

async function* withoutMark(pieces: AsyncIterable<unknown>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const piece of pieces) {
    yield isFirst ? String(piece).replace(/^\uFEFF/, "") : String(piece);
    isFirst = false;
  }
}

function checkCell(column: ManifestColumn, cell: string, note: (code: string) => void): void {
  if (forms[column.type]?.test(cell) === false) note("type_differs");
  else if (column.enum?.includes(cell) === false) note("enum_differs");
}

function toInteger(cell: string): bigint {
  return forms["integer"]?.test(cell) ? BigInt(cell) : 0n;
}

/** A hash of each key: keys may be long, and many. */
function isRepeated(cells: readonly string[], keys: Set<string>): boolean {
  if (cells.includes("")) return false;
  const key = createHash("sha256").update(cells.join("\0")).digest().toString("latin1", 0, 16);
  if (keys.has(key)) return true;
  keys.add(key);
  return false;
}

function describe({ file }: ManifestFile, wrong: Count): readonly Difference[] {
  return [...wrong].map(([code, count]) => ({ code, file, found: `${count} times` }));
}

interface Counts {
  readonly rows: number;
  readonly blanks: Count;
  readonly sums: ReadonlyMap<string, bigint>;
}

function compareCounts(file: ManifestFile, { rows, blanks, sums }: Counts): readonly Difference[] {
  const differences: Difference[] = [];
  if (rows !== file.rows)
    differences.push({
      code: "rows_differ",
      file: file.file,
      expected: String(file.rows),
      found: String(rows),
    });
  for (const { name, nulls, empties, nullable } of file.columns) {
    const found = blanks.get(name) ?? 0;
    if (found === nulls + empties && (nullable || nulls === 0)) continue;
    differences.push({
      code: "null_found",
      file: file.file,
      expected: `${nulls + empties} in ${name}`,
      found: String(found),
    });
  }
  for (const [name, sum] of sums)
    if (String(sum) !== file.totals?.[name])
      differences.push({
        code: "total_differs",
        file: file.file,
        expected: `${name} ${file.totals?.[name] ?? ""}`,
        found: String(sum),
      });
  return differences;
}
