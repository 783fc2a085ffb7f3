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

/** Between the texts of a packed row, and in front of one that is unknown or begins with it itself. */
const separator = "\0";
const mark = "\u0001";

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
  const pack = columns.map((column) => packedText(column.name)).join(" || chr(0) || ");
  const statement = await connection.prepare(`select ${pack} as packed, * from (${sorted})`);
  return { columns, batches: unpack(await statement.stream(), types) };
}

/** A text that begins with the mark gets another in front, so that the mark alone is unknown. */
function packedText(name: string): string {
  const text = `${quoteName(name)}::varchar`;
  return `case when ${text} is null then chr(1) when starts_with(${text}, chr(1)) then chr(1) || ${text} else ${text} end`;
}

async function* unpack(
  chunks: AsyncIterable<DuckDBDataChunk>,
  types: readonly DuckDBType[],
): AsyncGenerator<Cells[]> {
  const converters = types.map(toConverter);
  const cellReaders = types.map(({ typeId }, index) => toReader(readers.get(typeId), converters[index]));
  for await (const chunk of chunks) {
    const packed = chunk.getColumnVector(0);
    const rows: Cells[] = [];
    let alone: readonly (readonly (Json | null)[])[] | undefined;
    for (let at = 0; at < chunk.rowCount; at += 1) {
      const parts = String(packed.getItem(at)).split(separator);
      if (parts.length === types.length) rows.push(parts.map((part, index) => cellReaders[index]?.(part)));
      else {
        alone ??= chunk.convertRows<Json>(JsonDuckDBValueConverter);
        rows.push((alone[at] ?? []).slice(1).map((cell, index) => converters[index]?.(cell)));
      }
    }
    yield rows;
  }
}

function toReader(read: Converter = asIs, convert: Converter = asIs): (part: string) => unknown {
  return (part) => {
    if (!part.startsWith(mark)) return convert(read(part) as Json);
    return part === mark ? null : convert(read(part.slice(1)) as Json);
  };
}
