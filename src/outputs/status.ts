import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { gatherFindings } from "../transform/findings.ts";
import { settleForSql } from "../transform/as-of.ts";
import { readSql } from "../transform/models.ts";

/** How far each output can be trusted. */
export async function readOutputStatus(connection: DuckDBConnection): Promise<Row[]> {
  return await readRows(connection, "from output_status");
}

/** What was found in the data, each with its remedy. */
export async function readFindings(connection: DuckDBConnection): Promise<Row[]> {
  await gatherFindings(connection);
  return await readRows(connection, "from temp.findings order by all");
}

/** What the database holds: tenant, parameters, the snapshots that the outputs read, the outputs, the findings. */
export async function readStatus(connection: DuckDBConnection): Promise<Record<string, unknown>> {
  await settleForSql(connection, "output_status data_quality");
  const [tenant] = await readRows(connection, "select tenant_id, tenant_name from meta.tenant");
  const [parameters] = await readRows(connection, "from intermediate.parameters");
  return {
    tenant: tenant ?? null,
    parameters,
    snapshots: await readRows(connection, readSql("ledger/snapshots")),
    outputs: await readOutputStatus(connection),
    findings: await readFindings(connection),
  };
}
