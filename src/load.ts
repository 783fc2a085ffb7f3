import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  DuckDBTableFunction,
  INTEGER,
  LIST,
  STRUCT,
  TIMESTAMP,
  UUID,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
} from "@duckdb/node-api";
import { fillChunk } from "./chunks.ts";
import type { Dataset } from "./dataset.ts";
import { quoteName, quoteText, recordStructure } from "./ddl.ts";
import { createFeed, findHead, isSheet, nextLoad, type Feed, type Load } from "./feed.ts";
import type { SheetColumn } from "./fast/sheet.ts";
import { collectGarbage } from "./memory.ts";

export interface Loader {
  /** Inserts into `schema.<dataset>` all that comes, or nothing when it throws. Returns the rows inserted. */
  readonly load: (
    dataset: Dataset,
    loads: Iterable<Load | undefined>,
    schema?: "raw" | "reference",
  ) => Promise<number>;
}

/** The types of what the engine gets. */
const types = {
  day: DATE,
  truth: BOOLEAN,
  integer: BIGINT,
  real: DOUBLE,
  time: TIMESTAMP,
  uuid: UUID,
  text: VARCHAR,
} as const;

function typeOf({ kind, children }: SheetColumn): DuckDBType {
  if (kind === "list") return LIST(children[0] ? typeOf(children[0]) : VARCHAR);
  if (kind !== "object") return types[kind];
  return STRUCT(Object.fromEntries(children.map((child) => [child.name, typeOf(child)])));
}

/** Registers the table functions through which records enter DuckDB; one loader serves one connection. */
export function createLoader(connection: DuckDBConnection): Loader {
  const current: { feed?: Feed } = {};
  register(connection, current, "proven_records");
  register(connection, current, "proven_rows");
  return {
    async load(dataset, loads, schema = "raw") {
      const feed = createFeed(loads);
      current.feed = feed;
      try {
        return await insertAll(connection, feed, { dataset, schema });
      } catch (error) {
        throw feed.failure ?? error;
      } finally {
        feed.isDone = true;
        feed.loads.return?.();
        delete current.feed;
      }
    },
  };
}

/** A table function that serves the feed of the moment: records as JSON, or rows with the columns of its head. */
function register(connection: DuckDBConnection, current: { feed?: Feed }, name: string): void {
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name,
      bindFunction: (info) => {
        const head = current.feed?.head;
        if (head === undefined || !isSheet(head)) {
          info.addResultColumn("record", VARCHAR);
          return;
        }
        info.addResultColumn("source_file_id", INTEGER);
        info.addResultColumn("record_number", BIGINT);
        for (const column of head.columns) info.addResultColumn(column.name, typeOf(column));
      },
      initFunction: () => {},
      mainFunction: (info, chunk) => {
        const { feed } = current;
        try {
          fillChunk(chunk, feed && nextLoad(feed));
        } catch (error) {
          if (feed) feed.failure = error;
          info.setError("reading the records failed");
        }
      },
    }),
  );
}

interface Target {
  readonly dataset: Dataset;
  readonly schema: string;
}

/** By as many statements as there are changes between records and rows, and large records, in one transaction. */
async function insertAll(connection: DuckDBConnection, feed: Feed, target: Target): Promise<number> {
  let rows = 0;
  await connection.run("begin");
  try {
    for (let head = await findHead(feed); head; head = await findHead(feed)) {
      const sql = isSheet(head) ? "from proven_rows()" : recordsSql(target.dataset);
      const into = `insert into ${target.schema}.${quoteName(target.dataset.name)} by name ${sql}`;
      rows += (await connection.run(into)).rowsChanged;
      if (feed.isLarge) collectGarbage();
    }
    await connection.run("commit");
    return rows;
  } catch (error) {
    // After a commit that failed there is nothing to roll back; what counts is why it failed.
    await connection.run("rollback").catch(() => {});
    throw error;
  }
}

function recordsSql(dataset: Dataset): string {
  return `select unnest(from_json_strict(record, ${quoteText(recordStructure(dataset))})) from proven_records()`;
}
