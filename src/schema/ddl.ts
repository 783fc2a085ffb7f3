import type { Dataset, Property } from "./dataset.ts";

/** A name as SQL writes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The columns that every raw table has before those of its schema. */
const ledgerColumns = [
  { name: "source_file_id", type: "INTEGER", description: "The file, as in meta.source_files." },
  { name: "record_number", type: "BIGINT", description: "The record's number in its file, counted from 1." },
] as const;

/** The DuckDB type of a property: what the schema says, nothing inferred. */
export function sqlType(property: Property): string {
  switch (property.type) {
    case "boolean":
      return "BOOLEAN";
    case "integer":
      return "BIGINT";
    case "number":
      return "DOUBLE";
    case "array":
      return `${property.items ? sqlType(property.items) : "VARCHAR"}[]`;
    case "object":
      return `STRUCT(${property.properties.map((field) => `${quoteName(field.name)} ${sqlType(field)}`).join(", ")})`;
    default:
      return { uuid: "UUID", date: "DATE", "date-time": "TIMESTAMP", text: "VARCHAR" }[
        property.format ?? "text"
      ];
  }
}

/** `create table` with a comment on the table and on every column, for the dataset in `schema`. */
export function tableSql(dataset: Dataset, schema: "raw" | "reference"): string[] {
  const table = `${schema}.${quoteName(dataset.name)}`;
  const properties = dataset.properties.map((property) => ({ ...property, sql: sqlType(property) }));
  const columns = [
    ...ledgerColumns.map(({ name, type }) => `${name} ${type} not null`),
    ...properties.map(({ name, sql }) => `${quoteName(name)} ${sql}`),
  ];
  return [
    `create table if not exists ${table} (${columns.join(", ")})`,
    ...properties.map(
      ({ name, sql }) => `alter table ${table} add column if not exists ${quoteName(name)} ${sql}`,
    ),
    `comment on table ${table} is ${quoteText(dataset.description)}`,
    ...[...ledgerColumns, ...properties].map(
      ({ name, description }) => `comment on column ${table}.${quoteName(name)} is ${quoteText(description)}`,
    ),
  ];
}

/** The structure that `from_json_strict` reads a canonical record into. */
export function recordStructure(dataset: Dataset): string {
  const columns = [
    ...ledgerColumns.map(({ name, type }) => [name, type]),
    ...dataset.properties.map((property) => [property.name, jsonStructure(property)]),
  ];
  return JSON.stringify(Object.fromEntries(columns));
}

function jsonStructure(property: Property): unknown {
  if (property.type === "array") return [property.items ? jsonStructure(property.items) : "VARCHAR"];
  if (property.type !== "object") return sqlType(property);
  return Object.fromEntries(property.properties.map((field) => [field.name, jsonStructure(field)]));
}
