import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "../schema/dataset.ts";
import { quoteName, tableSql } from "../schema/ddl.ts";
import { toInputFile } from "../source/discover.ts";
import type { Loader } from "./loader.ts";
import { loadReference } from "./loader.ts";
import { recogniseFile } from "../detect/detect.ts";
import { referenceFolder } from "../paths.ts";

/** Puts the lists that ship with the tool (`reference/<dataset>.csv`) into the tables of schema `reference`, anew each time. */
export async function loadReferences(
  connection: DuckDBConnection,
  loader: Loader,
  datasets: ReadonlyMap<string, Dataset>,
): Promise<void> {
  for (const name of readdirSync(referenceFolder).filter((file) => file.endsWith(".csv"))) {
    const dataset = datasets.get(basename(name, ".csv"));
    if (dataset === undefined) continue;
    const path = join(referenceFolder, name);
    const [recognition] = recogniseFile(toInputFile(path, statSync(path)), datasets, { as: dataset });
    if (recognition === undefined) continue;
    await connection.run(`drop table if exists reference.${quoteName(dataset.name)}`);
    for (const sql of tableSql(dataset, "reference")) await connection.run(sql);
    await loadReference(loader, recognition, dataset);
  }
}
