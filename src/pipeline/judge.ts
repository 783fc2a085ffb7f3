import type { DuckDBConnection } from "@duckdb/node-api";
import type { Recognition } from "../detect/detection.ts";
import { CliError, exitCodes } from "../errors.ts";
import { judgeLists, type Verdicts } from "../ledger/judge-lists.ts";
import type { SkippedFile } from "../ledger/known-files.ts";
import { findFilesById } from "../ledger/ledger.ts";
import { repeatReport, type FileReport } from "../ledger/record-files.ts";
import { settleAnew } from "../ledger/snapshots.ts";
import { stateFilesWhole } from "../ledger/state-whole.ts";
import { findDataset, type Dataset } from "../schema/dataset.ts";
import { readSql } from "../transform/models.ts";

type Datasets = ReadonlyMap<string, Dataset>;

/** Throws exit 2 where --complete names no list of one day, or one of which no file is given. */
export function checkComplete(
  datasets: Datasets,
  recognitions: readonly Recognition[],
  complete: readonly string[] = [],
): void {
  for (const name of complete) {
    const dataset = findDataset(datasets, name);
    const fail = (why: string): never => {
      throw new CliError(`--complete ${name}: ${why}`, { exitCode: exitCodes.usage });
    };
    if (dataset.kind !== "state") fail("only a list of what is there on one day can be said to be whole");
    if (!recognitions.some((recognition) => recognition.dataset === dataset))
      fail(`no file of ${name} is given`);
  }
}

interface Judged {
  readonly datasets: Datasets;
  readonly complete?: readonly string[] | undefined;
  /** Files of this import, and those that were there. */
  readonly fresh: readonly { readonly id: number; readonly report: FileReport }[];
  readonly known: readonly SkippedFile[];
  readonly firstFile?: number | undefined;
}

/** The reports with the verdicts of now. */
interface Judgements {
  readonly fresh: FileReport[];
  readonly known: FileReport[];
  /** Files of earlier imports that are not given again and that what came now makes suspected. */
  readonly suspected: FileReport[];
  /** Whether any file that was there has another verdict. */
  readonly isChanged: boolean;
}

/**
 * Judges lists once all files of an import are there: those that the user calls whole are, others are held against
 * each other.
 */
export async function judgeImport(
  connection: DuckDBConnection,
  { datasets, complete = [], fresh, known, firstFile }: Judged,
): Promise<Judgements> {
  const named = [...fresh, ...known].filter(({ report }) => complete.includes(report.dataset ?? ""));
  const stated = await stateFilesWhole(
    connection,
    named.map(({ id }) => id),
  );
  for (const name of stated.settle) await settleAnew(connection, findDataset(datasets, name));
  const isNothing = fresh.length === 0 && stated.files.size === 0;
  const judged = isNothing ? nobody : await judgeAgain(connection, datasets, firstFile);
  const changed = new Set([...stated.files, ...judged.changed]);
  const tell = async (files: readonly SkippedFile[]): Promise<FileReport[]> => {
    const ids = files.map(({ id }) => id).filter((id) => changed.has(id));
    const rows = new Map(
      (await findFilesById(connection, ids)).map((row) => [Number(row["source_file_id"]), row]),
    );
    return files.map(({ id, report }) => {
      const row = rows.get(id);
      return row === undefined ? report : retold(report, repeatReport(report.file, row));
    });
  };
  const given = new Set([...fresh, ...known].map(({ id }) => id));
  const others = [...judged.suspected].filter((id) => !given.has(id));
  const suspected = (await findFilesById(connection, others)).map((row) =>
    repeatReport(String(row["file_name"]), row),
  );
  return { fresh: await tell(fresh), known: await tell(known), suspected, isChanged: stated.files.size > 0 };
}

const nobody: Verdicts = { changed: new Set(), suspected: new Set() };

/** What was met in a file, with its places, and the verdict of now. */
function retold(report: FileReport, now: FileReport): FileReport {
  const issues = [
    ...report.issues.filter(({ code }) => code !== "suspected_partial"),
    ...now.issues.filter(({ code }) => code === "suspected_partial"),
  ];
  const { completeness, completeness_reason } = now;
  return { ...report, completeness, completeness_reason, issues };
}

/** Holds the lists in the database against each other. */
export async function judgeAgain(
  connection: DuckDBConnection,
  datasets: Datasets,
  firstFile?: number,
): Promise<Verdicts> {
  return await judgeLists({
    connection,
    datasets,
    firstFile,
    listsSql: readSql("ledger/list_files"),
    lackSql: readSql("ledger/partial_lists"),
  });
}
