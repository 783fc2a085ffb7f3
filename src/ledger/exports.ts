import type { DuckDBConnection } from "@duckdb/node-api";
import { groupBy } from "../group-by.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset } from "../schema/dataset.ts";
import { compareContents, findShared, type Overlap } from "./compare-exports.ts";
import { completeRecords } from "./complement.ts";
import type { Verdict } from "./completeness.ts";
import type { FileDate } from "./dates.ts";
import type { DuplicateCounts } from "./deduplicate.ts";
import { isAlike, isWithin, toExport, toExports, type ExportOfList } from "./list-exports.ts";

/** A file that was loaded, with its day and what is known of its being whole. */
export interface DatedFile {
  readonly load: FileLoad;
  readonly dataset: Dataset;
  readonly date: FileDate;
  readonly verdict: Verdict;
}

/** What came of comparing exports: files of which nothing may be taken, and records that another list has too. */
export interface Comparison {
  readonly refused: ReadonlyMap<FileLoad, readonly FileLoad[]>;
  readonly duplicates: DuplicateCounts;
}

/**
 * Compares the exports of one list that would be one snapshot. Those that are of two times are to be refused; those
 * that have other properties of the same people complete each other, the one from Graph first.
 */
export async function compareExports(
  connection: DuckDBConnection,
  files: readonly DatedFile[],
): Promise<Comparison> {
  const refused = new Map<FileLoad, readonly FileLoad[]>();
  const duplicates = new Map<number, number>();
  const lists = files.filter(({ dataset, verdict }) => isComparable(dataset) && !isCut(verdict));
  const snapshots = groupBy(lists, ({ dataset, date }) =>
    JSON.stringify([dataset.name, date.date, date.period]),
  );
  for (const snapshot of snapshots.values()) {
    const [first] = snapshot;
    if (first === undefined || snapshot.length === 1) continue;
    const { dataset } = first;
    const exports = toExports(snapshot.map(({ load }) => load)).filter(
      ({ properties }) => properties.size > 0,
    );
    const overlaps = await findShared(connection, dataset, exports);
    const conflicts = await findConflicts(connection, dataset, { exports, overlaps });
    for (const [load, others] of conflicts) refused.set(load, others);
    if (conflicts.size > 0) continue;
    nameParts(exports, overlaps);
    const counts = await completeRecords(connection, dataset, exports);
    for (const [file, count] of counts) duplicates.set(file, count);
  }
  return { refused, duplicates };
}

/** Events tell their times, and reports the day of all of their records. */
function isComparable({ kind, snapshotDate, properties }: Dataset): boolean {
  const stated = properties.find(({ name }) => name === snapshotDate);
  return kind === "state" && stated?.format !== "date";
}

function isCut({ completeness }: Verdict): boolean {
  return completeness === "Incomplete";
}

/** Exports that share no record with any other are parts of one list, and are said to be. */
function nameParts(exports: readonly ExportOfList[], overlaps: readonly Overlap[]): void {
  if (exports.length < 2) return;
  const sharing = new Set(overlaps.flatMap(({ one, other }) => [one, other]));
  for (const part of exports.filter((list) => !sharing.has(list)))
    for (const { tally } of part.files)
      tally.issues.add({ code: "part_of_list", others: exports.length - 1 });
}

/** The files that are of two times, each with files that it does not belong together with. */
async function findConflicts(
  connection: DuckDBConnection,
  dataset: Dataset,
  { exports, overlaps }: { readonly exports: readonly ExportOfList[]; readonly overlaps: readonly Overlap[] },
): Promise<Map<FileLoad, readonly FileLoad[]>> {
  const conflicts = new Map<FileLoad, readonly FileLoad[]>();
  const set = (one: ExportOfList, other: ExportOfList): void => {
    for (const load of one.files) conflicts.set(load, conflicts.get(load) ?? other.files);
  };
  const isFound = (list: ExportOfList): boolean => list.files.every((load) => conflicts.has(load));
  for (const pair of overlaps) {
    const { one, other } = pair;
    if (isFound(one) && isFound(other)) continue;
    if (!(await areTwo(connection, dataset, pair))) continue;
    set(one, other);
    set(other, one);
  }
  for (const list of exports)
    if (list.files.length > 1 && (await isMixed(connection, dataset, list))) set(list, list);
  return conflicts;
}

/** Whether two lists that share records are of two times. */
async function areTwo(connection: DuckDBConnection, dataset: Dataset, pair: Overlap): Promise<boolean> {
  const { one, other, shared, lacking } = pair;
  const [inOne, inOther] = lacking;
  // They share most of the shorter.
  if (one.isCsv !== other.isCsv || shared <= Math.min(inOne, inOther)) return false;
  const differing = await compareContents(connection, dataset, pair);
  const isPart = isWithin(one.properties, other.properties) || isWithin(other.properties, one.properties);
  // Two files with other properties of the same people are made one after the other.
  if (!isPart && !isAlike(one, other))
    return differing * 10 > shared || (inOne * 10 > shared && inOther * 10 > shared);
  // Of two lists of nearly the same records the shorter lacks those who left.
  const isShorter = inOne + inOther > 0 && Math.max(inOne, inOther) < shared;
  return differing > 0 || (inOne > 0 && inOther > 0) || isShorter;
}

/** Whether among the pages of one export some are of another time: the same records once more, and others of them than a page that was asked for twice would have. */
async function isMixed(connection: DuckDBConnection, dataset: Dataset, list: ExportOfList): Promise<boolean> {
  const pages = list.files.map((file) => toExport([file]));
  for (const pair of await findShared(connection, dataset, pages)) {
    if (pair.shared <= Math.min(...pair.lacking)) continue;
    const differing = await compareContents(connection, dataset, pair);
    if (differing * 10 > pair.shared) return true;
  }
  return false;
}
