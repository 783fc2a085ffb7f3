import {
  DuckDBTypeId,
  JsonDuckDBValueConverter,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBType,
  type Json,
} from "@duckdb/node-api";
import { quoteName } from "./ddl.ts";
import { streamRows, toColumns, toConverter, type Cells, type Converter, type Rows } from "./rows.ts";

/** Between the texts of a packed row, and in the place of one that is unknown. */
const separator = "\0";
const unknown = "\u0001";

const asNumber: Converter = (text) => Number(text);
const asIs: Converter = (text) => text;

/** How a text of the engine's becomes what the binding makes of the value itself. */
const readers: ReadonlyMap<DuckDBTypeId, Converter> = new Map([
  [DuckDBTypeId.VARCHAR, asIs],
  [DuckDBTypeId.DATE, asIs],
  [DuckDBTypeId.TIMESTAMP, asIs],
  [DuckDBTypeId.BIGINT, asIs],
  [DuckDBTypeId.DECIMAL, asIs],
  [DuckDBTypeId.INTEGER, asNumber],
  [DuckDBTypeId.BOOLEAN, (text) => text === "true"],
]);

/**
 * All rows of a table or view in the order of all columns, as `streamRows` gives them. The engine joins the values of a
 * row into one text, because each that leaves it by itself costs a call and a buffer; a row whose values hold the
 * separator is read value by value, and so are all where a column is of another type than those of `readers`.
 */
export async function streamSorted(connection: DuckDBConnection, name: string): Promise<Rows> {
  const sorted = `from ${quoteName(name)} order by all`;
  const none = await connection.run(`from ${quoteName(name)} limit 0`);
  const types = none.columnTypes();
  if (!types.every(({ typeId }) => readers.has(typeId))) return await streamRows(connection, sorted);
  const columns = toColumns(none);
  const texts = columns.map((column, index) => packedText(column.name, types[index]));
  const statement = await connection.prepare(
    `select concat_ws(chr(0), ${texts.join(", ")}) as packed, * from (${sorted})`,
  );
  return { columns, batches: unpack(await statement.stream(), types) };
}

/** A text that looks like an unknown one becomes a separator, so that its row has too many. */
function packedText(name: string, type: DuckDBType | undefined): string {
  const column = quoteName(name);
  if (type?.typeId !== DuckDBTypeId.VARCHAR) return `coalesce(${column}::varchar, chr(1))`;
  return `coalesce(if(${column} = chr(1), chr(0), ${column}), chr(1))`;
}

async function* unpack(
  chunks: AsyncIterable<DuckDBDataChunk>,
  types: readonly DuckDBType[],
): AsyncGenerator<Cells[]> {
  const converters = types.map(toConverter);
  const cellReaders = types.map(({ typeId }, index) => toReader(readers.get(typeId), converters[index]));
  for await (const chunk of chunks) {
    const { rowCount } = chunk;
    const packed = chunk.getColumnVector(0);
    const rows: Cells[] = [];
    let alone: readonly (readonly (Json | null)[])[] | undefined;
    for (let at = 0; at < rowCount; at += 1) {
      const parts: unknown[] = String(packed.getItem(at)).split(separator);
      if (parts.length === types.length) rows.push(readParts(parts, cellReaders));
      else {
        alone ??= chunk.convertRows<Json>(JsonDuckDBValueConverter);
        rows.push((alone[at] ?? []).slice(1).map((cell, index) => converters[index]?.(cell)));
      }
    }
    yield rows;
  }
}

/** Makes cells of the texts of a row, in their place. */
function readParts(parts: unknown[], cellReaders: readonly CellReader[]): Cells {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string;
    if (part === unknown) parts[index] = null;
    else parts[index] = cellReaders[index]?.(part);
  }
  return parts;
}

type CellReader = (part: string) => unknown;

function toReader(read: Converter = asIs, convert: Converter = asIs): CellReader {
  return (part) => convert(read(part) as Json);
}
