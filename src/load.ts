import { DuckDBTableFunction, VARCHAR, type DuckDBConnection, type DuckDBDataChunk } from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import type { Dataset } from "./dataset.ts";
import { quoteName, recordStructure, quoteText } from "./ddl.ts";
import { collectGarbage } from "./memory.ts";
import type { Packet } from "./packet.ts";

const queuedPackets = 8;

/** Packets are one of these or less, unless a record alone is larger. */
const queuedBytes = queuedPackets << 20;

/** What DuckDB is given while there is no good record: no rows at all would be the end. */
const pause: Packet = { bytes: Buffer.from(" "), ends: [1] };

/** Behind a packet as large as this the statement ends: what the engine holds of such records it lets go only then. */
const largePacket = 2 << 20;

interface Feed {
  readonly packets: Iterator<Packet, void>;
  readonly queue: Packet[];
  isDone: boolean;
  /** This statement is to get no more. */
  isEnough: boolean;
  isFilling: boolean;
  failure: unknown;
}

export interface Loader {
  /** Inserts packets into `schema.<dataset>`, all of them, or none when it throws. Returns the rows inserted. */
  readonly load: (
    dataset: Dataset,
    packets: Iterable<Packet>,
    schema?: "raw" | "reference",
  ) => Promise<number>;
}

/** Registers the table function through which records enter DuckDB; one loader serves one connection. */
export function createLoader(connection: DuckDBConnection): Loader {
  let feed: Feed | undefined;
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: "proven_records",
      bindFunction: (info) => info.addResultColumn("record", VARCHAR),
      initFunction: () => {},
      mainFunction: (info, chunk) => {
        try {
          serve(feed, chunk);
        } catch (error) {
          if (feed) feed.failure = error;
          info.setError("reading the records failed");
        }
      },
    }),
  );
  return {
    async load(dataset, packets, schema = "raw") {
      const current: Feed = {
        packets: packets[Symbol.iterator](),
        queue: [],
        isDone: false,
        isEnough: false,
        isFilling: false,
        failure: undefined,
      };
      feed = current;
      prefill(current);
      try {
        return await insertAll(connection, current, insertSql(dataset, schema));
      } catch (error) {
        throw current.failure ?? error;
      } finally {
        current.isDone = true;
        current.packets.return?.();
        feed = undefined;
      }
    },
  };
}

function insertSql(dataset: Dataset, schema: string): string {
  return `insert into ${schema}.${quoteName(dataset.name)} by name
    select unnest(from_json_strict(record, ${quoteText(recordStructure(dataset))})) from proven_records()
    where record <> ' '`;
}

async function insertAll(connection: DuckDBConnection, feed: Feed, sql: string): Promise<number> {
  let rows = 0;
  await connection.run("begin");
  try {
    do {
      feed.isEnough = false;
      rows += (await connection.run(sql)).rowsChanged;
      if (feed.isEnough) collectGarbage();
    } while (feed.isEnough);
    await connection.run("commit");
    return rows;
  } catch (error) {
    await connection.run("rollback");
    throw error;
  }
}

/** Proves records ahead while DuckDB inserts the packets before them on its own thread. */
function prefill(feed: Feed): void {
  feed.isFilling = !feed.isDone && feed.failure === undefined && hasRoom(feed.queue);
  if (!feed.isFilling) return;
  try {
    take(feed);
  } catch (error) {
    feed.failure = error;
  }
  setImmediate(prefill, feed);
}

function hasRoom(queue: readonly Packet[]): boolean {
  const bytes = queue.reduce((sum, { ends }) => sum + (ends.at(-1) ?? 0), 0);
  return queue.length < queuedPackets && bytes < queuedBytes;
}

function take(feed: Feed): void {
  const { done, value } = feed.packets.next();
  if (done) feed.isDone = true;
  else if (value.ends.length > 0) feed.queue.push(value);
}

function serve(feed: Feed | undefined, chunk: DuckDBDataChunk): void {
  if (feed?.failure !== undefined) throw feed.failure;
  if (feed?.isEnough) {
    chunk.rowCount = 0;
    return;
  }
  if (feed && feed.queue.length === 0 && !feed.isDone) take(feed);
  const packet = feed?.queue.shift() ?? (feed && !feed.isDone ? pause : undefined);
  if (feed && !feed.isFilling) setImmediate(prefill, feed);
  chunk.rowCount = packet?.ends.length ?? 0;
  if (packet === undefined) return;
  if (feed) feed.isEnough = (packet.ends.at(-1) ?? 0) >= largePacket;
  const vector = bindings.data_chunk_get_vector(chunk.chunk, 0);
  let start = 0;
  packet.ends.forEach((end, index) => {
    bindings.vector_assign_string_element_len(vector, index, packet.bytes.subarray(start, end));
    start = end;
  });
  packet.release?.();
}
