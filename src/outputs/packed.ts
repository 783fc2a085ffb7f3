import {
  DuckDBDecimalType,
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBType,
} from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import type { CellKind, Cells } from "../database/cells.ts";
import { quoteName } from "../schema/ddl.ts";
import { orFail, streamRows, toColumns, type Column, type Rows } from "../database/rows.ts";
import { batchRows, unpack, type PackedTexts, type Pieces } from "./unpack.ts";
import type { ColumnType } from "../handoff/manifest.ts";
import { maybeJoinTexts } from "./vector-texts.ts";

/** What the engine's texts of these types stand for; decimals stay texts, as times do: files have one form of each. */
const kinds: ReadonlyMap<DuckDBTypeId, CellKind> = new Map([
  [DuckDBTypeId.VARCHAR, "text"],
  [DuckDBTypeId.DATE, "text"],
  [DuckDBTypeId.TIMESTAMP, "text"],
  [DuckDBTypeId.BIGINT, "integer"],
  [DuckDBTypeId.DECIMAL, "text"],
  [DuckDBTypeId.INTEGER, "number"],
  [DuckDBTypeId.BOOLEAN, "boolean"],
]);

/** Rows of which most leave the engine packed. */
export interface PackedRows extends Pieces {
  readonly columns: readonly Column[];
  readonly types: readonly FileType[];
  /** Ends them, also amid the rows, when the engine has made what was asked for. */
  readonly close: () => Promise<void>;
}

/** What a column of a file is, and the digits behind the point of a decimal. */
export interface FileType {
  readonly type: ColumnType;
  readonly scale?: number;
}

const fileTypes: ReadonlyMap<DuckDBTypeId, ColumnType> = new Map([
  [DuckDBTypeId.BIGINT, "integer"],
  [DuckDBTypeId.INTEGER, "integer"],
  [DuckDBTypeId.DOUBLE, "number"],
  [DuckDBTypeId.BOOLEAN, "boolean"],
  [DuckDBTypeId.DATE, "date"],
  [DuckDBTypeId.TIMESTAMP, "time"],
]);

/** What a column of the engine's is in a file. */
export function toFileType(type: DuckDBType): FileType {
  if (type instanceof DuckDBDecimalType) return { type: "decimal", scale: type.scale };
  return { type: fileTypes.get(type.typeId) ?? "text" };
}

/** A cell of `streamRows` in the form that files have. */
function toFileCell(cell: unknown, type: ColumnType | undefined): unknown {
  if (type === "decimal" && cell !== null) return String(cell);
  if (type !== "time" || typeof cell !== "string") return cell;
  const [seconds = "", parts = ""] = cell.replace("Z", "").split(".");
  return `${seconds}.${parts.padEnd(6, "0")}Z`;
}

/** All rows of a table or view in the order of all columns, unpacked here. */
export async function streamSorted(connection: DuckDBConnection, name: string): Promise<Rows> {
  const packed = await streamPacked(connection, name);
  return { columns: packed.columns, batches: unpack(packed) };
}

/**
 * All rows of a table or view in the order of all columns. The engine joins the values of a row into one text, because
 * each that leaves it by itself costs a call and a buffer. Where a column is of another type than those of `kinds`, all
 * come as cells, and so do those behind a vector of which the texts are too large for one.
 */
export async function streamPacked(connection: DuckDBConnection, name: string): Promise<PackedRows> {
  const sorted = `from ${quoteName(name)} order by all`;
  const none = await connection.run(`from ${quoteName(name)} limit 0`);
  const types = none.columnTypes();
  const columns = toColumns(none);
  const fileTypesOf = types.map(toFileType);
  const known = types.map(({ typeId }) => kinds.get(typeId));
  const isKnown = known.every((kind) => kind !== undefined);
  const byValue = async (row: number): Promise<AsyncIterator<readonly Cells[]>> => {
    const { batches } = await streamRows(connection, `${sorted} offset ${row}`);
    return inForms(batches, fileTypesOf);
  };
  const texts = columns.map((column, index) => packedText(column.name, types[index]));
  let pieces: AsyncIterator<PackedTexts | readonly Cells[] | number> = isKnown
    ? readAhead(joinTexts(await streamTexts(connection, sorted, texts)))
    : await byValue(0);
  const close = async (): Promise<void> => void (await pieces.return?.());
  const goOnFrom = async (row: number): Promise<void> => {
    await close();
    pieces = await byValue(row);
  };
  const next: Pieces["next"] = async () => {
    const { done = false, value } = await pieces.next();
    if (done) return undefined;
    if (typeof value !== "number") return value;
    await goOnFrom(value);
    return await next();
  };
  return { columns, types: fileTypesOf, kinds: isKnown ? known : [], next, goOnFrom, close };
}

/** Batches of `streamRows` with their cells in the forms that files have. */
export async function* inForms(
  batches: AsyncIterable<readonly Cells[]>,
  types: readonly FileType[],
): AsyncGenerator<readonly Cells[]> {
  for await (const batch of batches)
    yield batch.map((row) => row.map((cell, index) => toFileCell(cell, types[index]?.type)));
}

async function streamTexts(
  connection: DuckDBConnection,
  sorted: string,
  texts: readonly string[],
): Promise<AsyncIterable<DuckDBDataChunk>> {
  const statement = await connection.prepare(
    `select concat_ws(chr(0), ${texts.join(", ")}, '') from (${sorted})`,
  );
  const result = await statement.stream();
  return orFail(result, result, statement);
}

/** A text that looks like an unknown one becomes a separator, so that its row has too many. */
function packedText(name: string, type: DuckDBType | undefined): string {
  const column = quoteName(name);
  const text = `${column}::varchar`;
  if (type?.typeId === DuckDBTypeId.VARCHAR)
    return `coalesce(if(${column} = chr(1), chr(0), ${column}), chr(1))`;
  if (type?.typeId === DuckDBTypeId.TIMESTAMP)
    return `coalesce(strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ'), chr(1))`;
  return `coalesce(${text}, chr(1))`;
}

/** The texts of each chunk; of the first that has too many, the number of its first row. */
async function* joinTexts(chunks: AsyncIterable<DuckDBDataChunk>): AsyncGenerator<PackedTexts | number> {
  let row = 0;
  for await (const { chunk, rowCount } of chunks) {
    const texts = maybeJoinTexts(bindings.data_chunk_get_vector(chunk, 0), rowCount, batchRows);
    yield texts === undefined ? row : { ...texts, rows: rowCount };
    if (texts === undefined) return;
    row += rowCount;
  }
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
