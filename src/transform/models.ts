import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { modelsFolder, referenceFolder } from "../paths.ts";

/** When the rows of a model are written into a table, as its header says: at every import, or for the latest date alone. */
type Materialize = "always" | "at the latest date";

interface Layer {
  readonly folder: string;
  readonly schema: string;
  readonly materialize?: Materialize;
}

/**
 * The layers of models in creation order; a model selects only from layers before its own, or from its own when named
 * with it. What is materialized always depends on the data alone, not on the parameters of a query.
 */
const layers: readonly (readonly Layer[])[] = [
  [{ folder: "staging", schema: "staging" }],
  [{ folder: "intermediate", schema: "meta", materialize: "always" }],
  [
    { folder: "intermediate", schema: "intermediate" },
    { folder: "intermediate", schema: "intermediate", materialize: "at the latest date" },
  ],
  [{ folder: "checks", schema: "checks" }],
  [{ folder: "findings", schema: "checks", materialize: "at the latest date" }],
  [{ folder: "outputs", schema: "main" }],
  [{ folder: "lineage", schema: "lineage" }],
];

export interface View {
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  /** The first comment line of the file: what one row is. */
  readonly grain: string;
  /** The datasets of which it needs one to have any row; undefined where it may have some without. */
  readonly needs?: readonly string[] | undefined;
  /** Every import settles it for the newest date, where all of these datasets are there and not one alone; over less it is soon computed. */
  readonly settledWith?: readonly string[] | undefined;
  /** A table that has a row where the view may have any. */
  readonly rowsOf?: string | undefined;
}

/** A statement of ours that is no view, for example `meta`. */
export function readSql(name: string): string {
  return readFileSync(join(modelsFolder, `${name}.sql`), "utf8");
}

let known: readonly View[] | undefined;

/** The views of all layers in an order in which they can be created; the files are read once. */
export function readViews(): readonly View[] {
  return (known ??= layers.flatMap((folders) =>
    inOrder(
      folders.flatMap((layer) => {
        const views = readFolder(layer);
        return layer.materialize === "at the latest date" ? views.flatMap(nameNewest) : views;
      }),
    ),
  ));
}

/** The outputs, in the order of their files. */
export const readOutputs = (): View[] => readFolder({ folder: "outputs", schema: "main" });

/** Their names. */
export const outputNames = (): string[] => readOutputs().map(({ name }) => name);

/** The checks, each a view of findings. */
export function readChecks(): readonly View[] {
  return readFolder({ folder: "checks", schema: "checks" });
}

/** All that the checks find, in one view. */
export function readFindingsView(): View {
  const [, findings] = readFolder({
    folder: "findings",
    schema: "checks",
    materialize: "at the latest date",
  }).flatMap(nameNewest);
  if (findings === undefined) throw new Error("there is no view of the findings");
  return findings;
}

/** What is settled for the newest date, by the name that others know, stands beside what computes it for any. */
function nameNewest(view: View): View[] {
  const computed = { ...view, name: `${view.name}_at_as_of`, needs: undefined, settledWith: undefined };
  return [computed, { ...view, sql: `select * from ${view.schema}.${computed.name}` }];
}

function readFolder({ folder, schema, materialize }: Layer): View[] {
  const files = readdirSync(join(modelsFolder, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".sql"));
  return files.toSorted(byName).flatMap((file) => {
    const path = join(modelsFolder, folder, file);
    const sql = readFileSync(path, "utf8");
    if (/^-- materialize: (.*)$/m.exec(sql)?.[1] !== materialize) return [];
    const grain = /^-- (.*)$/m.exec(sql)?.[1] ?? "";
    const name = basename(file, ".sql");
    const needs = readDatasets(path.replace(/sql$/, "needs.json"));
    return [{ schema, name, sql, grain, ...readRaw(sql), ...needs }];
  });
}

/** By the name of the model, in whichever folder it stands. */
function byName(a: string, b: string): number {
  return basename(a) < basename(b) ? -1 : 1;
}

/** A view that reads what files brought has no row without them. */
function readRaw(sql: string): Pick<View, "needs"> {
  const datasets = [...sql.matchAll(/\braw\.(\w+)/g)].map(([, dataset = ""]) => dataset);
  return datasets.length > 0 ? { needs: datasets } : {};
}

/** What a view needs: a list for a check; for what is settled also with what. Those of outputs say something else. */
function readDatasets(file: string): Pick<View, "needs" | "settledWith" | "rowsOf"> {
  if (!existsSync(file)) return {};
  const said = JSON.parse(readFileSync(file, "utf8")) as
    | string[]
    | { rows?: string[]; settledWith?: string[]; rowsOf?: string };
  if (Array.isArray(said)) return { needs: said };
  return { needs: said.rows, settledWith: said.settledWith, rowsOf: said.rowsOf };
}

/** Views of one layer, each behind those that it selects from. */
function inOrder(views: readonly View[]): View[] {
  const places = new Map(views.map((view) => [`${view.schema}.${view.name}`, view]));
  const ordered = new Set<View>();
  const visit = (view: View): void => {
    for (const [place] of view.sql.matchAll(/\b\w+\.\w+/g)) {
      const other = places.get(place);
      if (other && other !== view && !ordered.has(other)) visit(other);
    }
    ordered.add(view);
  };
  for (const view of views) visit(view);
  return [...ordered];
}

/** To be raised with the SQL that materialize.ts writes itself. */
const shapes = 3;

/** Changes whenever a view, a table of the ledger, a list that ships or what an output needs does: what a database has under the same hash need not be made again. */
export function hashViews(): string {
  const hash = createHash("sha256");
  for (const name of ["ledger/meta", "ledger/outputs"]) hash.update(readSql(name));
  for (const file of readdirSync(referenceFolder).toSorted())
    hash.update(readFileSync(join(referenceFolder, file)));
  const views = readViews();
  for (const { schema, name, sql } of views) hash.update(`${schema}.${name} ${sql}`);
  const said = views.map(({ name, needs, settledWith, rowsOf }) => [name, needs, settledWith, rowsOf]);
  return hash.update(JSON.stringify([readNeeds(), readColumns(), said, shapes])).digest("hex");
}

/** What each column of the outputs means (`<output>.columns.json`). */
export function readColumns(): { output: string; column_name: string; meaning: string }[] {
  return outputNames().flatMap((output) => {
    const file = join(modelsFolder, "outputs", `${output}.columns.json`);
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
 * one partial. Without a noted one its own values say that they do not know; the status has a note. The columns are
 * only asked of what was supplied.
 */
interface Needs {
  readonly essential: readonly (readonly Need[])[];
  readonly helpful: readonly (readonly Need[])[];
  readonly noted?: readonly (readonly Need[])[];
  /** By dataset: where it was supplied, each of these must be in it (of a list one of them), or the output is partial. */
  readonly columns?: Readonly<Record<string, readonly (string | readonly string[])[]>>;
}

export function readNeeds(): Readonly<Record<string, string | number | boolean | null>>[] {
  return outputNames().flatMap((output) => {
    const file = join(modelsFolder, "outputs", `${output}.needs.json`);
    if (!existsSync(file)) return [];
    const { essential, helpful, noted = [], columns = {} } = JSON.parse(readFileSync(file, "utf8")) as Needs;
    const asked = essential.length + helpful.length + noted.length;
    const inColumns = Object.entries(columns).flatMap(([dataset, names]) =>
      names.map((name): Need[] => [name].flat().map((property) => ({ dataset, property }))),
    );
    return [...essential, ...helpful, ...noted, ...inColumns].flatMap((group, index) =>
      group.map(({ dataset, property = null, substitute = false }) => ({
        output,
        need_group: index,
        dataset,
        property,
        is_essential: index < essential.length,
        is_noted: index >= essential.length + helpful.length && index < asked,
        is_substitute: substitute,
        is_column: index >= asked,
      })),
    );
  });
}
