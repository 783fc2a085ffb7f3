import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { ledgerOf, Workdir } from "../workdir.ts";

const pets = {
  $schema: "./meta/dataset.schema.json",
  $id: "pets",
  title: "Pets",
  description: "The office pets, one record per pet.",
  "x-kind": "state",
  "x-key": ["tag"],
  "x-context": ["office/pets"],
  "x-recognise": [["tag", "species"]],
  "x-snapshot-date": "countedOn",
  "x-export": { graph: "none", portal: "the kennel" },
  type: "object",
  required: ["tag", "countedOn"],
  properties: {
    tag: { description: "Identifier of the pet.", type: "string", minLength: 1, "x-header": ["Tag No"] },
    countedOn: {
      description: "Day of the count.",
      type: "string",
      format: "date",
      "x-header": ["Counted On"],
    },
    species: { description: "What it is.", type: ["string", "null"], "x-header": ["Species"] },
    legs: { description: "How many legs it has.", type: ["integer", "null"], "x-header": ["Legs"] },
    isFed: { description: "Whether it was fed.", type: ["boolean", "null"], "x-header": ["Is Fed"] },
    toys: {
      description: "Names of its toys.",
      type: ["array", "null"],
      items: { type: "string" },
      "x-header": ["Toys"],
      "x-split": ["+"],
    },
    owner: {
      description: "Who it belongs to.",
      type: ["object", "null"],
      properties: { name: { description: "Name.", type: ["string", "null"] } },
    },
  },
};

test("a schema file dropped into a folder is a whole new dataset, from JSON and from CSV, with no other change", () => {
  const dir = new Workdir();
  dir.write("schemas/pets.schema.json", pets);
  dir.write(
    "in/a.csv",
    "Tag No;counted  on;SPECIES;Legs;Is Fed;Toys;Colour\r\n1;2026-10-01;Cat;4;Yes;Ball+Tom + Jerry;red\r\n2;2026-10-01;Bird;two;;;\r\n",
  );
  dir.write("in/b.json", {
    "@odata.context": "https://any.host/$metadata#office/pets",
    value: [{ tag: "3", countedOn: "2026-10-01", owner: { name: "Ann", age: 5 } }],
  });
  const { status, files } = dir.import("in", "--schemas", "schemas");
  expect([status, files.map((file) => [file.dataset, file.snapshot_date, ...ledgerOf(file)])]).toEqual([
    1,
    [
      ["pets", "2026-10-01", 2, 2, 0, 0],
      ["pets", "2026-10-01", 1, 1, 0, 0],
    ],
  ]);
  expect(dir.query("select * exclude (source_file_id) from raw.pets order by tag")).toEqual([
    {
      record_number: 1,
      tag: "1",
      countedOn: "2026-10-01",
      species: "Cat",
      legs: 4,
      isFed: true,
      toys: ["Ball", "Tom + Jerry"],
      owner: null,
    },
    {
      record_number: 2,
      tag: "2",
      countedOn: "2026-10-01",
      species: "Bird",
      legs: null,
      isFed: null,
      toys: null,
      owner: null,
    },
    {
      record_number: 1,
      tag: "3",
      countedOn: "2026-10-01",
      species: null,
      legs: null,
      isFed: null,
      toys: null,
      owner: { name: "Ann" },
    },
  ]);
  expect(
    dir.query(
      "select column_name as c, data_type as t, comment from duckdb_columns() where schema_name = 'raw' and table_name = 'pets' and column_name = 'toys'",
    ),
  ).toEqual([{ c: "toys", t: "VARCHAR[]", comment: "Names of its toys." }]);
  expect(dir.query("select code, pointer from meta.issues where severity = 'error'")).toEqual([
    { code: "number_unreadable", pointer: "/legs" },
  ]);
  expect(dir.run("schemas", "pets", "--schemas", "schemas").stdout).toContain("Tag No");
});

test.each([
  ["a misspelt annotation", { "x-keys": ["tag"] }, "must NOT have additional properties"],
  [
    "a key that is no property",
    { "x-key": ["collar"] },
    "names properties that it does not describe: collar",
  ],
  [
    "a property without a description",
    {
      properties: {
        tag: { type: "string" },
        countedOn: pets.properties.countedOn,
        species: pets.properties.species,
      },
    },
    "must have required property 'description'",
  ],
  ["a name that is not the file's", { $id: "dogs" }, 'its $id must be "pets"'],
  [
    "a type that is none",
    { properties: { ...pets.properties, legs: { description: "x", type: "int" } } },
    "must be equal to one of the allowed values",
  ],
  [
    "a rule that says nothing where it stands",
    { properties: { ...pets.properties, legs: { description: "x", type: "integer", minLength: 1 } } },
    'missing type "string" for keyword "minLength"',
  ],
])("%s in a schema is refused with exit 2 and the reason", (_, change, message) => {
  const dir = new Workdir();
  dir.write("schemas/pets.schema.json", { ...pets, ...change });
  const { status, stderr } = dir.run("schemas", "--schemas", "schemas");
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("every property of every dataset has a description, and reports have the headers of the real files", () => {
  const datasets = loadDatasets();
  for (const { name, properties } of datasets.values())
    for (const property of properties)
      expect([name, property.name, property.description.endsWith(".")]).toEqual([name, property.name, true]);
  const samples = fileURLToPath(new URL("../../samples/contoso", import.meta.url));
  const fold = (text: string): string => text.replaceAll(/\s+/g, " ").toLowerCase();
  const headers = readdirSync(samples, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".csv"))
    .map((file) => readFileSync(`${samples}/${file}`, "utf8").replace("\uFEFF", "").split(/\r?\n/)[0] ?? "")
    .filter((header) => header.startsWith("Report Refresh Date,"));
  expect(headers.length).toBe(14);
  const known = new Set(
    [...datasets.values()].flatMap(({ properties }) =>
      properties.flatMap(({ name, headers }) => [name, ...headers].map(fold)),
    ),
  );
  for (const header of headers)
    expect(header.split(",").filter((column) => !known.has(fold(column)))).toEqual([]);
});

test("an older table gets the columns that a newer schema adds", () => {
  const dir = new Workdir();
  const { toys: _toys, ...fewer } = pets.properties;
  dir.write("schemas/pets.schema.json", { ...pets, properties: fewer });
  const file = dir.write("a.csv", "Tag No,Counted On,Species,Toys\n1,2026-10-01,Cat,Ball\n");
  dir.import(file, "--schemas", "schemas");
  dir.write("schemas/pets.schema.json", pets);
  expect(dir.import(file, "--schemas", "schemas").files[0]?.status).toBe("loaded");
  expect(dir.query("select tag, toys from raw.pets order by source_file_id")).toEqual([
    { tag: "1", toys: null },
    { tag: "1", toys: ["Ball"] },
  ]);
});

test("an older table gets the types that a newer schema gives its columns, and keeps its rows", () => {
  const dir = new Workdir();
  dir.write("schemas/pets.schema.json", pets);
  const pet = { tag: "1", countedOn: "2026-10-01", legs: 4, owner: { name: "Ann", age: 5 } };
  const file = dir.write("a.json", [{ ...pet, species: "Cat" }]);
  dir.import(file, "--as", "pets", "--schemas", "schemas");
  const owner = {
    ...pets.properties.owner,
    properties: {
      ...pets.properties.owner.properties,
      age: { description: "Age.", type: ["integer", "null"] },
    },
  };
  const legs = { ...pets.properties.legs, type: ["number", "null"] };
  dir.write("schemas/pets.schema.json", { ...pets, properties: { ...pets.properties, legs, owner } });
  dir.import(file, "--as", "pets", "--schemas", "schemas");
  expect(dir.query("select legs, owner, typeof(legs) as t from raw.pets order by source_file_id")).toEqual([
    { legs: 4, owner: { name: "Ann", age: null }, t: "DOUBLE" },
    { legs: 4, owner: { name: "Ann", age: 5 }, t: "DOUBLE" },
  ]);
});

test("Microsoft's own list of names replaces the one that ships with the tool, name by name", () => {
  const dir = new Workdir();
  const sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
  dir.write("in/skus.json", [
    {
      id: `a_${sku}`,
      skuId: sku,
      skuPartNumber: "SPE_E3",
      consumedUnits: 0,
      prepaidUnits: { enabled: 1, warning: 0, suspended: 0 },
    },
  ]);
  dir.import("in/skus.json", "--as-of", "2026-11-01");
  expect(dir.query("select product_name as n from license_summary")).toEqual([{ n: "Microsoft 365 E3" }]);
  const header =
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names";
  const { status, files } = dir.import(
    dir.write(
      "names.csv",
      `\uFEFF${header}\r\nMicrosoft 365 E3 (new),SPE_E3,${sku.toUpperCase()},EXCHANGE_S_ENTERPRISE,EFB87545-963C-4E0D-99DF-69C6916D9EB0,Exchange Online (Plan 2)\r\n`,
    ),
  );
  expect([status, files[0]?.dataset]).toEqual([0, "sku_names"]);
  expect(dir.query("select product_name as n from license_summary")).toEqual([
    { n: "Microsoft 365 E3 (new)" },
  ]);
});
