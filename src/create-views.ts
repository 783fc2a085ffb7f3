import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import { quoteName, quoteText } from "./ddl.ts";
import { insertRows } from "./ledger.ts";
import { hasNeeds, readSupplied } from "./needs.ts";
import { readColumns, readNeeds, readOutputs, readSql, readViews, type View } from "./views.ts";

/** Creates all views anew, with their grain as comment, writes down what each output needs, and settles what the data say. */
export async function createViews(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("outputs"));
  const outputs = readOutputs().map(({ name, grain }, position) => ({ output: name, position, grain }));
  await insertRows(connection, "meta.outputs", outputs);
  await insertRows(connection, "meta.output_needs", readNeeds());
  const columns = readColumns();
  await insertRows(connection, "meta.output_columns", columns);
  const old = await readRows(
    connection,
    "select schema_name, view_name from duckdb_views() where schema_name in ('staging', 'intermediate', 'checks', 'lineage')",
  );
  for (const { schema_name: schema, view_name: name } of old)
    await connection.run(`drop view ${quoteName(String(schema))}.${quoteName(String(name))}`);
  await dropSettled(connection);
  const supplied = await readSupplied(connection);
  for (const view of readViews()) {
    if (isSettled(view)) await settle(connection, view, supplied);
    else await createView(connection, view);
  }
  const comments = columns.map(
    ({ output, column_name: name, meaning }) =>
      `comment on column ${quoteName(output)}.${quoteName(name)} is ${quoteText(meaning)}`,
  );
  await connection.run(["begin", ...comments, "commit"].join(";\n"));
}

/** What another version settled under a name that this one does not know would stay for ever. */
async function dropSettled(connection: DuckDBConnection): Promise<void> {
  const tables = await readRows(
    connection,
    "select table_name from duckdb_tables() where schema_name = 'meta' and starts_with(table_name, 'newest_')",
  );
  for (const { table_name: name } of tables)
    await connection.run(`drop table meta.${quoteName(String(name))}`);
}

/** Writes anew what depends on the data alone; the views are there already. */
export async function settleData(connection: DuckDBConnection): Promise<void> {
  const supplied = await readSupplied(connection);
  for (const view of readViews().filter(isSettled)) await settle(connection, view, supplied);
}

function isSettled({ schema, settledWith }: View): boolean {
  return schema === "meta" || settledWith !== undefined;
}

async function settle(
  connection: DuckDBConnection,
  view: View,
  supplied: ReadonlySet<unknown>,
): Promise<void> {
  if (view.settledWith) await settleNewest(connection, view, supplied);
  else await createTable(connection, view);
}

async function createTable(connection: DuckDBConnection, { schema, name, sql, grain }: View): Promise<void> {
  await connection.run(`create or replace table ${schema}.${quoteName(name)} as ${sql}`);
  await connection.run(`comment on table ${schema}.${quoteName(name)} is ${quoteText(grain)}`);
}

async function createView(connection: DuckDBConnection, { schema, name, sql, grain }: View): Promise<void> {
  await connection.run(`create or replace view ${schema}.${quoteName(name)} as ${sql}`);
  await connection.run(`comment on view ${schema}.${quoteName(name)} is ${quoteText(grain)}`);
}

/**
 * What takes long and depends on the data and `as_of` alone gets a table for the newest date, which is `as_of` where
 * nobody says another. For another the engine computes it anew: it knows the variable when it plans, and plans one of
 * the two branches. Where there is nothing to settle, or so little that it is soon computed, it stays a plain view.
 */
async function settleNewest(
  connection: DuckDBConnection,
  view: View,
  supplied: ReadonlySet<unknown>,
): Promise<void> {
  const table = { ...view, schema: "meta", name: `newest_${view.name}` };
  const place = `${table.schema}.${quoteName(table.name)}`;
  const maySettle = hasNeeds(view, supplied);
  if (maySettle && view.settledWith?.every((dataset) => supplied.has(dataset))) {
    await createTable(connection, table);
    const sql = `select * from ${place} where getvariable('as_of') is null
union all
${view.sql} where getvariable('as_of') is not null`;
    await createView(connection, { ...view, sql });
  } else {
    await connection.run(`drop table if exists ${place}`);
    await createView(connection, maySettle ? view : { ...view, sql: `${view.sql} where false` });
  }
}
