import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { createFingerprints } from "./materialize.ts";
import { insertRows } from "../ledger/ledger.ts";
import { dependsOnData, readShapes, settle } from "./materialize.ts";
import { readColumns, readNeeds, readOutputs, readSql, readViews } from "./models.ts";

/** Creates all views anew, with their grain as comment, writes down what each output needs, and settles what the data say. */
export async function createViews(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("ledger/outputs"));
  const outputs = readOutputs().map(({ name, grain }, position) => ({ output: name, position, grain }));
  await insertRows(connection, "meta.outputs", outputs);
  await insertRows(connection, "meta.output_needs", readNeeds());
  const columns = readColumns();
  await insertRows(connection, "meta.output_columns", columns);
  await dropOld(connection);
  const fingerprints = createFingerprints(connection, true);
  const shapes = { ...(await readShapes(connection)), comments: new Map<string, unknown>(), fingerprints };
  for (const view of readViews()) await settle(shapes, view);
  await fingerprints.save();
  const comments = columns.map(
    ({ output, column_name: name, meaning }) =>
      `comment on column ${quoteName(output)}.${quoteName(name)} is ${quoteText(meaning)}`,
  );
  await connection.run(["begin", ...comments, "commit"].join(";\n"));
}

/** Writes anew what depends on the data; the other views are there already. */
export async function settleData(connection: DuckDBConnection): Promise<void> {
  const fingerprints = createFingerprints(connection);
  const shapes = { ...(await readShapes(connection)), fingerprints };
  for (const view of readViews().filter(dependsOnData)) await settle(shapes, view);
  await fingerprints.save();
}

/** Views under names that this version does not know would stay for ever, and so would what another settled. */
async function dropOld(connection: DuckDBConnection): Promise<void> {
  const old = await readRows(
    connection,
    `select 'view' as kind, schema_name, view_name as name from duckdb_views()
     where schema_name in ('staging', 'intermediate', 'checks', 'lineage')
     union all
     select 'table', schema_name, table_name from duckdb_tables()
     where schema_name = 'meta' and starts_with(table_name, 'newest_')`,
  );
  for (const { kind, schema_name: schema, name } of old)
    await connection.run(`drop ${String(kind)} ${quoteName(String(schema))}.${quoteName(String(name))}`);
}
