import type { DuckDBConnection } from "@duckdb/node-api";
import { openForImport } from "../database/open.ts";
import { recordVersion } from "../ledger/format.ts";
import { prepareTables } from "../ledger/ledger.ts";
import { type Loader, createLoader } from "../load/loader.ts";
import { loadReferences } from "../load/seeds.ts";
import { type Dataset, loadDatasets } from "../schema/dataset.ts";
import { createViews, settleData } from "./create-views.ts";
import { settleFindings } from "./findings.ts";
import { hashViews, readSql } from "./models.ts";

interface Ending {
  readonly connection: DuckDBConnection;
  readonly loader: Loader;
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** This very version made the views, and under the same datasets the tables and lists. */
  readonly isCurrent: boolean;
  readonly isReady: boolean;
  readonly viewsHash: string;
}

/** What every change ends with: the lists that ship, which file counts when, the views, the findings, the version. */
export async function finishViews({ connection, loader, datasets, ...state }: Ending): Promise<void> {
  if (!state.isReady) await loadReferences(connection, loader, datasets);
  await (state.isCurrent ? settleData(connection) : createViews(connection));
  await settleFindings(connection);
  await recordVersion(connection, state.viewsHash);
}

/** Writes a database without any data, with the tables, lists and views of this version: what a first import begins with. */
export async function writeTemplate(path: string): Promise<void> {
  const database = await openForImport(path, "");
  try {
    const { connection } = database;
    const datasets = loadDatasets();
    await prepareTables(connection, readSql("ledger/meta"), datasets.values());
    const loader = createLoader(connection);
    await finishViews({
      connection,
      loader,
      datasets,
      isCurrent: false,
      isReady: false,
      viewsHash: hashViews(),
    });
    await connection.run("checkpoint");
  } finally {
    database.close();
  }
}
