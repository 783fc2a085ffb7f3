import type { Completeness } from "./completeness.ts";
import type { Row } from "./database.ts";
import type { IssueCount } from "./issue-log.ts";
import type { Encoding } from "./encoding.ts";
import type { Wrapper } from "./recognise.ts";

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
