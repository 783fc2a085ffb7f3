import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { runChecks } from "./findings.ts";
import { isOutOfMemory } from "../database/memory.ts";
import { hasNeeds, readSupplied } from "./materialize.ts";
import { asideName, asidePlace } from "./materialize.ts";
import { readSql, readViews, type View } from "./models.ts";

/**
 * What outputs read more than once and no import has settled (where one dataset stands alone, or at another `as_of` than
 * the newest) is computed once, into tables in the memory of this process. The work is done while the connection reads
 * these, and any other connection to the database that runs what the work is given. Where there is too little memory for
 * a table, the rest is computed where it is read. Nothing of it stays behind the work.
 */
export async function withAside<Result>(
  connection: DuckDBConnection,
  outputs: readonly string[],
  work: (known: string) => Promise<Result>,
): Promise<Result> {
  await connection.run(attach);
  try {
    return await work(
      await settleAside(
        connection,
        outputs.map((output) => `main.${output}`),
      ),
    );
  } finally {
    // What failed may have taken the connection with it: its own error is the one to be told.
    const end = `reset variable settled_aside; detach ${asideName}`;
    await connection.run(end).catch(() => undefined);
  }
}

const attach = `attach if not exists ':memory:' as ${asideName} (read_write)`;

/**
 * Computes aside what SQL of any origin reads more than once through the views that it names; for the life of the
 * database. A name that is no view's in this place costs time and nothing else.
 */
export async function settleForSql(connection: DuckDBConnection, sql: string): Promise<void> {
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  const named = readViews().filter(({ name }) => words.has(name));
  if (named.length === 0) return;
  await connection.run(attach);
  await settleAside(connection, named.map(placeOf));
}

/** Returns the statement by which a connection reads what is there. */
async function settleAside(connection: DuckDBConnection, places: readonly string[]): Promise<string> {
  const names = (await readRows(connection, readSql("ledger/settled_aside"))).map(({ name }) => String(name));
  const say = async (): Promise<string> => {
    const known = `set variable settled_as_of = getvariable('as_of'); set variable settled_aside = [${names.map(quoteText).join(", ")}]::varchar[]`;
    await connection.run(known);
    return known;
  };
  try {
    const unsettled = await findUnsettled(connection, places);
    for (const view of unsettled.filter(({ name }) => !names.includes(name))) {
      await fill(connection, view);
      names.push(view.name);
      await say();
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
  }
  return await say();
}

async function fill(connection: DuckDBConnection, view: View): Promise<void> {
  const isFindings = view.schema === "checks";
  if (isFindings) await runChecks(connection);
  const rows = isFindings ? "temp.findings" : `${view.schema}.${quoteName(`${view.name}_at_as_of`)}`;
  await connection.run(`create or replace table ${asidePlace(view)} as from ${rows}`);
}

/** In an order in which each reads only those before it. What is read once is as soon computed there. */
async function findUnsettled(
  connection: DuckDBConnection,
  read: readonly string[],
): Promise<readonly View[]> {
  const rows = await readRows(connection, readSql("ledger/unsettled_views"));
  const unsettled = new Set(rows.map(({ place }) => place));
  const times = countReads(read, await readSupplied(connection));
  return readViews().filter((view) => unsettled.has(placeOf(view)) && (times.get(view) ?? 0) > 1);
}

const placeOf = ({ schema, name }: View): string => `${schema}.${name}`;

/** How often each view is read, in these places or through the views between; what is settled reads once. */
function countReads(read: readonly string[], supplied: ReadonlySet<unknown>): ReadonlyMap<View, number> {
  const views = readViews();
  const places = new Map(views.map((view) => [placeOf(view), view]));
  const times = new Map<View, number>();
  const add = (place: string, more: number): void => {
    const view = places.get(place);
    if (view && hasNeeds(view, supplied)) times.set(view, (times.get(view) ?? 0) + more);
  };
  for (const place of read) add(place, 1);
  for (const view of views.toReversed()) {
    const often = times.get(view);
    if (often === undefined) continue;
    for (const [place] of view.sql.matchAll(/\b\w+\.\w+/g)) add(place, view.settledWith ? 1 : often);
  }
  return times;
}
