// What DuckDB needs by itself, without any validation: node bench/duckdb-reads.js DB DATASET ndjson|document|csv PATH
import { DuckDBInstance } from "@duckdb/node-api";
import { loadDatasets } from "../dist/schema/dataset.js";
import { quoteName, quoteText, sqlType } from "../dist/schema/ddl.js";
import { maybeColumn } from "../dist/schema/header-map.js";
import { openSync, readSync } from "node:fs";

const [db = "", name = "", form = "", path = ""] = process.argv.slice(2);
const dataset = loadDatasets().get(name);
if (!dataset) throw new Error(`there is no dataset ${name}`);
const types = dataset.properties.map((property) => /** @type {const} */ ([property.name, sqlType(property)]));
const columns = `{${types.map(([key, type]) => `${quoteName(key)}: ${quoteText(type)}`).join(", ")}}`;

/** @type {Record<string, () => string>} */
const sources = {
  ndjson: () => `from read_json(${quoteText(path)}, format = 'newline_delimited', columns = ${columns})`,
  document: () =>
    `select unnest(value, recursive := false) from (select unnest(value) as value from read_json(${quoteText(path)}, columns = {value: 'STRUCT(${types.map(([key, type]) => `${quoteName(key)} ${type}`).join(", ")})[]'}, maximum_object_size = 2000000000))`,
  csv: () =>
    `select ${csvColumns()} from read_csv(${quoteText(path)}, header = true, delim = ',', quote = '"', auto_detect = false, columns = {${headings()
      .map((heading) => `${quoteText(heading)}: ${quoteText(typeOf(heading))}`)
      .join(", ")}})`,
};

function headings() {
  const head = Buffer.alloc(4096);
  readSync(openSync(path, "r"), head);
  return (head.toString("utf8").replace("\uFEFF", "").split(/\r?\n/)[0] ?? "").split(",");
}

/** @param {string} heading */
function typeOf(heading) {
  const property = dataset && maybeColumn(dataset, heading, "heading")?.property;
  return property === undefined || property.type === "array" ? "VARCHAR" : sqlType(property);
}

function csvColumns() {
  return headings()
    .flatMap((heading) => {
      const property = dataset && maybeColumn(dataset, heading, "heading")?.property;
      if (!property) return [];
      const value =
        property.type === "array"
          ? `string_split_regex(${quoteName(heading)}, '(?:\\+)')`
          : quoteName(heading);
      return [`${value} as ${quoteName(property.name)}`];
    })
    .join(", ");
}

const instance = await DuckDBInstance.create(db, { threads: "2" });
const connection = await instance.connect();
await connection.run("set TimeZone = 'UTC'");
await connection.run(`create table t as ${sources[form]?.() ?? ""}`);
await connection.run("checkpoint");
connection.closeSync();
instance.closeSync();
