import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import { quoteName, quoteText } from "./ddl.ts";
import { insertRows } from "./ledger.ts";

/**
 * The layers of views in creation order; a view selects only from layers before its own, or from its own when named with it.
 * What is `settled` is written into a table by every import: it depends on the data, not on the parameters of a query.
 */
const layers = [
  { folder: "staging", schema: "staging" },
  { folder: "settled", schema: "meta" },
  { folder: "intermediate", schema: "intermediate" },
  { folder: "checks", schema: "checks" },
  { folder: "outputs", schema: "main" },
  { folder: "lineage", schema: "lineage" },
] as const;

const root = fileURLToPath(new URL("../src/views", import.meta.url));
const reference = fileURLToPath(new URL("../reference", import.meta.url));

export interface View {
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  /** The first comment line of the file: what one row is. */
  readonly grain: string;
}

/** A statement of ours that is no view, for example `meta`. */
export function readSql(name: string): string {
  return readFileSync(join(root, `${name}.sql`), "utf8");
}

/** The views of all layers in an order in which they can be created. */
export function readViews(): View[] {
  return layers.flatMap(({ folder, schema }) => inOrder(readFolder(folder, schema)));
}

/** The names of the outputs, in the order of their files. */
export function outputNames(): string[] {
  return readFolder("outputs", "main").map(({ name }) => name);
}

/** The checks, each a view of findings, and the datasets of which it needs one to find anything (`<check>.needs.json`). */
export function readChecks(): { name: string; needs: readonly string[] | undefined }[] {
  return readFolder("checks", "checks").map(({ name }) => {
    const file = join(root, "checks", `${name}.needs.json`);
    return {
      name,
      needs: existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as string[]) : undefined,
    };
  });
}

function readFolder(folder: string, schema: string): View[] {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".sql"));
  return files.toSorted().map((file) => {
    const sql = readFileSync(join(root, folder, file), "utf8");
    const grain = /^-- (.*)$/m.exec(sql)?.[1] ?? "";
    return { schema, name: basename(file, ".sql"), sql, grain };
  });
}

/** Views of one layer, each behind those that it selects from. */
function inOrder(views: readonly View[]): View[] {
  const ordered = new Set<View>();
  const visit = (view: View): void => {
    for (const other of views)
      if (
        other !== view &&
        !ordered.has(other) &&
        new RegExp(String.raw`\b${view.schema}\.${other.name}\b`).test(view.sql)
      )
        visit(other);
    ordered.add(view);
  };
  for (const view of views) visit(view);
  return [...ordered];
}

/** Changes whenever a view, a table of the ledger, a list that ships or what an output needs does: what a database has under the same hash need not be made again. */
export function hashViews(): string {
  const hash = createHash("sha256");
  for (const name of ["meta", "outputs"]) hash.update(readSql(name));
  for (const file of readdirSync(reference).toSorted()) hash.update(readFileSync(join(reference, file)));
  for (const { schema, name, sql } of readViews()) hash.update(`${schema}.${name} ${sql}`);
  return hash.update(JSON.stringify([readNeeds(), readColumns()])).digest("hex");
}

/** Creates all views anew, with their grain as comment, writes down what each output needs, and settles what the data say. */
export async function createViews(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("outputs"));
  const outputs = readFolder("outputs", "main").map(({ name, grain }, position) => ({
    output: name,
    position,
    grain,
  }));
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
  for (const view of readViews()) {
    if (isSettled(view)) await settle(connection, view);
    else {
      const { schema, name, sql, grain } = view;
      await connection.run(`create or replace view ${schema}.${quoteName(name)} as ${sql}`);
      await connection.run(`comment on view ${schema}.${quoteName(name)} is ${quoteText(grain)}`);
    }
  }
  const comments = columns.map(
    ({ output, column_name: name, meaning }) =>
      `comment on column ${quoteName(output)}.${quoteName(name)} is ${quoteText(meaning)}`,
  );
  await connection.run(["begin", ...comments, "commit"].join(";\n"));
}

/** Writes anew what depends on the data alone; the views are there already. */
export async function settleData(connection: DuckDBConnection): Promise<void> {
  for (const view of readViews().filter(isSettled)) await settle(connection, view);
}

function isSettled({ schema }: View): boolean {
  return schema === "meta";
}

async function settle(connection: DuckDBConnection, { schema, name, sql, grain }: View): Promise<void> {
  await connection.run(`create or replace table ${schema}.${quoteName(name)} as ${sql}`);
  await connection.run(`comment on table ${schema}.${quoteName(name)} is ${quoteText(grain)}`);
}

/** What each column of the outputs means (`<output>.columns.json`). */
function readColumns(): { output: string; column_name: string; meaning: string }[] {
  return outputNames().flatMap((output) => {
    const file = join(root, "outputs", `${output}.columns.json`);
    if (!existsSync(file)) return [];
    const meanings = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
    return meanings.map(([name, meaning]) => ({ output, column_name: name, meaning }));
  });
}

interface Need {
  readonly dataset: string;
  readonly property?: string;
  /** It stands in for another of its group, and nobody is asked for it. */
  readonly substitute?: boolean;
}

/**
 * What an output needs: of each group at least one; without an essential group it is not supplied, without a helpful
 * one partial. Without a noted one its own values say that they do not know; the status has a note.
 */
interface Needs {
  readonly essential: readonly (readonly Need[])[];
  readonly helpful: readonly (readonly Need[])[];
  readonly noted?: readonly (readonly Need[])[];
}

function readNeeds(): Readonly<Record<string, string | number | boolean | null>>[] {
  return outputNames().flatMap((output) => {
    const file = join(root, "outputs", `${output}.needs.json`);
    if (!existsSync(file)) return [];
    const { essential, helpful, noted = [] } = JSON.parse(readFileSync(file, "utf8")) as Needs;
    return [...essential, ...helpful, ...noted].flatMap((group, index) =>
      group.map(({ dataset, property = null, substitute = false }) => ({
        output,
        need_group: index,
        dataset,
        property,
        is_essential: index < essential.length,
        is_noted: index >= essential.length + helpful.length,
        is_substitute: substitute,
      })),
    );
  });
}
