import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { isThorough, suiteTest } from "../extent.ts";
import { Workdir } from "../workdir.ts";

const seed = 20_261_101;

/** A dataset with a property of each kind; `item` is its key. */
const schema = {
  $id: "texts",
  title: "Texts",
  description: "Texts that must come out as they went in.",
  "x-kind": "state",
  "x-key": ["item"],
  "x-recognise": [["item", "content"]],
  "x-export": { graph: "none", portal: "none" },
  type: "object",
  required: ["item"],
  properties: {
    item: { description: "Number.", type: "string", "x-header": ["Item"] },
    content: { description: "Text.", type: ["string", "null"], "x-header": ["Content Of It"] },
    more: { description: "Text.", type: ["string", "null"] },
    amount: { description: "Integer.", type: ["integer", "null"], "x-header": ["Amount"] },
    flag: { description: "Boolean.", type: ["boolean", "null"] },
    moment: { description: "Time.", type: ["string", "null"], format: "date-time" },
    day: { description: "Day.", type: ["string", "null"], format: "date" },
    words: { description: "List.", type: ["array", "null"], items: { type: "string" }, "x-split": [";"] },
  },
};

interface Text {
  readonly content: string | null;
  readonly more: string | null;
  readonly amount: bigint | null;
  readonly flag: boolean | null;
  readonly moment: string | null;
  readonly day: string | null;
  readonly words: readonly string[] | null;
}

const awkward = fc.constantFrom(
  ...Array.from("\"',;\t\r\n\\/{}[]:#=+-@|\u0000\u0001\u0008\u001b\u007f\u00a0\u2028\u2029\uFEFFï»¿é😀 "),
  "\r\n",
  '""',
  "null",
  "System.Object[]",
  "@{a=b}",
  "#TYPE ",
  "sep=;",
  "3/4/2026",
  "True",
  "1e5",
);
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 3, arbitrary: fc.array(awkward, { maxLength: 8 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);
const wellFormed = anyText.filter((text) => text.isWellFormed());
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 6 });
const amounts = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n),
);
const moments = fc
  .date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());

const text: fc.Arbitrary<Text> = fc.record({
  content: maybe(wellFormed),
  more: maybe(wellFormed),
  amount: maybe(amounts),
  flag: maybe(fc.boolean()),
  moment: maybe(moments),
  day: maybe(moments.map((moment) => moment.slice(0, 10))),
  words: maybe(fc.array(wellFormed, { maxLength: 4 })),
});

type Item = Text & { readonly item: string };

/** Of each way of writing them so many are generated. */
const count = isThorough ? 2000 : 500;
const all = (4 * count).toLocaleString("en");

function sample(prefix: string, arbitrary: fc.Arbitrary<Text>, count: number): Item[] {
  const texts = fc.sample(arbitrary, { numRuns: count, seed });
  return texts.map((each, index) => ({ item: `${prefix}${String(index).padStart(6, "0")}`, ...each }));
}

/** JSON with the digits of every integer. */
function toJson({ amount, ...item }: Item): string {
  return `{"amount":${amount === null ? "null" : amount.toString()},${JSON.stringify(item).slice(1)}`;
}

/** What a query says of it: integers beyond 2^53 as texts, times without a T. */
function expected({ amount, moment, ...item }: Item): Record<string, unknown> {
  const isSafe = amount !== null && Number.isSafeInteger(Number(amount));
  return {
    ...item,
    amount: isSafe ? Number(amount) : (amount?.toString() ?? null),
    moment: moment === null ? null : Date.parse(moment),
  };
}

function importItems(files: Readonly<Record<string, string | Buffer>>): Record<string, unknown>[] {
  const dir = new Workdir();
  dir.write("schemas/texts.schema.json", schema);
  for (const [name, content] of Object.entries(files)) dir.write(`in/${name}`, content);
  const { files: told } = dir.import("in", "--schemas", "schemas", "--as-of", "2026-11-01");
  expect(told.map((file) => [file.file, file.records_rejected, file.records_duplicate])).toEqual(
    told.map(({ file }) => [file, 0, 0]),
  );
  return dir
    .query("select * exclude (source_file_id, record_number) from raw.texts order by item")
    .map(({ moment, ...row }) => ({
      ...row,
      moment: moment === null ? null : Date.parse(String(moment).replace(" ", "T").replace(/Z?$/, "Z")),
    }));
}

function expectSame(rows: readonly Record<string, unknown>[], items: readonly Item[]): void {
  const sorted = items
    .map(expected)
    .toSorted((left, right) => (String(left["item"]) < String(right["item"]) ? -1 : 1));
  const wrong = sorted.flatMap((item, index) =>
    Object.entries(item)
      .filter(([name, value]) => JSON.stringify(rows[index]?.[name]) !== JSON.stringify(value))
      .map(([name, value]) => [
        item["item"],
        name,
        JSON.stringify(value),
        JSON.stringify(rows[index]?.[name]),
      ]),
  );
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(rows.length).toBe(items.length);
}

test(`${all} generated records come out of the database as they stood in JSON`, () => {
  const page = sample("p", text, count);
  const list = sample("q", text, count);
  const lines = sample("r", text, count);
  const wide = sample("s", text, count);
  const rows = importItems({
    "page.json": `{"value":[${page.map(toJson).join(",\r\n")}]}`,
    "list.json": `[${list.map(toJson).join()}]`,
    "lines.ndjson": lines.map((item) => `${toJson(item)}\n`).join(""),
    "wide.json": Buffer.from(`\uFEFF[${wide.map(toJson).join()}]`, "utf16le"),
  });
  expectSame(rows, [...page, ...list, ...lines, ...wide]);
});

/** In CSV an empty cell is null; a list of words is split at `;`. */
const csvText: fc.Arbitrary<Text> = fc.record({
  content: maybe(wellFormed).map((each) => each || null),
  more: maybe(wellFormed).map((each) => each || null),
  amount: maybe(amounts),
  flag: maybe(fc.boolean()),
  moment: maybe(moments),
  day: maybe(moments.map((moment) => moment.slice(0, 10))),
  words: maybe(
    fc.array(fc.stringMatching(/^[A-Za-z0-9 ]{0,6}[A-Za-z]$/), { minLength: 1, maxLength: 4 }),
  ).map((words) => words?.map((word) => word.trim()) ?? null),
});

/** CSV whose fields are quoted where they must be, and elsewhere at random. */
function toCsv(items: readonly Item[], delimiter: string, end: string): string {
  const columns = ["flag", "content of it", "Item", "amount", "unknown", "MORE", "moment", "day", "words"];
  const quoted = fc.sample(fc.boolean(), { numRuns: (items.length + 1) * columns.length, seed });
  const cell = (value: string): string => {
    const must = /["\r\n]/.test(value) || value.includes(delimiter);
    return must || quoted.pop() ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const rows = items.map(({ item, content, more, amount, flag, moment, day, words }) =>
    [flag, content, item, amount, "x", more, moment, day, words?.join(";")].map((value) =>
      cell(String(value ?? "")),
    ),
  );
  return [columns.map(cell), ...rows].map((row) => row.join(delimiter) + end).join("");
}

test(`${all} generated records come out of the database as they stood in CSV`, () => {
  const [commas, semicolons, tabs, wide] = ["p", "q", "r", "s"].map((prefix) =>
    sample(prefix, csvText, count),
  );
  const rows = importItems({
    "commas.csv": toCsv(commas ?? [], ",", "\r\n"),
    "semicolons.csv": toCsv(semicolons ?? [], ";", "\n"),
    "tabs.csv": toCsv(tabs ?? [], "\t", "\r\n"),
    "wide.csv": Buffer.from(`\uFEFF${toCsv(wide ?? [], ",", "\n")}`, "utf16le"),
  });
  expectSame(
    rows,
    [commas, semicolons, tabs, wide].flatMap((items) => items ?? []),
  );
});

const naughty = fileURLToPath(new URL("../../../shared/corpora/blns/blns.json", import.meta.url));

suiteTest.skipIf(!existsSync(naughty))(
  "naughty strings go through import and export unchanged (skipped where the corpus is not there)",
  () => {
    const strings = JSON.parse(readFileSync(naughty, "utf8")) as string[];
    const dir = new Workdir();
    const users = strings.map((displayName, index) => ({
      id: String(index).padStart(4, "0"),
      userPrincipalName: `u${index}@contoso.example`,
      displayName,
    }));
    const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    const rows = strings.map((value, index) => `2026-11-01,m${index}@contoso.example,${quote(value)},5`);
    const head = "Report Refresh Date,User Principal Name,Display Name,Prohibit Send Quota (Byte)";
    dir.write("in/users.json", users);
    dir.write("in/mailboxes.csv", [head, ...rows, ""].join("\r\n"));
    const { files } = dir.import("in", "--as-of", "2026-11-01");
    expect(files.map((file) => [file.records_loaded, file.records_rejected])).toEqual([
      [strings.length, 0],
      [strings.length, 0],
    ]);
    const found = dir.query(
      "select displayName as name from raw.mailbox_usage_detail order by record_number",
    );
    expect(found.map(({ name }) => name)).toEqual(strings.map((value) => (value === "" ? null : value)));

    dir.run("export", "users", "--out", "json", "--format", "json");
    dir.run("export", "users", "--out", "csv", "--format", "csv");
    type Exported = { user_id: string; display_name: string };
    const names = (exported: readonly Exported[]): string[] =>
      exported
        .toSorted((left, right) => (left.user_id < right.user_id ? -1 : 1))
        .map((user) => user.display_name);
    expect(names(JSON.parse(dir.read("json/users.json")) as Exported[])).toEqual(strings);
    const { data } = Papa.parse<Exported>(
      dir
        .read("csv/users.csv")
        .replace(/^\uFEFF/, "")
        .trimEnd(),
      { header: true },
    );
    expect(names(data)).toEqual(strings);
  },
);
