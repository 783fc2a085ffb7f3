import type { DuckDBConnection } from "@duckdb/node-api";
import type { Recognition } from "../detect/detection.ts";
import { CliError, exitCodes } from "../errors.ts";
import { judgeLists } from "../ledger/judge-lists.ts";
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

/**
 * Judges lists once all files of an import are there: those that the user calls whole are, others are held against
 * each other. Returns the reports with the verdicts of now, and whether any file that was there has another.
 */
export async function judgeImport(
  connection: DuckDBConnection,
  { datasets, complete = [], fresh, known, firstFile }: Judged,
): Promise<{ readonly fresh: FileReport[]; readonly known: FileReport[]; readonly isChanged: boolean }> {
  const named = [...fresh, ...known].filter(({ report }) => complete.includes(report.dataset ?? ""));
  const stated = await stateFilesWhole(
    connection,
    named.map(({ id }) => id),
  );
  for (const name of stated.settle) await settleAnew(connection, findDataset(datasets, name));
  const isNothing = fresh.length === 0 && stated.files.size === 0;
  const judged = isNothing ? new Set<number>() : await judgeAgain(connection, datasets, firstFile);
  const changed = new Set([...stated.files, ...judged]);
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
  return { fresh: await tell(fresh), known: await tell(known), isChanged: stated.files.size > 0 };
}

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
): Promise<ReadonlySet<number>> {
  return await judgeLists({
    connection,
    datasets,
    firstFile,
    listsSql: readSql("ledger/list_files"),
    lackSql: readSql("ledger/partial_lists"),
  });
}
