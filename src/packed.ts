import { DuckDBTypeId, type DuckDBConnection, type DuckDBDataChunk, type DuckDBType } from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import { quoteName } from "./ddl.ts";
import { orFail, streamRows, toColumns, toConverter, type Cells, type Rows } from "./rows.ts";
import { maybeJoinTexts } from "./vector-texts.ts";

/** Between the texts of a packed row, and in the place of one that is unknown. */
const separator = "\0";
const unknown = "\u0001";

type CellReader = ((part: string) => unknown) | undefined;

/** How a text of the engine's becomes the cell that `toConverter` makes of the value; undefined where it is one. */
const readers = new Map<DuckDBTypeId, (type: DuckDBType) => CellReader>([
  [DuckDBTypeId.VARCHAR, () => undefined],
  [DuckDBTypeId.DATE, () => undefined],
  [DuckDBTypeId.TIMESTAMP, () => undefined],
  [DuckDBTypeId.BIGINT, toConverter],
  [DuckDBTypeId.DECIMAL, toConverter],
  [DuckDBTypeId.INTEGER, () => Number],
  [DuckDBTypeId.BOOLEAN, () => (part) => part === "true"],
]);

/**
 * All rows of a table or view in the order of all columns. The engine joins the values of a row into one text, because
 * each that leaves it by itself costs a call and a buffer. From the first rows on of which one holds the separator all
 * are read value by value, and so are all where a column is of another type than those of `readers`.
 */
export async function streamSorted(connection: DuckDBConnection, name: string): Promise<Rows> {
  const sorted = `from ${quoteName(name)} order by all`;
  const none = await connection.run(`from ${quoteName(name)} limit 0`);
  const types = none.columnTypes();
  if (!types.every(({ typeId }) => readers.has(typeId))) return await streamRows(connection, sorted);
  const columns = toColumns(none);
  const texts = columns.map((column, index) => packedText(column.name, types[index]));
  const statement = await connection.prepare(
    `select concat_ws(chr(0), ${texts.join(", ")}, '') from (${sorted})`,
  );
  const result = await statement.stream();
  const chunks = readAhead(orFail(result, result, statement));
  const readFrom = async (row: number): Promise<Rows> =>
    await streamRows(connection, `${sorted} offset ${row}`);
  return { columns, batches: unpack(chunks, types, readFrom) };
}

/** A text that looks like an unknown one becomes a separator, so that its row has too many. */
function packedText(name: string, type: DuckDBType | undefined): string {
  const column = quoteName(name);
  const text = `${column}::varchar`;
  if (type?.typeId === DuckDBTypeId.VARCHAR)
    return `coalesce(if(${column} = chr(1), chr(0), ${column}), chr(1))`;
  if (type?.typeId === DuckDBTypeId.TIMESTAMP) return `coalesce(replace(${text}, ' ', 'T') || 'Z', chr(1))`;
  return `coalesce(${text}, chr(1))`;
}

/** Asks for the next before the one that came is taken: the engine makes it while that is worked on. */
async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { done = false, value } = await next;
      if (done) return;
      next = iterator.next();
      // Its error is met where it is waited for.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await Promise.allSettled([next]);
  }
}

async function* unpack(
  chunks: AsyncIterable<DuckDBDataChunk>,
  types: readonly DuckDBType[],
  readFrom: (row: number) => Promise<Rows>,
): AsyncGenerator<readonly Cells[]> {
  const cellReaders = types.map((type) => readers.get(type.typeId)?.(type));
  let row = 0;
  let isWhole = true;
  for await (const chunk of chunks) {
    const packed = maybeJoinTexts(bindings.data_chunk_get_vector(chunk.chunk, 0), chunk.rowCount);
    const parts = packed?.split(separator);
    // One more, behind the last separator.
    isWhole = parts?.length === chunk.rowCount * types.length + 1;
    if (!isWhole || parts === undefined) break;
    yield* readParts(parts, cellReaders);
    row += chunk.rowCount;
  }
  if (!isWhole) yield* (await readFrom(row)).batches;
}

/** Fewer than come at once: what is made of them is still in the processor's cache when it is written (0.95 of the time). */
const batchRows = 256;

/** Makes rows of the texts of their cells. */
function* readParts(parts: readonly string[], cellReaders: readonly CellReader[]): Generator<Cells[]> {
  const { length } = cellReaders;
  let rows: Cells[] = [];
  for (let at = 0; at + length < parts.length; at += length) {
    rows.push(cellReaders.map((read, index) => readPart(parts[at + index] as string, read)));
    if (rows.length < batchRows) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

function readPart(part: string, read: CellReader): unknown {
  if (part === unknown) return null;
  return read ? read(part) : part;
}
