import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { insertRows } from "../ledger/ledger.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { type View, readSql, readViews } from "./models.ts";

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
  else if (view.rowsOf !== undefined && !(await hasRows(shapes.connection, view.rowsOf))) {
    await shapeByRows(shapes, view, false);
    if (view.settledWith) await shapes.connection.run(`drop table if exists meta.newest_${view.name}`);
  } else if (view.schema === "intermediate" && view.settledWith)
    await settleNewest(shapes, view, async (table) => await createTable(shapes.connection, table));
  else if (view.rowsOf !== undefined) await shapeByRows(shapes, view, true);
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
  const isAside = `when list_contains(getvariable('settled_aside'), ${quoteText(view.name)}) and getvariable('as_of')::varchar is not distinct from getvariable('settled_as_of')::varchar then ${quoteText(asidePlace(view))}`;
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

/** The datasets of all files that were ever imported. */
export async function readSupplied(connection: DuckDBConnection): Promise<ReadonlySet<unknown>> {
  const rows = await readRows(
    connection,
    "select distinct dataset from meta.source_files where dataset is not null",
  );
  return new Set(rows.map(({ dataset }) => dataset));
}

/** Whether a view may have rows: where none of the datasets that it needs was supplied it is not worth planning. */
export function hasNeeds({ needs }: Pick<View, "needs">, supplied: ReadonlySet<unknown>): boolean {
  return needs === undefined || needs.some((dataset) => supplied.has(dataset));
}

/** What the rows of a view follow from: datasets, and tables and small views that count as a whole. */
interface Sources {
  readonly datasets: Set<string>;
  readonly wholes: Set<string>;
}

/** What they say of a dataset is in its state; their other rows do not matter to who reads that dataset alone. */
const byDataset = new Set(["intermediate.current_files", "intermediate.dataset_coverage"]);
/** Of these every row counts: they are small. */
const asWhole = new Set([
  "intermediate.parameters",
  "intermediate.current_named_files",
  "intermediate.need_coverage",
  "intermediate.output_coverage",
  "intermediate.property_coverage",
]);

const reference = /\b(raw|meta|reference|staging|intermediate|checks|main)\.(\w+)/g;

function sourcesOf(view: View): Sources {
  const views = new Map(readViews().map((each) => [`${each.schema}.${each.name}`, each]));
  const sources: Sources = { datasets: new Set(), wholes: new Set() };
  const seen = new Set<View>();
  const visit = (each: View): void => {
    if (seen.has(each)) return;
    seen.add(each);
    const sql = each.sql.replaceAll(/--.*$/gm, "");
    // Also those that it only names, as texts.
    for (const [, word = ""] of sql.matchAll(/'(\w+)'/g)) sources.datasets.add(word);
    for (const [place, schema, name = ""] of sql.matchAll(reference)) {
      const other = views.get(place);
      if (schema === "raw") sources.datasets.add(name);
      else if (asWhole.has(place) || schema === "meta" || schema === "reference") sources.wholes.add(place);
      else if (other && !byDataset.has(place)) visit(other);
    }
  };
  visit(view);
  return sources;
}

/** Knows what the tables of what is settled were made from. */
export interface Fingerprints {
  /** Whether the table was made from the very rows that its view reads now; it is noted as made from them. */
  readonly isUnchanged: (table: View) => Promise<boolean>;
  /** Writes down what was noted, and nothing else. */
  readonly save: () => Promise<void>;
}

/**
 * The fingerprints of a database whose ledger and periods are settled; where its views are made anew none is the same,
 * and each is taken when all are there. They are as fine as files: the rows of a file never change but by what its row
 * in the ledger says too, or by `forget`, which has everything settled anew.
 */
export function createFingerprints(connection: DuckDBConnection, isAnew = false): Fingerprints {
  const noted = new Map<string, string>();
  const later: View[] = [];
  const take = createTake(connection);
  let before: Known | undefined;
  return {
    async isUnchanged(table) {
      if (isAnew) {
        later.push(table);
        return false;
      }
      before ??= await readPairs(connection, "from meta.settled_tables");
      const fingerprint = await take(table);
      noted.set(table.name, fingerprint);
      return before.get(table.name) === fingerprint;
    },
    async save() {
      for (const table of later) noted.set(table.name, await take(table));
      await connection.run("delete from meta.settled_tables");
      const rows = [...noted].map(([name, fingerprint]) => ({ table_name: name, fingerprint }));
      await insertRows(connection, "meta.settled_tables", rows);
    },
  };
}

/** Takes the fingerprint of a view; what several of them follow from is looked at once. */
function createTake(connection: DuckDBConnection): (view: View) => Promise<string> {
  const wholes = new Map<string, unknown>();
  let states: Known | undefined;
  const wholeOf = async (place: string): Promise<unknown> => {
    if (!wholes.has(place)) {
      const sql = `select concat_ws(' ', count(*), bit_xor(hash(t)), sum(hash(t)::hugeint)) from ${place} as t`;
      wholes.set(place, (await readPairs(connection, `select 0, (${sql})`)).get(0));
    }
    return wholes.get(place);
  };
  return async (view) => {
    states ??= await readPairs(connection, readSql("ledger/dataset_states"));
    const { datasets, wholes: places } = sourcesOf(view);
    const parts: unknown[] = [];
    for (const dataset of [...datasets].toSorted()) parts.push(dataset, states.get(dataset));
    for (const place of [...places].toSorted()) parts.push(place, await wholeOf(place));
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  };
}

type Known = ReadonlyMap<unknown, unknown>;

/** The two columns of a query. */
async function readPairs(connection: DuckDBConnection, sql: string): Promise<Known> {
  const rows = await readRows(connection, sql);
  return new Map(rows.map((row) => Object.values(row) as [unknown, unknown]));
}
