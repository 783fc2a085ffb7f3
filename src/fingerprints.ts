import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import { insertRows } from "./ledger.ts";
import { readSql, readViews, type View } from "./views.ts";

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
    states ??= await readPairs(connection, readSql("dataset_states"));
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
