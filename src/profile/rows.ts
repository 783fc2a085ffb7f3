import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Cells } from "../database/cells.ts";
import { streamRows } from "../database/rows.ts";
import { inForms, toFileType, type FileType } from "../outputs/packed.ts";
import { quoteName } from "../schema/ddl.ts";
import { compileColumn, isBlank, type Cell, type CellMaker, type Making } from "./cells.ts";
import type { Counts, Noted } from "./counts.ts";
import { compileKeep } from "./keep.ts";
import {
  sourcesOf,
  type Collect,
  type ColumnRules,
  type Key,
  type RelationRules,
  type Section,
} from "./profile.ts";

/** A row of a file, in the order of its columns. */
export type Row = readonly Cell[];

/** The rows of a list of a file, and what the columns of the output behind them are. */
export interface SectionRows {
  readonly batches: AsyncIterable<readonly Row[]>;
  readonly types: ReadonlyMap<string, FileType>;
}

/** Values that rows of a file have in some of its columns, as other files name them. */
export interface Named {
  readonly columns: readonly string[];
  readonly values: Set<string>;
}

/** A relation to a file that is made already, and the values without a row there that were met. */
export interface Relation {
  readonly rules: RelationRules;
  readonly there: ReadonlySet<string>;
  readonly unmatched: Set<string>;
}

/** What rows are made in. */
export interface RowMaking extends Pick<Making, "profile" | "isSupplied"> {
  readonly connection: DuckDBConnection;
  readonly asOf: string;
  readonly counts: Counts;
  readonly relations: readonly Relation[];
  readonly named: readonly Named[];
}

/** Reads the rows of an output that a list of a file is made of, and makes those of the file. */
export async function makeRows(section: Section, making: RowMaking): Promise<SectionRows> {
  const { connection, profile, asOf, isSupplied } = making;
  const read = await readSources(connection, section.output, {
    sources: allSources(section),
    order: orderOf(section),
  });
  const { indexOf } = read;
  const collected = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const { to, collect } of section.columns)
    if (collect !== undefined) collected.set(to, await collectValues(collect, making));
  const cells = section.columns.map((column) =>
    compileColumn(column, { profile, indexOf, isSupplied, collected }),
  );
  const whyLeftOut = compileKeep(section.keep, indexOf, asOf);
  const judge = compileJudge(section, making);
  const make = (row: Cells): Row[] => {
    const made = whyLeftOut(row) ?? makeRow(row, cells, section.columns, judge);
    if (typeof made === "string") making.counts.leaveOut(made);
    else making.counts.take(made.noted);
    return typeof made === "string" ? [] : [made.row];
  };
  return { batches: mapBatches(read.batches, make), types: read.types };
}

async function* mapBatches(
  batches: AsyncIterable<readonly Cells[]>,
  make: (row: Cells) => Row[],
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    const rows = batch.flatMap(make);
    if (rows.length > 0) yield rows;
  }
}

interface Made {
  readonly row: Row;
  readonly noted: Noted;
}

/** A row, or why it is left out. */
function makeRow(
  row: Cells,
  cells: readonly CellMaker[],
  columns: readonly ColumnRules[],
  judge: (row: Row, noted: Noted) => string | undefined,
): Made | string {
  const noted: Noted = { fills: [], faults: [] };
  const made = keepTogether(
    cells.map((cell) => cell(row, noted)),
    columns,
    noted,
  );
  return judge(made, noted) ?? { row: made, noted };
}

/** Empties columns of which another one that belongs to them is empty. */
function keepTogether(row: Row, columns: readonly ColumnRules[], noted: Noted): Row {
  const lacking = new Set(
    columns.flatMap(({ together }, index) => (together && isBlank(row[index]) ? [together] : [])),
  );
  if (lacking.size === 0) return row;
  return row.map((cell, index) => {
    const { to, together } = columns[index] ?? { to: "" };
    if (together === undefined || !lacking.has(together) || isBlank(cell)) return cell;
    noted.fills.push([to, `empty, as others of ${together} are`]);
    return null;
  });
}

/** Makes what says why a row is left out, or notes what is wrong with it. */
function compileJudge(
  { columns, key }: Section,
  { relations, named }: RowMaking,
): (row: Row, noted: Noted) => string | undefined {
  const placesOf = (names: readonly string[]): number[] =>
    names.map((name) => columns.findIndex(({ to }) => to === name));
  const related = relations.map((relation) => ({ relation, places: placesOf(relation.rules.columns) }));
  const keys = [
    ...columns.filter(({ unique }) => unique).map(({ to }): Key => ({ columns: [to] })),
    ...(key === undefined ? [] : [key]),
  ].map((each) => ({ ...each, isRepeated: compileKey(each, columns, placesOf(each.columns)) }));
  const names = named.map((each) => ({ ...each, places: placesOf(each.columns) }));
  return (row, noted) => {
    for (const { relation, places } of related) {
      const reason = judgeRelation(row, relation, places, noted);
      if (reason !== undefined) return reason;
    }
    const lacking = judgeRequired(row, columns, noted);
    if (lacking !== undefined) return lacking;
    for (const { columns: of, repeated = "refuse", isRepeated } of keys) {
      if (!isRepeated(row)) continue;
      if (repeated === "leave_out") return `${of.join(" and ")} repeated`;
      noted.faults.push(["repeated-key", `${of.join(" and ")} repeated`]);
    }
    for (const { places, values } of names) {
      const value = keyOf(row, places);
      if (value !== undefined) values.add(value);
    }
    return undefined;
  };
}

function judgeRelation(
  row: Row,
  { rules, there, unmatched }: Relation,
  places: readonly number[],
  noted: Noted,
): string | undefined {
  const value = keyOf(row, places);
  if (value !== undefined && there.has(value)) return undefined;
  const { columns, file, missing = "refuse" } = rules;
  const reason = `${columns.join(" and ")} not in ${file}`;
  if (missing === "leave_out") return reason;
  if (missing === "refuse") noted.faults.push(["unmatched", reason]);
  if (value !== undefined) unmatched.add(value);
  return undefined;
}

function judgeRequired(row: Row, columns: readonly ColumnRules[], noted: Noted): string | undefined {
  for (const [index, { to, required }] of columns.entries()) {
    if (!required || !isBlank(row[index])) continue;
    if (required === "leave_out") return `${to} is empty`;
    noted.faults.push(["empty-required", `${to} is empty`]);
  }
  return undefined;
}

/** The values of some columns of a row as one; undefined where one is blank. */
function keyOf(row: Row, places: readonly number[]): string | undefined {
  const cells = places.map((place) => row[place]);
  return cells.some(isBlank) ? undefined : cells.join("\0");
}

/** Keys are compared without spaces around them, mail addresses without case. */
function compileKey(
  { columns }: Key,
  all: readonly ColumnRules[],
  places: readonly number[],
): (row: Row) => boolean {
  const seen = new Set<string>();
  const isMail = columns.map((name) => all.find(({ to }) => to === name)?.pattern === "email");
  return (row) => {
    const cells = places.map((place) => row[place]);
    if (cells.some(isBlank)) return false;
    const texts = cells.map((cell, index) => {
      const text = String(cell).trim();
      return isMail[index] ? text.toLowerCase() : text;
    });
    const key = createHash("sha256").update(texts.join("\0")).digest().toString("latin1", 0, 16);
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated;
  };
}

interface Asked {
  readonly sources: readonly string[];
  readonly order: readonly string[];
}

interface Sources extends SectionSources {
  readonly batches: AsyncIterable<readonly Cells[]>;
}

interface SectionSources {
  readonly indexOf: (source: string) => number;
  readonly types: ReadonlyMap<string, FileType>;
}

async function readSources(
  connection: DuckDBConnection,
  output: string,
  { sources, order }: Asked,
): Promise<Sources> {
  const names = sources.map(quoteName);
  const select = `select ${names.join(", ")} from ${quoteName(output)}`;
  const types = (await connection.run(`${select} limit 0`)).columnTypes().map(toFileType);
  // A connection streams one result at a time: the rows are asked for when the first is wanted.
  const stream = async function* (): AsyncGenerator<readonly Cells[]> {
    const { batches } = await streamRows(connection, `${select} order by ${[...order, ...names].join(", ")}`);
    yield* inForms(batches, types);
  };
  return {
    batches: stream(),
    types: new Map(sources.map((source, index) => [source, types[index] ?? { type: "text" }])),
    indexOf: (source) => sources.indexOf(source),
  };
}

/** The columns that are read, each once. */
function allSources({ columns, keep = [] }: Section): readonly string[] {
  const names = [...columns.flatMap(sourcesOf), ...keep.map(({ column }) => column)];
  return [...new Set(names)];
}

function orderOf({ sort = [], columns }: Section): readonly string[] {
  return sort.map((each) => {
    const { column, descending = false } = typeof each === "string" ? { column: each } : each;
    const rules = columns.find(({ to }) => to === column);
    const sources = rules === undefined ? [] : sourcesOf(rules).map(quoteName);
    const [first = ""] = sources;
    const value = sources.length < 2 ? first : `coalesce(${sources.map(unlessBlank).join(", ")})`;
    return `${value} ${descending ? "desc" : "asc"} nulls last`;
  });
}

function unlessBlank(source: string): string {
  return `nullif(${source}::varchar, '')`;
}

/** The values of a column of another output by the value that rows match by, in order. */
async function collectValues(
  { output, from, match, keep }: Collect,
  { connection, asOf }: RowMaking,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = [...new Set([match.there, from, ...(keep ?? []).map(({ column }) => column)])];
  const { batches, indexOf } = await readSources(connection, output, { sources, order: [] });
  const whyLeftOut = compileKeep(keep, indexOf, asOf);
  const values = new Map<string, string[]>();
  for await (const batch of batches)
    for (const row of batch) {
      const value = row[indexOf(from)];
      if (whyLeftOut(row) !== undefined || isBlank(value)) continue;
      const place = String(row[indexOf(match.there)]);
      const list = values.get(place) ?? [];
      list.push(String(value));
      values.set(place, list);
    }
  return values;
}
