import { loadDatasets } from "./dataset.ts";
import { openForImport } from "./database.ts";
import { finishViews } from "./finish-views.ts";
import { prepareTables } from "./ledger.ts";
import { createLoader } from "./load.ts";
import { hashViews, readSql } from "./views.ts";

/** Writes a database without any data, with the tables, lists and views of this version: what a first import begins with. */
export async function writeTemplate(path: string): Promise<void> {
  const database = await openForImport(path, "");
  try {
    const { connection } = database;
    const datasets = loadDatasets();
    await prepareTables(connection, readSql("meta"), datasets.values());
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
