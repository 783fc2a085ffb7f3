import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "./dataset.ts";
import { recordVersion } from "./ledger.ts";
import type { Loader } from "./load.ts";
import { loadReferences } from "./reference.ts";
import { createViews, settleData } from "./create-views.ts";
import { settleFindings } from "./findings.ts";

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
