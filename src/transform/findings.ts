import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { quoteName } from "../schema/ddl.ts";
import { hasNeeds, readSupplied } from "./materialize.ts";
import { createTable, readShapes, settleNewest } from "./materialize.ts";
import { readChecks, readFindingsView, readSql, type View } from "./models.ts";

/** Gathers the rows of the output data_quality, at the parameters of the connection, into `temp.findings`. */
export async function gatherFindings(connection: DuckDBConnection): Promise<void> {
  const [state] = await readRows(connection, readSql("ledger/findings_state"));
  if (state?.["is_settled"] === true) await connection.run(readSql("ledger/settled_findings"));
  else await runChecks(connection);
}

/**
 * One check after another and without those that have nothing to look at: the output itself runs all of them at once,
 * and what each takes of the memory adds up.
 */
export async function runChecks(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("ledger/findings"));
  const supplied = await readSupplied(connection);
  for (const check of readChecks())
    if (hasNeeds(check, supplied))
      await connection.run(`insert into temp.findings by name from checks.${quoteName(check.name)}`);
}

/** Writes down what the checks find, for the newest date, where a tenant is whole enough for it to pay. */
export async function settleFindings(connection: DuckDBConnection): Promise<void> {
  const fill = async (table: View): Promise<void> => {
    await runChecks(connection);
    await createTable(connection, { ...table, sql: "from temp.findings" });
  };
  await settleNewest(await readShapes(connection), readFindingsView(), fill);
}
