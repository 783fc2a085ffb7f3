import {
  DuckDBListType,
  DuckDBStructType,
  DuckDBTypeId,
  ResultReturnType,
  type DuckDBType,
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type Json,
  type StatementType,
} from "@duckdb/node-api";
import { toDecimal, toInteger, type Cells } from "./cells.ts";
import { CliError, exitCodes } from "../errors.ts";

export interface Column {
  readonly name: string;
  readonly isNumber: boolean;
}

/** The rows of a query as they come, in batches; the cells are what JSON can say, timestamps in UTC as ISO 8601. */
export interface Rows {
  readonly columns: readonly Column[];
  readonly batches: AsyncIterable<readonly Cells[]>;
}

const integers = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
]);
const times = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);
const numbers = new Set([
  ...integers,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

/** Runs one or more statements and streams the rows of the last; `check` may refuse each by its type before it runs. */
export async function streamRows(
  connection: DuckDBConnection,
  sql: string,
  check: (type: StatementType) => void = () => {},
): Promise<Rows> {
  const statements = await extract(connection, sql);
  const prepare = async (index: number): Promise<DuckDBPreparedStatement> => {
    const statement = await statements.prepare(index);
    check(statement.statementType);
    return statement;
  };
  for (let index = 0; index < statements.count - 1; index += 1) await (await prepare(index)).run();
  const last = await prepare(statements.count - 1);
  const result = await last.stream();
  const { columns, batches } = toRows(result);
  return { columns, batches: orFail(batches, result, last) };
}

/** The engine ended a stream before its rows did, and does not say why. */
export class BrokenOffError extends CliError {
  constructor() {
    super("the engine broke off amid the rows, and when asked once more it did not; try again", {
      exitCode: exitCodes.output,
    });
  }
}

/**
 * Yields what comes of a streamed result, and throws where that fails: the binding ends one that fails amid its rows like
 * one that has no more. Its type alone tells (a result that failed has none), and why it did the statement, run once more.
 */
export async function* orFail<Item>(
  items: AsyncIterable<Item>,
  result: DuckDBResult,
  statement: DuckDBPreparedStatement,
): AsyncGenerator<Item> {
  yield* items;
  if (result.returnType !== ResultReturnType.INVALID) return;
  await statement.run();
  throw new BrokenOffError();
}

async function extract(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  // Of a text without any statement the binding says no more than "Error in native callback".
  const isEmpty = sql.replaceAll(/--.*$|\/\*[^]*?\*\/|[\s;]/gm, "") === "";
  if (isEmpty) throw new Error("there is no statement in it");
  return await connection.extractStatements(sql);
}

/** The rows of a result. */
export function toRows(result: DuckDBResult): Rows {
  const converters = result.columnTypes().map(toConverter);
  return { columns: toColumns(result), batches: convert(result.yieldRowsJson(), converters) };
}

/** The columns of a result. */
export function toColumns(result: DuckDBResult): Column[] {
  const types = result.columnTypes();
  return result.deduplicatedColumnNames().map((name, index) => ({
    name,
    isNumber: numbers.has(types[index]?.typeId ?? DuckDBTypeId.VARCHAR),
  }));
}

/** Makes of a value as the binding says it in JSON what JSON can say of it. */
type Converter = (cell: Json) => unknown;

async function* convert(
  batches: AsyncIterable<Json[][]>,
  converters: readonly Converter[],
): AsyncGenerator<Cells[]> {
  for await (const batch of batches)
    yield batch.map((row) => row.map((cell, index) => converters[index]?.(cell)));
}

/** DuckDB's JSON texts of integers become numbers where a number holds them exactly, nested ones too; beyond 2^53 they stay texts. */
function toConverter(type: DuckDBType): Converter {
  if (type instanceof DuckDBListType) {
    const convertItem = toConverter(type.valueType);
    return (cell) => (Array.isArray(cell) ? cell.map((item) => convertItem(item)) : cell);
  }
  if (type instanceof DuckDBStructType) return toStructConverter(type);
  const { typeId } = type;
  if (integers.has(typeId)) return toInteger;
  if (typeId === DuckDBTypeId.DECIMAL) return toDecimal;
  if (times.has(typeId)) return (cell) => (typeof cell === "string" ? `${cell.replace(" ", "T")}Z` : cell);
  return (cell) => cell;
}

function toStructConverter({ entryNames, entryTypes }: DuckDBStructType): Converter {
  const fields = entryTypes.map((type, index) => [entryNames[index] ?? "", toConverter(type)] as const);
  return (cell) => {
    if (typeof cell !== "object" || cell === null || Array.isArray(cell)) return cell;
    return Object.fromEntries(fields.map(([name, convertField]) => [name, convertField(cell[name] ?? null)]));
  };
}
