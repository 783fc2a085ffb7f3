import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { toList } from "../options.ts";
import { createOutput } from "../console.ts";
import { toJson } from "../../escape.ts";

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
  const { findDataset, loadDatasets } = await import("../../schema/dataset.ts");
  const { describe, listAsJson, listAsTable } = await import("../render-files.ts");
  const datasets = loadDatasets(toList(schemas));
  if (name === undefined) {
    await output.data(json ? listAsJson(datasets) : listAsTable(datasets));
    return;
  }
  const dataset = findDataset(datasets, name);
  await output.data(json ? `${toJson(dataset.schema, 2)}\n` : describe(dataset));
}

export const schemasCommand = defineCommand<SchemasArgs>({
  command: "schemas [dataset]",
  describe: "List the datasets, or describe one",
  options,
  run,
});
