import type { DuckDBConnection } from "@duckdb/node-api";
import { judgeFiles, stateWhole, type Verdict } from "./completeness.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { dateFiles } from "./dates.ts";
import { readEventTimes } from "./day-evidence.ts";
import { quoteName } from "../schema/ddl.ts";
import { isChanged } from "../source/discover.ts";
import { mergeEvents, removeRepeated, type DuplicateCounts } from "./deduplicate.ts";
import { compareExports, type DatedFile } from "./exports.ts";
import type { FileReport } from "./record-files.ts";
import { groupBy } from "../group-by.ts";
import { faultLists, fillByName, rejectGone } from "./lists.ts";
import type { Issue } from "../issues.ts";
import type { FileLoad } from "../load/loader.ts";
import { recordFiles, type FinishedFile } from "./record-files.ts";
import { recordSnapshots } from "./snapshots.ts";
import type { Tally } from "../batch/file-stats.ts";
import { settleUnselected } from "./deduplicate.ts";

interface Finish {
  readonly connection: DuckDBConnection;
  readonly loads: readonly FileLoad[];
  readonly firstFile: number;
  readonly importId: number;
  readonly asOf?: string | undefined;
  readonly startedAt: Date;
  readonly isStrict?: boolean;
  /** Datasets of which the user says that their exports are whole. */
  readonly complete?: readonly string[] | undefined;
}

/** Settles what the loaded files are: refusals by --strict, dates, completeness, duplicates, snapshots; then the ledger. */
export async function finishFiles(options: Finish): Promise<FileReport[]> {
  const { connection, loads, firstFile, importId } = options;
  const readable = loads.filter(({ recognition }) => recognition.isReadable);
  for (const load of readable) {
    await rejectGone(connection, load);
    await fillByName(connection, load);
  }
  for (const load of readable) {
    const issue = maybeRefusal(load, options.isStrict);
    if (issue) await refuse(connection, load, issue);
  }
  for (const load of readable) await settleUnselected(connection, load);
  for (const load of loads) {
    nameLeftovers(load);
    forgetChanged(load.tally);
  }
  const kept = readable.filter((load) => !load.isRefused);
  const dates = await dateFiles(options, kept);
  await faultLists(connection, kept, (load) => dates.get(load)?.date);
  const times = await readEventTimes(connection, kept, firstFile);
  const verdicts = judgeFiles(loads.map((load) => ({ ...load, times: times.get(load.id) })));
  const verdictOf = (load: FileLoad): Verdict =>
    load.isRefused
      ? { completeness: "Incomplete", reason: "it was refused" }
      : stateWhole(verdicts[loads.indexOf(load)] ?? unknown, options.complete?.includes(nameOf(load)));
  const dated = kept.flatMap((load) => {
    const { dataset } = load.recognition;
    const date = dates.get(load);
    return dataset && date ? [{ load, id: load.id, dataset, date, verdict: verdictOf(load) }] : [];
  });
  const completed = await refuseOthers(connection, dated);
  const loaded = dated.filter(({ load }) => !load.isRefused);
  const snapshots = await recordSnapshots(connection, loaded, importId);
  const repeated = await removeDuplicates(connection, loaded, { firstFile, snapshots });
  const finished = loads.map((load): FinishedFile => ({
    load,
    verdict: verdictOf(load),
    date: dates.get(load),
    snapshotId: snapshots.get(load.id),
    duplicates: (repeated.get(load.id) ?? 0) + (completed.get(load.id) ?? 0),
  }));
  return await recordFiles(connection, finished, importId);
}

/** What was met in a file while it changed says nothing of what it is now, and its cures would contradict the right one. */
function forgetChanged({ issues, rejections }: Tally): void {
  if (issues.prefer("changed_meanwhile")) rejections.length = 0;
}

/** Why nothing at all of a file is taken. */
function maybeRefusal({ recognition, tally }: FileLoad, isStrict = false): Issue | undefined {
  if (isChanged(recognition.file)) return { code: "changed_meanwhile" };
  return isStrict && tally.rejected > 0 ? { code: "refused_by_strict" } : undefined;
}

const unknown: Verdict = { completeness: "Unknown", reason: null };

function nameOf({ recognition }: FileLoad): string {
  return recognition.dataset?.name ?? "";
}

/** Refuses exports of one list that are of two times; returns the records that completed those of another file. */
async function refuseOthers(
  connection: DuckDBConnection,
  files: readonly DatedFile[],
): Promise<DuplicateCounts> {
  const { refused, duplicates } = await compareExports(connection, files);
  for (const [load, others] of refused) {
    const names = others.filter((other) => other !== load).map(({ recognition }) => recognition.file.name);
    await refuse(connection, load, { code: "two_exports", others: [...new Set(names)] });
  }
  return duplicates;
}

async function refuse(connection: DuckDBConnection, load: FileLoad, issue: Issue): Promise<void> {
  const { id, recognition, tally } = load;
  load.isRefused = true;
  tally.issues.add(issue);
  if (recognition.dataset)
    await connection.run(
      `delete from raw.${quoteName(recognition.dataset.name)} where source_file_id = ${id}`,
    );
}

/** What is known of a file only when it was read to its end becomes issues. */
export function nameLeftovers({ recognition, tally }: FileLoad): void {
  if (recognition.isReadable && tally.read === 0 && !tally.isDamaged && tally.modelRows === 0)
    tally.issues.add({ code: "empty_value" });
  if (tally.modelRows > 0) tally.issues.add({ code: "model_rows" }, undefined, tally.modelRows);
  if (tally.timeZone !== null)
    tally.issues.add({ code: "zone_assumed", timeZone: tally.timeZone }, undefined, tally.zonelessTimes);
  if (tally.unusedProperties.size > 0)
    tally.issues.add({ code: "unused_properties", properties: [...tally.unusedProperties] });
  // A row of a report without the name that every row has names nobody either.
  for (const { name } of recognition.dataset?.properties.filter(isName) ?? []) {
    const counts = tally.properties.find(({ property }) => property === name);
    if (counts) counts.concealed += counts.nulls;
  }
  const concealed = tally.properties.filter((property) => property.concealed > 0);
  if (concealed.length > 0) {
    const properties = concealed.map(({ property }) => property);
    tally.issues.add(
      { code: "concealed_names", properties },
      undefined,
      Math.max(...concealed.map((property) => property.concealed)),
    );
  }
}

function isName({ isRequired, isConcealable }: Property): boolean {
  return isRequired && isConcealable;
}

interface Scope {
  readonly firstFile: number;
  readonly snapshots: ReadonlyMap<number, number>;
}

async function removeDuplicates(
  connection: DuckDBConnection,
  files: readonly { readonly id: number; readonly dataset: Dataset }[],
  { firstFile, snapshots }: Scope,
): Promise<DuplicateCounts> {
  const counts = new Map<number, number>();
  const add = (more: DuplicateCounts): void =>
    more.forEach((count, file) => counts.set(file, (counts.get(file) ?? 0) + count));
  for (const [dataset, group] of groupBy(files, (file) => file.dataset)) {
    const isEvent = dataset.kind === "event";
    const collections = groupBy(group, ({ id }) => (isEvent ? 0 : snapshots.get(id)));
    add(
      await removeRepeated(connection, dataset, {
        collections: [...collections.values()].map((same) => same.map(({ id }) => id)),
      }),
    );
    if (!isEvent) continue;
    const { repeated, replaced } = await mergeEvents(connection, dataset, firstFile);
    add(repeated);
    await moveReplaced(connection, replaced);
  }
  return counts;
}

/** Events that a newer file replaced are no longer loaded from the older one, but duplicates in it. */
async function moveReplaced(connection: DuckDBConnection, replaced: DuplicateCounts): Promise<void> {
  for (const [file, count] of replaced)
    await connection.run(
      `update meta.source_files set records_loaded = records_loaded - ${count}, records_duplicate = records_duplicate + ${count}
       where source_file_id = ${file}`,
    );
}
