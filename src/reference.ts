import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "./dataset.ts";
import { quoteName, tableSql } from "./ddl.ts";
import { toInputFile } from "./discover.ts";
import type { Loader } from "./load.ts";
import { loadReference } from "./load-files.ts";
import { recogniseFile } from "./recognise.ts";

const folder = fileURLToPath(new URL("../reference", import.meta.url));

/** Puts the lists that ship with the tool (`reference/<dataset>.csv`) into the tables of schema `reference`, anew each time. */
export async function loadReferences(
  connection: DuckDBConnection,
  loader: Loader,
  datasets: ReadonlyMap<string, Dataset>,
): Promise<void> {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".csv"))) {
    const dataset = datasets.get(basename(name, ".csv"));
    if (dataset === undefined) continue;
    const path = join(folder, name);
    const [recognition] = recogniseFile(toInputFile(path, statSync(path)), datasets, { as: dataset });
    if (recognition === undefined) continue;
    await connection.run(`drop table if exists reference.${quoteName(dataset.name)}`);
    for (const sql of tableSql(dataset, "reference")) await connection.run(sql);
    await loadReference(loader, recognition, dataset);
  }
}
