import type { Dataset, Property } from "./dataset.ts";
import { sqlType } from "./ddl.ts";
import { formatTable } from "./format.ts";
import { escapeControls, toJson } from "./terminal.ts";

/** All datasets and how to export them. */
export function listAsJson(datasets: ReadonlyMap<string, Dataset>): string {
  const list = [...datasets.values()].map(({ name, title, description, kind, source }) => ({
    dataset: name,
    title,
    description,
    kind,
    ...source,
  }));
  return `${toJson(list, 2)}\n`;
}

export function listAsTable(datasets: ReadonlyMap<string, Dataset>): string {
  const columns = ["dataset", "kind", "what"].map((name) => ({ name, isNumber: false }));
  return formatTable(
    columns,
    [...datasets.values()].map(({ name, kind, description }) => [name, kind, description]),
  );
}

/** One dataset, property by property. */
export function describe({ name, description, key, source, properties }: Dataset): string {
  const columns = ["property", "type", "required", "CSV header", "what"].map((column) => ({
    name: column,
    isNumber: false,
  }));
  const rows = properties.map((property) => [
    property.name,
    shortType(property),
    property.isRequired ? "yes" : "",
    property.headers.join(" / "),
    property.description,
  ]);
  const head = [
    `${name}: ${description}`,
    `Key: ${key.join(", ")}`,
    `Graph: ${source.graph}`,
    `Portal: ${source.portal}`,
    ...(source.powershell === undefined ? [] : [`PowerShell: ${source.powershell}`]),
  ];
  // A schema may be of somebody else's making.
  return `${head.map((line) => `${escapeControls(line)}\n`).join("")}\n${formatTable(columns, rows)}`;
}

function shortType(property: Property): string {
  return sqlType(property).startsWith("STRUCT")
    ? property.type === "array"
      ? "objects"
      : "object"
    : sqlType(property);
}
