import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { insertRows } from "./ledger.ts";

interface Naming {
  readonly connection: DuckDBConnection;
  /** SQL that gives tenant_id, tenant_name and named_by of the tenants that files from `$first_file` on name. */
  readonly candidatesSql: string;
  readonly firstFile: number;
  readonly importId: number;
  readonly stated: string | undefined;
}

/** Writes down whose data this is: what an export says, else what the user calls it. */
export async function nameTenant({
  connection,
  candidatesSql,
  firstFile,
  importId,
  stated,
}: Naming): Promise<void> {
  const [known] = await readRows(connection, "select tenant_id, tenant_name, named_by from meta.tenant");
  const candidates = await readRows(connection, candidatesSql, { first_file: firstFile });
  const id = text(known?.["tenant_id"]);
  const found = candidates.find(
    (candidate) => id === null || text(candidate["tenant_id"]) === id.toLowerCase(),
  );
  if (found === undefined && stated === undefined) return;
  // A label stands where no export says the name.
  const isLabel = known === undefined || known["named_by"] === label || text(known["tenant_name"]) === null;
  const tenant = {
    tenant_id: text(found?.["tenant_id"]) ?? id,
    tenant_name:
      text(found?.["tenant_name"]) ?? (isLabel ? stated : undefined) ?? text(known?.["tenant_name"]),
    named_by: text(found?.["named_by"]) ?? (isLabel ? label : String(known?.["named_by"])),
    import_id: importId,
  };
  await connection.run("delete from meta.tenant");
  await insertRows(connection, "meta.tenant", [tenant]);
}

/** What named a tenant that no export names. */
const label = "--tenant";

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** When the import that named the tenant is forgotten, the rest names it; nobody does where nothing came later either. */
export async function forgetTenant(connection: DuckDBConnection, candidatesSql: string): Promise<void> {
  const [named] = await readRows(
    connection,
    `select import_id, (select max(import_id) from meta.source_files) as last_import_id from meta.tenant
     where import_id not in (select import_id from meta.source_files)`,
  );
  if (named === undefined) return;
  const [candidate] = await readRows(connection, candidatesSql, { first_file: 0 });
  const isLater = Number(named["last_import_id"] ?? 0) > Number(named["import_id"]);
  if (candidate === undefined && isLater) return;
  await connection.run("delete from meta.tenant");
  if (candidate === undefined) return;
  const importId = Number(named["last_import_id"]);
  const [tenantId, tenantName] = [text(candidate["tenant_id"]), text(candidate["tenant_name"])];
  const named_by = String(candidate["named_by"]);
  await insertRows(connection, "meta.tenant", [
    { tenant_id: tenantId, tenant_name: tenantName, named_by, import_id: importId },
  ]);
}
