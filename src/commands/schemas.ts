import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { loadDatasets, type Dataset, type Property } from "../dataset.ts";
import { findDataset } from "../find-dataset.ts";
import { sqlType } from "../ddl.ts";
import { formatTable } from "../format.ts";
import { toList } from "../options.ts";
import { createOutput } from "../output.ts";
import { escapeControls, toJson } from "../terminal.ts";

interface SchemasArgs extends GlobalArgs {
  dataset: string | undefined;
  schemas: string[] | undefined;
}

function options(args: Argv): Argv {
  return args
    .positional("dataset", { type: "string", describe: "The dataset to describe; default: list all" })
    .option("schemas", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "A folder with schemas of your own",
    })
    .example("$0 schemas", "The datasets and how to export them")
    .example("$0 schemas users --json", "The JSON Schema of one record");
}

async function run({ dataset: name, schemas, json, quiet }: SchemasArgs): Promise<void> {
  const output = createOutput(quiet);
  const datasets = loadDatasets(toList(schemas));
  if (name === undefined) {
    await output.data(json ? listAsJson(datasets) : listAsTable(datasets));
    return;
  }
  const dataset = findDataset(datasets, name);
  await output.data(json ? `${toJson(dataset.schema, 2)}\n` : describe(dataset));
}

function listAsJson(datasets: ReadonlyMap<string, Dataset>): string {
  const list = [...datasets.values()].map(({ name, title, description, kind, source }) => ({
    dataset: name,
    title,
    description,
    kind,
    ...source,
  }));
  return `${toJson(list, 2)}\n`;
}

function listAsTable(datasets: ReadonlyMap<string, Dataset>): string {
  const columns = ["dataset", "kind", "what"].map((name) => ({ name, isNumber: false }));
  return formatTable(
    columns,
    [...datasets.values()].map(({ name, kind, description }) => [name, kind, description]),
  );
}

function describe({ name, description, key, source, properties }: Dataset): string {
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

export const schemasCommand = defineCommand<SchemasArgs>({
  command: "schemas [dataset]",
  describe: "List the datasets, or describe one",
  options,
  run,
});
