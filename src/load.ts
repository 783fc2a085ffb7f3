import { DuckDBTableFunction, VARCHAR, type DuckDBConnection, type DuckDBDataChunk } from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import type { Dataset } from "./dataset.ts";
import { quoteName, recordStructure, quoteText } from "./ddl.ts";
import type { Packet } from "./packet.ts";

const queuedPackets = 8;

/** What DuckDB is given while there is no good record: no rows at all would be the end. */
const pause: Packet = { bytes: Buffer.from(" "), ends: [1] };

interface Feed {
  readonly packets: Iterator<Packet, void>;
  readonly queue: Packet[];
  isDone: boolean;
  isFilling: boolean;
  failure: unknown;
}

export interface Loader {
  /** Inserts packets into `schema.<dataset>` by one statement: all of them, or none when it throws. Returns the rows inserted. */
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
        isFilling: false,
        failure: undefined,
      };
      feed = current;
      prefill(current);
      try {
        const { rowsChanged } = await connection.run(
          `insert into ${schema}.${quoteName(dataset.name)} by name
           select unnest(from_json_strict(record, ${quoteText(recordStructure(dataset))})) from proven_records()
           where record <> ' '`,
        );
        return rowsChanged;
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

/** Proves records ahead while DuckDB inserts the packets before them on its own thread. */
function prefill(feed: Feed): void {
  feed.isFilling = !feed.isDone && feed.failure === undefined && feed.queue.length < queuedPackets;
  if (!feed.isFilling) return;
  try {
    take(feed);
  } catch (error) {
    feed.failure = error;
  }
  setImmediate(prefill, feed);
}

function take(feed: Feed): void {
  const { done, value } = feed.packets.next();
  if (done) feed.isDone = true;
  else if (value.ends.length > 0) feed.queue.push(value);
}

function serve(feed: Feed | undefined, chunk: DuckDBDataChunk): void {
  if (feed?.failure !== undefined) throw feed.failure;
  if (feed && feed.queue.length === 0 && !feed.isDone) take(feed);
  const packet = feed?.queue.shift() ?? (feed && !feed.isDone ? pause : undefined);
  if (feed && !feed.isFilling) setImmediate(prefill, feed);
  chunk.rowCount = packet?.ends.length ?? 0;
  if (packet === undefined) return;
  const vector = bindings.data_chunk_get_vector(chunk.chunk, 0);
  let start = 0;
  packet.ends.forEach((end, index) => {
    bindings.vector_assign_string_element_len(vector, index, packet.bytes.subarray(start, end));
    start = end;
  });
}
