import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ByteSource } from "../../src/source/decode.ts";
import { parseRows, type ParsedRow } from "../../src/parse/csv.ts";
import { scanCsv } from "../../src/parse/csv-scanner.ts";

function rowsOf(bytes: Buffer, step = bytes.length || 1): ParsedRow[] {
  let at = 0;
  const read = (target: Buffer, from: number): number => {
    const count = bytes.copy(target, from, at, Math.min(at + step, bytes.length));
    at += count;
    return count;
  };
  const source: ByteSource = { encoding: "utf-8", read, close: () => {} };
  const rows: ParsedRow[] = [];
  for (const batch of scanCsv(source, ","))
    if (batch.kind === "batch") for (const row of parseRows(batch, ",")) rows.push(row);
  return rows;
}

const shapes: readonly (readonly [string, string, ParsedRow[]])[] = [
  [
    "plain rows",
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "no line end at the end",
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "Windows line ends",
    'a,b\r\n"1","2"\r\n',
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "line ends of both kinds",
    'a,b\r\n1,2\n"3",4\r\n',
    [
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
    ],
  ],
  [
    "quoted line ends, commas and quotes",
    'a,b\n"x\ny","1,""2"""\nz,\n',
    [
      ["a", "b"],
      ["x\ny", '1,"2"'],
      ["z", ""],
    ],
  ],
  [
    "a quote inside an unquoted field",
    'a,b\n5" pipe,2\n3,4\n',
    [
      ["a", "b"],
      ['5" pipe', "2"],
      ["3", "4"],
    ],
  ],
  ["blank lines", "a,b\n\n1,2\n\n", [["a", "b"], undefined, ["1", "2"], undefined]],
  ["a quote that never closes", 'a,b\n"1,2\n3,4\n', [["a", "b"], { code: "bad_quotes" }, ["3", "4"]]],
  ["text behind a closing quote", 'a,b\n"1"x,2\n3,4\n', [["a", "b"], { code: "bad_quotes" }, ["3", "4"]]],
  [
    "spaces behind a closing quote",
    'a,b\n1,"2" \n"3" ,4\n',
    [
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
    ],
  ],
  [
    "spaces behind the last closing quote",
    'a,b\n1,"2" ',
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["uneven rows", "a,b\n1\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]],
];

test.each(shapes)("reads %s, wherever the blocks end", (_, text, rows) => {
  const bytes = Buffer.from(text);
  for (let step = 1; step <= bytes.length; step += 1) expect(rowsOf(bytes, step)).toEqual(rows);
});

test("refuses just the row with bytes that are not UTF-8", () => {
  const bytes = Buffer.concat([Buffer.from("a,b\n1,"), Buffer.from([0xff]), Buffer.from("\n3,4\n")]);
  expect(rowsOf(bytes)).toEqual([["a", "b"], { code: "invalid_utf8", offset: 6 }, ["3", "4"]]);
});

test("an unclosed quote at the head of a large file costs one row, not the rest", () => {
  const rows = rowsOf(Buffer.from(`a,b\n"1,2\n${"3,4\n".repeat(500_000)}`));
  expect(rows.length).toBe(500_002);
  expect(rows.filter((row) => row !== undefined && "code" in row)).toEqual([{ code: "bad_quotes" }]);
});

const spectrum = fileURLToPath(new URL("../../../shared/corpora/csv-spectrum", import.meta.url));

test.skipIf(!existsSync(spectrum))("reads csv-spectrum as its JSON files say", () => {
  const names = readdirSync(join(spectrum, "csvs")).map((name) => name.replace(/\.csv$/, ""));
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    if (name === "location_coordinates") continue; // its JSON file has another phone number than its CSV file
    const [head, ...rows] = rowsOf(readFileSync(join(spectrum, "csvs", `${name}.csv`))) as string[][];
    const records = rows
      .filter(Boolean)
      .map((row) => Object.fromEntries((head ?? []).map((key, index) => [key, row[index]])));
    const expected: unknown = JSON.parse(readFileSync(join(spectrum, "json", `${name}.json`), "utf8"));
    expect([name, records]).toEqual([name, expected]);
  }
});
