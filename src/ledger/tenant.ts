import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import { insertRows } from "./ledger.ts";

interface Naming {
  readonly connection: DuckDBConnection;
  /** SQL that gives tenant_id, tenant_name and named_by of the tenants that files from `$first_file` on name. */
  readonly candidatesSql: string;
  readonly firstFile: number;
  readonly importId: number;
  readonly stated: string | undefined;
}

/** Writes down whose data this is. Throws exit 4 when the new files are of another tenant than the database. */
export async function nameTenant({
  connection,
  candidatesSql,
  firstFile,
  importId,
  stated,
}: Naming): Promise<void> {
  const [known] = await readRows(connection, "select tenant_id, tenant_name, named_by from meta.tenant");
  const candidates = await readRows(connection, candidatesSql, { first_file: firstFile });
  const found =
    candidates[0] ?? (stated === undefined ? undefined : { tenant_name: stated, named_by: "--tenant" });
  if (found === undefined) return;
  const other = known === undefined ? undefined : otherTenant(known, candidates, stated);
  if (other !== undefined) {
    const message = `the database belongs to ${describe(known)}, but the files are of ${describe(other)}. Keep one database per tenant: choose another with --db FILE. Nothing was imported.`;
    throw new CliError(message, { exitCode: exitCodes.database });
  }
  const tenant = {
    tenant_id: text(found["tenant_id"]) ?? text(known?.["tenant_id"]),
    tenant_name: stated ?? text(found["tenant_name"]) ?? text(known?.["tenant_name"]),
    named_by: String(found["named_by"]),
    import_id: importId,
  };
  await connection.run("delete from meta.tenant");
  await insertRows(connection, "meta.tenant", [tenant]);
}

function otherTenant(known: Row, candidates: readonly Row[], stated: string | undefined): Row | undefined {
  const id = text(known["tenant_id"]);
  if (id !== null) return candidates.find((candidate) => text(candidate["tenant_id"]) !== id);
  const isOther = candidates.length === 0 && stated !== undefined && stated !== known["tenant_name"];
  return isOther ? { tenant_name: stated } : undefined;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function describe(tenant: Row | undefined): string {
  const parts = [text(tenant?.["tenant_name"]), text(tenant?.["tenant_id"])].filter((part) => part !== null);
  return `tenant ${parts.join(", ")}`;
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
