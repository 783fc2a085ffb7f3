import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { groupBy } from "../group-by.ts";
import { describeIssue } from "../issue-messages.ts";
import type { Issue } from "../issues.ts";
import type { Dataset } from "../schema/dataset.ts";
import { quoteText } from "../schema/ddl.ts";
import { pagesCame } from "./completeness.ts";
import { insertRows } from "./ledger.ts";
import { settleAnew } from "./snapshots.ts";

interface Judgement {
  readonly connection: DuckDBConnection;
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** The first file of this import; none where nothing came. */
  readonly firstFile?: number | undefined;
  /** SQL that makes `list_files`, and SQL that tells what the lists of `list_pairs` lack. */
  readonly listsSql: string;
  readonly lackSql: string;
}

/** Files of one dataset, day and period that are a list together. */
interface List {
  readonly id: number;
  readonly dataset: string;
  readonly date: string;
  readonly period: number | null;
  readonly isReplaced: boolean;
  readonly isNew: boolean;
  readonly isCut: boolean;
  readonly isStatedWhole: boolean;
  readonly isSuspected: boolean;
  readonly reason: string | null;
  readonly files: readonly number[];
}

type Suspicion = Extract<Issue, { code: "suspected_partial" }>;

/** Files whose verdict changed, and those of them that were not suspected before. */
export interface Verdicts {
  readonly changed: ReadonlySet<number>;
  readonly suspected: ReadonlySet<number>;
}

/**
 * Holds lists against each other and against their own export before: one that lacks what another has is Incomplete,
 * "suspected partial", and one that no longer does is what its files say.
 */
export async function judgeLists(options: Judgement): Promise<Verdicts> {
  const { connection, datasets } = options;
  await connection.run(options.listsSql);
  const lists = await readLists(connection, options.firstFile);
  const asked = lists.filter((list) => isAsked(list, lists));
  const found = asked.length === 0 ? new Map<List, Suspicion>() : await findLacks(options, { lists, asked });
  const changed = asked.filter(
    (list) => (found.get(list) ? reasonOf(found.get(list)) : null) !== list.reason,
  );
  for (const list of changed) await writeVerdict(connection, list, found.get(list));
  for (const name of new Set(changed.map(({ dataset }) => dataset))) {
    const dataset = datasets.get(name);
    if (dataset) await settleAnew(connection, dataset);
  }
  const suspected = changed.filter((list) => found.has(list) && !list.isSuspected);
  return { changed: filesOf(changed), suspected: filesOf(suspected) };
}

function filesOf(lists: readonly List[]): ReadonlySet<number> {
  return new Set(lists.flatMap(({ files }) => files));
}

async function readLists(connection: DuckDBConnection, firstFile = Number.MAX_SAFE_INTEGER): Promise<List[]> {
  const rows = await readRows(connection, "from temp.list_files order by list_id, source_file_id");
  return [...groupBy(rows, (row) => Number(row["list_id"]))].map(([id, files]) => {
    const [first = {}] = files;
    const suspected = files.find((row) => row["is_suspected"] === true);
    return {
      id,
      dataset: String(first["dataset"]),
      date: String(first["snapshot_date"]),
      period: first["report_period"] as number | null,
      isReplaced: first["is_replaced"] === true,
      isNew: files.some((row) => Number(row["source_file_id"]) >= firstFile),
      isCut: files.some((row) => row["is_cut"] === true),
      isStatedWhole: files.some((row) => row["is_stated_whole"] === true),
      isSuspected: suspected !== undefined,
      reason: (suspected?.["completeness_reason"] ?? null) as string | null,
      files: files.map((row) => Number(row["source_file_id"])),
    };
  });
}

/** Days between lists that tell of the same people. */
const daysApart = 7;

function daysBetween(one: List, other: List): number {
  return (Date.parse(other.date) - Date.parse(one.date)) / 86_400_000;
}

function isSameSeries(one: List, other: List): boolean {
  return one.dataset === other.dataset && one.period === other.period;
}

/** Asks of new lists, of those near them, of those that come next after them, and of those suspected before. */
function isAsked(list: List, lists: readonly List[]): boolean {
  if (list.isReplaced || list.isCut || list.isStatedWhole) return false;
  if (list.isNew || list.isSuspected) return true;
  return lists.some((other) => {
    if (!other.isNew) return false;
    if (!isSameSeries(list, other)) return Math.abs(daysBetween(list, other)) <= daysApart;
    const between = lists.some(
      (third) => isSameSeries(third, list) && third.date > other.date && third.date < list.date,
    );
    return other.date <= list.date && !between;
  });
}

interface Question {
  readonly lists: readonly List[];
  readonly asked: readonly List[];
}

async function findLacks(options: Judgement, { lists, asked }: Question): Promise<Map<List, Suspicion>> {
  const found = new Map<List, Suspicion>();
  const near = asked.flatMap((list) => nearest(list, lists).map((other) => [list, other] as const));
  await ask(options, near, found);
  // One after the other: what is suspected itself is no measure for the next.
  const series = [...groupBy(asked, ({ dataset, period }) => `${dataset} ${period}`).values()].map((same) =>
    same.toSorted((one, other) => (one.date < other.date ? -1 : 1)),
  );
  const rounds = Math.max(...series.map((same) => same.length));
  for (let round = 0; round < rounds; round += 1) {
    const due = series.flatMap((same) => same[round] ?? []).filter((list) => !found.has(list));
    const pairs = due.flatMap((list) => {
      const before = maybeBefore(list, { lists, asked, found });
      return before ? [[list, before] as const] : [];
    });
    await ask(options, pairs, found);
  }
  return found;
}

/** Of each other dataset the list of the nearest day, of the longest period. */
function nearest(list: List, lists: readonly List[]): List[] {
  const others = lists.filter(
    (other) =>
      other.dataset !== list.dataset &&
      !other.isReplaced &&
      !other.isCut &&
      Math.abs(daysBetween(list, other)) <= daysApart,
  );
  return [...groupBy(others, ({ dataset }) => dataset).values()].flatMap((same) => {
    const [first] = same.toSorted(
      (one, other) =>
        Math.abs(daysBetween(list, one)) - Math.abs(daysBetween(list, other)) ||
        (other.period ?? 0) - (one.period ?? 0) ||
        (one.date > other.date ? -1 : 1),
    );
    return first ?? [];
  });
}

/** The list before it: of the same day where it replaced one, else of the newest day before that is not suspected. */
function maybeBefore(
  list: List,
  { lists, asked, found }: Question & { readonly found: ReadonlyMap<List, Suspicion> },
): List | undefined {
  const isDoubtful = (other: List): boolean =>
    other.isCut || (asked.includes(other) ? found.has(other) : other.isSuspected);
  return lists
    .filter((other) => isSameSeries(list, other) && !isDoubtful(other))
    .filter((other) => other.date < list.date || (other.date === list.date && other.isReplaced))
    .toSorted((one, other) =>
      one.date === other.date
        ? Number(one.isReplaced) - Number(other.isReplaced)
        : one.date < other.date
          ? -1
          : 1,
    )
    .at(-1);
}

async function ask(
  { connection, lackSql }: Judgement,
  pairs: readonly (readonly [List, List])[],
  found: Map<List, Suspicion>,
): Promise<void> {
  if (pairs.length === 0) return;
  const values = pairs.map(
    ([list, other]) =>
      `(${list.id}, ${quoteText(list.dataset)}, date ${quoteText(list.date)}, ${other.id}, ${quoteText(other.dataset)}, date ${quoteText(other.date)})`,
  );
  await connection.run(
    `create or replace temp table list_pairs as
     from (values ${values.join(", ")}) as pairs(list_id, dataset, snapshot_date, other_id, other_dataset, other_date)`,
  );
  for (const row of await readRows(connection, lackSql)) {
    const list = pairs.find(([{ id }]) => id === Number(row["list_id"]))?.[0];
    if (list && !found.has(list)) found.set(list, toSuspicion(row));
  }
}

function toSuspicion(row: Row): Suspicion {
  return {
    code: "suspected_partial",
    other: String(row["other_dataset"]),
    date: String(row["other_date"]),
    missing: Number(row["missing"]),
    total: Number(row["total"]),
  };
}

function reasonOf(suspicion: Suspicion | undefined): string {
  const { missing, total, other, date } = suspicion ?? {};
  return `suspected partial: it lacks ${missing} of ${total} that ${other} of ${date} has`;
}

async function writeVerdict(
  connection: DuckDBConnection,
  { files }: List,
  suspicion: Suspicion | undefined,
): Promise<void> {
  const those = `source_file_id in (${files.join(", ")})`;
  await connection.run(`delete from meta.issues where code = 'suspected_partial' and ${those}`);
  if (suspicion === undefined) {
    await connection.run(
      `update meta.source_files set completeness = own_completeness, completeness_reason = coalesce(own_reason, ${quoteText(pagesCame)}),
         own_completeness = null, own_reason = null where own_completeness is not null and ${those}`,
    );
    return;
  }
  await connection.run(
    `update meta.source_files set completeness = 'Incomplete', completeness_reason = $reason,
       own_completeness = coalesce(own_completeness, completeness),
       own_reason = case when own_completeness is null then completeness_reason else own_reason end
     where ${those} and (completeness <> 'Incomplete' or own_completeness is not null)`,
    { reason: reasonOf(suspicion) },
  );
  const { severity, message, cure } = describeIssue(suspicion);
  const suspected = await readRows(
    connection,
    `select source_file_id, records_loaded from meta.source_files where own_completeness is not null and ${those}`,
  );
  await insertRows(
    connection,
    "meta.issues",
    suspected.map((row) => ({
      source_file_id: Number(row["source_file_id"]),
      code: suspicion.code,
      severity,
      pointer: null,
      records: Number(row["records_loaded"]),
      message,
      cure,
    })),
  );
}
