import type { DuckDBConnection } from "@duckdb/node-api";
import type { IssueCount } from "../batch/issue-log.ts";
import { readRows, type Row } from "../database/open.ts";
import type { Wrapper } from "../detect/detection.ts";
import type { Issue } from "../issues.ts";
import type { FileLoad } from "../load/loader.ts";
import { quoteText } from "../schema/ddl.ts";
import type { Encoding } from "../files.ts";
import { changeError, isChanged } from "../source/discover.ts";
import { isHashing, sha256Of } from "../source/hash.ts";
import type { Completeness, Verdict } from "./completeness.ts";
import type { FileDate } from "./dates.ts";
import { insertRows } from "./ledger.ts";

/** Says of the reports of files, whose ids stand beside them, which are kept but not read by the outputs, and why. */
export async function nameUnused(
  connection: DuckDBConnection,
  reports: readonly FileReport[],
  { ids, sql }: { readonly ids: readonly number[]; readonly sql: string },
): Promise<FileReport[]> {
  if (ids.length === 0) return [...reports];
  const rows = await readRows(connection, sql, { first_file: Math.min(...ids) });
  const reasons = new Map(rows.map((row) => [Number(row["source_file_id"]), String(row["reason"])]));
  return reports.map((report, index) => ({
    ...report,
    not_used: reasons.get(ids[index] ?? -1) ?? null,
  }));
}

/** A file at the end of its import, ready for the ledger. */
export interface FinishedFile {
  readonly load: FileLoad;
  readonly verdict: Verdict;
  readonly date: FileDate | undefined;
  readonly snapshotId: number | undefined;
  readonly duplicates: number;
  /** Where it is known already. */
  readonly sha256?: string;
}

/** Writes the ledger rows of new files and returns what to tell about each of them. */
export async function recordFiles(
  connection: DuckDBConnection,
  files: readonly FinishedFile[],
  importId: number,
): Promise<FileReport[]> {
  const reports = files.map(toReport);
  await insertRows(
    connection,
    "meta.source_files",
    files.map((file, index) => toFileRow(file, reports[index], importId)),
  );
  await insertRows(connection, "meta.source_properties", files.flatMap(toPropertyRows));
  await insertRows(
    connection,
    "meta.issues",
    files.flatMap((file, index) => toIssueRows(file, reports[index])),
  );
  await insertRows(connection, "meta.rejected_records", files.flatMap(toRejectionRows));
  return reports;
}

/**
 * Writes down the SHA-256 of new files, last of all, as they are made meanwhile. It stays empty, so that the file is
 * never taken for known, where it was not readable or has been changed; throws exit 3 when such a file was loaded
 * whole, and the reason of the signal when that is aborted.
 */
export async function recordHashes(
  connection: DuckDBConnection,
  loads: readonly FileLoad[],
  signal?: AbortSignal,
): Promise<void> {
  if (loads.length === 0) return;
  // Where it is waited for, meanwhile: a second checkpoint takes a quarter of what this one takes.
  if (loads.some(({ recognition }) => isHashing(recognition.file))) await connection.run("checkpoint");
  const rows: string[] = [];
  for (const { id, recognition, tally, isRefused } of loads) {
    const { file, isReadable } = recognition;
    const isLost = tally.issues.list().some(({ code }) => ["unreadable", "changed_meanwhile"].includes(code));
    const made = isLost ? undefined : await sha256Of(file, signal);
    const sha256 = isChanged(file) ? undefined : made;
    if (sha256 === undefined && isReadable && !isLost && !isRefused) throw changeError(file);
    rows.push(`(${id}, ${quoteText(sha256 ?? "")})`);
  }
  await connection.run(
    `update meta.source_files set sha256 = hashes.sha256
     from (values ${rows.join(", ")}) hashes(source_file_id, sha256)
     where source_files.source_file_id = hashes.source_file_id`,
  );
}

/** Writes the ledger rows of a file anew that was read again; what is not in its table and not rejected is a duplicate. */
export async function rerecordFile(
  connection: DuckDBConnection,
  load: FileLoad,
  { row, loaded }: { readonly row: Row; readonly loaded: number },
): Promise<FileReport> {
  const { tally, id } = load;
  const verdict = {
    completeness: row["completeness"] as Verdict["completeness"],
    reason: row["completeness_reason"] as string | null,
  };
  const date = {
    date: row["snapshot_date"] as string | null,
    source: row["snapshot_date_source"] as FileDate["source"],
    period: row["report_period"] as number | null,
  };
  const file: FinishedFile = {
    load,
    verdict,
    date,
    snapshotId: Number(row["snapshot_id"]),
    duplicates: tally.read - tally.rejected - loaded,
    sha256: String(row["sha256"]),
  };
  for (const table of ["source_files", "source_properties", "issues", "rejected_records"])
    await connection.run(`delete from meta.${table} where source_file_id = ${id}`);
  const [report] = await recordFiles(connection, [file], Number(row["import_id"]));
  const {
    own_completeness: completeness = null,
    own_reason: reason = null,
    is_stated_whole: isWhole = null,
  } = row;
  await connection.run(
    `update meta.source_files set own_completeness = $completeness, own_reason = $reason, is_stated_whole = $isWhole
     where source_file_id = ${id}`,
    { completeness, reason, isWhole } as Record<string, string | boolean | null>,
  );
  return report ?? toReport(file);
}

function toReport({ load, verdict, date, duplicates }: FinishedFile): FileReport {
  const { recognition, tally, isRefused } = load;
  const rejected = isRefused ? tally.read : tally.rejected;
  const doubled = isRefused ? 0 : duplicates;
  return {
    file: recognition.file.label,
    status: statusOf(load),
    dataset: recognition.dataset?.name ?? null,
    wrapper: recognition.wrapper,
    encoding: recognition.encoding,
    date_order: tally.dateOrder,
    time_zone: tally.timeZone,
    snapshot_date: date?.date ?? null,
    snapshot_date_source: date?.source ?? null,
    not_used: null,
    completeness: verdict.completeness,
    completeness_reason: verdict.reason,
    records_read: tally.read,
    records_loaded: tally.read - rejected - doubled,
    records_rejected: rejected,
    records_duplicate: doubled,
    issues: tally.issues.list(),
  };
}

function statusOf({ recognition, isRefused }: FileLoad): FileReport["status"] {
  if (recognition.wrapper === "error") return "error_answer";
  if (recognition.wrapper === "not_loaded") return "not_loaded";
  if (recognition.dataset === undefined) return "unrecognised";
  return isRefused || !recognition.isReadable ? "refused" : "loaded";
}

type LedgerRow = Record<string, string | number | boolean | null>;

function toFileRow(
  { load, snapshotId, date, sha256 = "" }: FinishedFile,
  report: FileReport | undefined,
  importId: number,
): LedgerRow {
  const { recognition, id } = load;
  const {
    file: _path,
    status: _status,
    issues: _issues,
    not_used: _unused,
    ...counts
  } = report ?? ({} as FileReport);
  const answer = recognition.issues.find(
    (issue): issue is Issue & { code: "error_body" } => issue.code === "error_body",
  );
  return {
    ...counts,
    source_file_id: id,
    import_id: importId,
    snapshot_id: snapshotId ?? null,
    file_name: recognition.file.name,
    sha256,
    bytes: recognition.file.bytes,
    schema_hash: recognition.dataset?.hash ?? null,
    report_period: date?.period ?? null,
    error_code: answer?.errorCode ?? null,
    error_message: answer?.errorMessage ?? null,
  };
}

function toPropertyRows({ load: { id, tally }, snapshotId }: FinishedFile): LedgerRow[] {
  if (snapshotId === undefined) return [];
  return tally.properties.map(({ property, present, nulls, lost, concealed }) => ({
    source_file_id: id,
    property,
    records_present: present,
    records_null: nulls,
    records_lost: lost,
    records_concealed: concealed,
  }));
}

function toIssueRows({ load: { id } }: FinishedFile, report: FileReport | undefined): LedgerRow[] {
  const issues = report?.issues ?? [];
  return issues.map(({ code, severity, pointer, count, message, cure }) => ({
    source_file_id: id,
    code,
    severity,
    pointer,
    records: count,
    message,
    cure,
  }));
}

function toRejectionRows({ load: { id, tally } }: FinishedFile): LedgerRow[] {
  return tally.rejections.map(({ record, offset, length, code, pointer, message, cure }) => ({
    source_file_id: id,
    record_number: record,
    byte_offset: offset,
    byte_length: length,
    code,
    pointer,
    message,
    cure,
  }));
}

/** What became of one file: read = loaded + rejected + duplicate. The names are those of `import --json`. */
export interface FileReport {
  readonly file: string;
  readonly status: "loaded" | "skipped" | "refused" | "unrecognised" | "error_answer" | "not_loaded";
  readonly dataset: string | null;
  readonly wrapper: Wrapper;
  readonly encoding: Encoding;
  /** How dates with slashes were read (day-first, month-first, unknown, contradictory), and times without a zone; null where there were none. */
  readonly date_order: string | null;
  readonly time_zone: string | null;
  readonly snapshot_date: string | null;
  readonly snapshot_date_source: string | null;
  /** Why the outputs do not read what is kept of it; null where they do. */
  readonly not_used: string | null;
  readonly completeness: Completeness;
  readonly completeness_reason: string | null;
  readonly records_read: number;
  readonly records_loaded: number;
  readonly records_rejected: number;
  readonly records_duplicate: number;
  readonly issues: readonly IssueCount[];
}

/** The report of a file that is in the database already: its earlier verdict once more. */
export function repeatReport(path: string, row: Row): FileReport {
  const issues = (row["issues"] as Row[] | null) ?? [];
  return {
    file: path,
    status: "skipped",
    dataset: row["dataset"] as string | null,
    wrapper: row["wrapper"] as Wrapper,
    encoding: row["encoding"] as Encoding,
    date_order: row["date_order"] as string | null,
    time_zone: row["time_zone"] as string | null,
    snapshot_date: row["snapshot_date"] as string | null,
    snapshot_date_source: row["snapshot_date_source"] as string | null,
    not_used: null,
    completeness: row["completeness"] as Completeness,
    completeness_reason: row["completeness_reason"] as string | null,
    records_read: Number(row["records_read"]),
    records_loaded: Number(row["records_loaded"]),
    records_rejected: Number(row["records_rejected"]),
    records_duplicate: Number(row["records_duplicate"]),
    issues: issues.map(toIssueCount),
  };
}

/** An issue as the ledger has it. */
export function toIssueCount(issue: Row): IssueCount {
  return {
    code: issue["code"] as IssueCount["code"],
    severity: issue["severity"] as IssueCount["severity"],
    message: String(issue["message"]),
    cure: String(issue["cure"]),
    pointer: issue["pointer"] as string | null,
    count: Number(issue["records"]),
    first: [],
  };
}

/** Whether a file leaves something to be put right: exit 1. */
export function hasTrouble({ issues, records_rejected: rejected, completeness }: FileReport): boolean {
  return rejected > 0 || completeness === "Incomplete" || issues.some(({ severity }) => severity === "error");
}
