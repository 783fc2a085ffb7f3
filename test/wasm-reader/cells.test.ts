import { expect, test } from "vitest";
import type { Dataset } from "../../src/schema/dataset.ts";
import { createCompare } from "./compare.ts";
import { cells } from "./damage-rows.ts";
import { isThorough, suiteTest } from "../extent.ts";
import { createBench, type Bench } from "../proving.ts";
import { Workdir } from "../workdir.ts";

const nullable = (type: string, more: object = {}): object => ({
  description: "One.",
  type: [type, "null"],
  ...more,
});
const list = (more: object): object => nullable("array", { items: { type: "string" }, ...more });

/** A property of each kind that a cell can have. */
const properties = {
  item: { description: "Item.", type: "string", "x-header": ["Report Refresh Date"] },
  text: nullable("string"),
  wanted: { description: "Wanted.", type: "string" },
  noneText: nullable("string", { "x-none": ["None", "Unlimited"] }),
  who: nullable("string", { "x-concealable": true }),
  name: nullable("string", { "x-concealable": true }),
  uuid: nullable("string", { format: "uuid" }),
  day: nullable("string", { format: "date" }),
  moment: nullable("string", { format: "date-time" }),
  whole: nullable("integer"),
  positive: nullable("integer", { minimum: 0 }),
  limit: nullable("integer", { "x-none": ["Unlimited"] }),
  bytes: nullable("integer", { "x-text": "bytes" }),
  seconds: nullable("integer", { "x-text": "duration", minimum: 1 }),
  amount: nullable("number"),
  least: nullable("number", { minimum: 1 }),
  flag: nullable("boolean"),
  able: nullable("boolean", { "x-true": ["Capable"], "x-false": ["Not Capable"], "x-none": ["None"] }),
  enabled: nullable("boolean", { "x-inverted-header": ["Is Blocked"] }),
  plus: list({ "x-split": ["+"] }),
  plusOrSemicolon: list({ "x-split": ["+", ";"] }),
  commas: list({ "x-split": [", ", "; ", ",", ";"], "x-none": ["None"] }),
  spaced: list({ "x-split": [", "] }),
  whole1: list({}),
  uuids: nullable("array", { items: { type: "string", format: "uuid" } }),
  object: nullable("object", { properties: { a: nullable("integer") } }),
};

const schema = {
  $schema: "./meta/dataset.schema.json",
  $id: "strange_cells",
  title: "Strange cells",
  description: "Cells of all kinds.",
  "x-kind": "event",
  "x-key": ["item"],
  "x-recognise": [["item", "text"]],
  "x-export": { graph: "none", portal: "none" },
  type: "object",
  properties,
  required: ["item", "wanted", "name"],
};

const dir = new Workdir();
const bench = createBench([dir.write("schemas/strange_cells.schema.json", schema).replace(/[^/]*$/, "")]);
const compare = createCompare(bench, "cells");
const headings = Object.keys(properties).map((name) =>
  name === "item" ? "Report Refresh Date" : name === "enabled" ? "Is Blocked" : name,
);

/** Each text, plain and quoted, as the cell of each column; between these rows stand good ones, so that each is tried. */
function strangeRows(delimiter: string): string[] {
  const good = headings.map((name): string => (name === headings[0] || name === "wanted" ? "x" : ""));
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const written = [...cells, ...more].flatMap((text) => [text, quote(text)]);
  written.push(...controls.map((text) => quote(text + delimiter)));
  return headings.flatMap((_, column) =>
    written.flatMap((cell) => [good.with(column, cell), good].map((row) => row.join(delimiter))),
  );
}

/** They would be the end of what a reader sees that takes no account of quotes. */
const controls = ["a\t", "a\n", "a\r", "a\r\n"];

const more = [
  "a",
  "A + B;C",
  "A+B;C +D",
  "x+",
  "True ",
  "No",
  "yes",
  "1.10",
  "-1",
  "-0.5",
  "0.50",
  "1E3",
  "5.",
  "12;13",
];

suiteTest.each([
  ["commas", ",", "\n"],
  ["semicolons", ";", "\r\n"],
  ["tabs", "\t", "\n"],
] as const)(
  "every strange cell is read as papaparse and ajv judge it, in every column: %s",
  async (_, delimiter, end) => {
    const dataset = bench.datasets.get("strange_cells");
    if (dataset === undefined) throw new Error("there is no such schema");
    const rows = strangeRows(delimiter);
    const content = Buffer.from([headings.join(delimiter), ...rows, ""].join(end));
    const { good, fast } = await compare("strange.csv", content, dataset);
    // Half of the rows have nothing strange; of the others so many are plain that some of each kind were compared.
    expect(fast / rows.length).toBeGreaterThan(0.6);
    expect(good).toBeGreaterThan(fast);
  },
);

/** A dataset of two texts. */
function readWords(): { texts: Bench; dataset: Dataset } {
  const { item, text } = properties;
  const words = { ...schema, $id: "words", properties: { item, text }, required: ["item"] };
  const texts = createBench([dir.write("words/words.schema.json", words).replace(/[^/]*$/, "")]);
  const dataset = texts.datasets.get("words");
  if (dataset === undefined) throw new Error("there is no such schema");
  return { texts, dataset };
}

suiteTest("a header in the middle is none of the rows, also where every cell may be any text", async () => {
  const { texts, dataset } = readWords();
  const half = ["Report Refresh Date,text", "a,b", "Report Refresh Date,c", "d,text", ""].join("\n");
  expect(await createCompare(texts, "header")("words.csv", Buffer.from(half + half), dataset)).toEqual({
    good: 6,
    fast: 4,
  });
});

test.each([
  ["a row of nearly 2 MB", `b,${"y".repeat(1_998_354)}\n`],
  ["a row of 1.6 MB", `b,${"y".repeat(1_600_000)}\n`],
  ["a row that is just too long", `b,${"y".repeat(1 << 20)}\n`],
  ["a row that is just short enough", `b,${"y".repeat((1 << 20) - 4)}\n`],
  [
    "a quote that closes after more than a megabyte",
    `b,"open\n${`c,${"d".repeat(500)}\n`.repeat(2400)}e,"\n`,
  ],
  ["a quote that closes after less", `b,"open\n${`c,${"d".repeat(500)}\n`.repeat(1800)}e,"\n`],
])("%s is judged alike, wherever what was read ends", async (_, strange) => {
  const { texts, dataset } = readWords();
  const row = `abcdefgh,${"x".repeat(483)}\n`;
  for (let before = 2000; before < 4600; before += isThorough ? 370 : 1110) {
    const content = ["Report Refresh Date,text\n", row.repeat(before), strange, row.repeat(2800)];
    const bytes = Buffer.from(content.join(""));
    const { fast } = await createCompare(texts, `${before} before`)("words.csv", bytes, dataset);
    expect(fast).toBeGreaterThan(3000);
  }
});

suiteTest("words that no trimmed cell can be are none, nor are halves of characters", async () => {
  const strange = {
    ...properties,
    limit: nullable("integer", { "x-none": ["No limit ", "Unlimited"] }),
    noneText: nullable("string", { "x-none": [" ", "-"] }),
    flag: nullable("boolean", { "x-true": ["On ", "\ud800", "An"], "x-false": ["Off\u00a0"] }),
  };
  const own = { ...schema, $id: "odd_words", properties: strange };
  const odd = createBench([dir.write("odd/odd_words.schema.json", own).replace(/[^/]*$/, "")]);
  const dataset = odd.datasets.get("odd_words");
  if (dataset === undefined) throw new Error("there is no such schema");
  const rows = ["No limit ", "Unlimited", " ", "-", "On ", "On", "An", "Off\u00a0", "Off", "\ufffd"].flatMap(
    (word) =>
      ["limit", "noneText", "flag"].map((name) =>
        headings
          .map((heading) =>
            heading === name ? word : heading === headings[0] || heading === "wanted" ? "x" : "",
          )
          .join(","),
      ),
  );
  const content = Buffer.from([headings.join(","), ...rows, ""].join("\n"));
  const { good } = await createCompare(odd, "words")("words.csv", content, dataset);
  expect(good).toBeGreaterThan(8);
});
