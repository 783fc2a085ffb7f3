import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import { quoteName, quoteText } from "./ddl.ts";
import type { Fingerprints } from "./fingerprints.ts";
import { hasNeeds, readSupplied } from "./needs.ts";
import type { View } from "./views.ts";

/** What the views of a database are: they are not all what their files say, as some depend on what was imported. */
interface Shapes {
  readonly connection: DuckDBConnection;
  /** The datasets of all files that were ever imported. */
  readonly supplied: ReadonlySet<unknown>;
  /** The comments of the views by `schema.name`; they tell how a view was shaped. */
  readonly comments: ReadonlyMap<string, unknown>;
  /** What the tables of what is settled were made from, where they are to stay while that does. */
  readonly fingerprints?: Fingerprints;
}

export async function readShapes(connection: DuckDBConnection): Promise<Shapes> {
  const supplied = await readSupplied(connection);
  const views = await readRows(
    connection,
    "select schema_name || '.' || view_name as place, comment from duckdb_views() where not internal",
  );
  const comments = new Map(views.map(({ place, comment }) => [String(place), comment]));
  return { connection, supplied, comments };
}

/** Whether an import changes what the view, or the table of what is settled, has to be; the findings come last, for themselves. */
export function dependsOnData({ schema, needs, settledWith, rowsOf }: View): boolean {
  if (schema === "intermediate") return (settledWith ?? rowsOf) !== undefined;
  return schema === "meta" || (schema === "staging" && needs !== undefined);
}

/** Creates a view, or the table of what is settled, as the data that are there want it. */
export async function settle(shapes: Shapes, view: View): Promise<void> {
  if (view.schema === "meta") await createTable(shapes.connection, view);
  else if (view.schema === "intermediate" && view.settledWith)
    await settleNewest(shapes, view, async (table) => await createTable(shapes.connection, table));
  else if (view.rowsOf !== undefined)
    await shapeByRows(shapes, view, await hasRows(shapes.connection, view.rowsOf));
  else if (view.schema === "staging") await shapeByRows(shapes, view, hasNeeds(view, shapes.supplied));
  else await shape(shapes, view);
}

/** The database in memory where a process has what it settled for itself. No file has a name with a dot in the engine. */
export const asideName = quoteName("settled.aside");
export const asidePlace = ({ name }: View): string => `${asideName}.${quoteName(name)}`;

/**
 * What takes long and depends on the data and `as_of` alone gets a table for the newest date, which is `as_of` where
 * nobody says another. For another the engine computes it anew, unless it was settled aside: it knows the variables when
 * it plans, and looks up a name in query_table only then, so that it plans one of them. What is soon computed gets none.
 */
export async function settleNewest(
  shapes: Shapes,
  view: View,
  fill: (table: View) => Promise<void>,
): Promise<void> {
  const { connection, supplied } = shapes;
  const computed = `${view.schema}.${view.name}_at_as_of`;
  const table = { ...view, schema: "meta", name: `newest_${view.name}` };
  const place = `${table.schema}.${table.name}`;
  const isAside = `when list_contains(getvariable('settled_aside'), ${quoteText(view.name)}) then ${quoteText(asidePlace(view))}`;
  const reads = (cases: string): View => ({
    ...view,
    sql: `from query_table(case ${isAside} ${cases} else ${quoteText(computed)} end)`,
  });
  if (isSettled(view, supplied)) {
    if (!(await shapes.fingerprints?.isUnchanged(table))) await fill(table);
    const isNewest = `when getvariable('as_of') is null then ${quoteText(place)}`;
    await shape(shapes, reads(isNewest), `Settled in ${place}.`);
  } else {
    await connection.run(`drop table if exists ${place}`);
    if (hasNeeds(view, supplied)) await shape(shapes, reads(""));
    else await shapeEmpty(shapes, view, computed);
  }
}

/** Where one dataset stands alone, as where the users are only counted, what it takes would be most of the import. */
function isSettled(view: View, supplied: ReadonlySet<unknown>): boolean {
  const isComplete = view.settledWith?.every((dataset) => supplied.has(dataset)) ?? false;
  return hasNeeds(view, supplied) && isComplete && supplied.size > 1;
}

async function hasRows(connection: DuckDBConnection, place: string): Promise<boolean> {
  return (await readRows(connection, `select 1 from ${place} limit 1`)).length > 0;
}

async function shapeByRows(shapes: Shapes, view: View, mayHaveRows: boolean): Promise<void> {
  const place = `${view.schema}.${view.name}`;
  if (mayHaveRows) return await shape(shapes, view);
  if (!shapes.comments.has(place)) await createView(shapes.connection, view, view.grain);
  await shapeEmpty(shapes, view, place);
}

const nothing = "Nothing was imported for it.";

/**
 * A view of what nothing was imported for is a list of the columns of `whole`: the engine plans every view that a query
 * reads anew, and what it knows to be empty takes no time (all outputs over three datasets: a quarter less).
 */
async function shapeEmpty(shapes: Shapes, view: View, whole: string): Promise<void> {
  if (shapes.comments.get(`${view.schema}.${view.name}`) === commentOf(view, nothing)) return;
  const columns = await readRows(shapes.connection, `describe ${whole}`);
  const nulls = columns.map(
    ({ column_name: name, column_type: type }) => `null::${String(type)} as ${quoteName(String(name))}`,
  );
  await shape(shapes, { ...view, sql: `select ${nulls.join(", ")} where false` }, nothing);
}

function commentOf({ grain }: View, note = ""): string {
  return note ? `${grain} ${note}` : grain;
}

/** Creating a view plans all that it selects from: one whose comment says that it has this shape is left as it is. */
async function shape({ connection, comments }: Shapes, view: View, note?: string): Promise<void> {
  const comment = commentOf(view, note);
  if (comments.get(`${view.schema}.${view.name}`) !== comment) await createView(connection, view, comment);
}

async function createView(
  connection: DuckDBConnection,
  { schema, name, sql }: View,
  comment: string,
): Promise<void> {
  const place = `${schema}.${quoteName(name)}`;
  await connection.run(
    `create or replace view ${place} as ${sql}
;comment on view ${place} is ${quoteText(comment)}`,
  );
}

export async function createTable(
  connection: DuckDBConnection,
  { schema, name, sql, grain }: View,
): Promise<void> {
  const place = `${schema}.${quoteName(name)}`;
  await connection.run(
    `create or replace table ${place} as ${sql}
;comment on table ${place} is ${quoteText(grain)}`,
  );
}
