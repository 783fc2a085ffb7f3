import { expect, test } from "vitest";
import { createCompare } from "./fast-path/compare.ts";
import { cells } from "./fast-path/damage-rows.ts";
import { createBench } from "./proving.ts";
import { Workdir } from "./workdir.ts";

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
  required: ["item", "wanted"],
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

test.each([
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

test("a header in the middle is none of the rows, also where every cell may be any text", async () => {
  const words = {
    ...schema,
    $id: "words",
    properties: { item: properties.item, text: properties.text },
    required: ["item"],
  };
  const texts = createBench([dir.write("words/words.schema.json", words).replace(/[^/]*$/, "")]);
  const dataset = texts.datasets.get("words");
  if (dataset === undefined) throw new Error("there is no such schema");
  const half = ["Report Refresh Date,text", "a,b", "Report Refresh Date,c", "d,text", ""].join("\n");
  expect(await createCompare(texts, "header")("words.csv", Buffer.from(half + half), dataset)).toEqual({
    good: 6,
    fast: 4,
  });
});
