import type { IssueCount } from "../batch/issue-log.ts";
import { escapeControls, toJson } from "../escape.ts";
import type { FileReport } from "../ledger/record-files.ts";
import { writeComplaints } from "../outputs/complaints.ts";
import { formatTable } from "../outputs/format.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { sqlType } from "../schema/ddl.ts";

const fileColumns = [
  { name: "read =", isNumber: true },
  { name: "loaded +", isNumber: true },
  { name: "rejected +", isNumber: true },
  { name: "duplicate", isNumber: true },
  { name: "date", isNumber: false },
  { name: "dataset", isNumber: false },
  { name: "file", isNumber: false },
];

/** One line per file with its ledger: read = loaded + rejected + duplicate. */
export function describeFiles(files: readonly FileReport[]): string {
  const folder = commonFolder(files.map(({ file }) => file));
  const rows = files.map((report) => [
    report.records_read,
    report.records_loaded,
    report.records_rejected,
    report.records_duplicate,
    report.snapshot_date,
    report.dataset ?? (report.status === "not_loaded" ? null : "not recognised"),
    report.file.slice(folder.length) + remark(report),
  ]);
  return formatTable(fileColumns, rows);
}

/** What is to be known of a file beside its counts; nothing where all is well. */
function remark({ status, completeness, ...report }: FileReport): string {
  if (status === "loaded") {
    if (completeness === "Incomplete") return "  INCOMPLETE";
    if (report.records_rejected > 0 && report.records_loaded === 0) return "  NOTHING LOADED";
    return report.issues.some(({ severity }) => severity === "error") ? "  ERRORS" : "";
  }
  const remarks = {
    skipped: "already imported",
    refused: "REFUSED",
    unrecognised: "REFUSED",
    error_answer: "ERROR ANSWER",
    not_loaded: "not needed",
  };
  return `  ${remarks[status]}`;
}

function commonFolder(paths: readonly string[]): string {
  const [first = ""] = paths;
  const ends = [...first.matchAll(/[\\/]/g)].map(({ index }) => index + 1).toReversed();
  const length = ends.find((end) => paths.every((path) => path.startsWith(first.slice(0, end))));
  return first.slice(0, length ?? 0);
}

/** A line for each file that is known and of no use here. */
export function describeNotices(files: readonly FileReport[]): string[] {
  return files.flatMap(({ file, issues }) =>
    issues
      .filter(({ code, severity }) => code === "not_loaded" && severity === "info")
      .map(({ message }) => `notice: ${file} ${message}`),
  );
}

/** The problems of the files, errors first, each with its place and its cure; infos only when asked for. */
export function describeIssues(files: readonly FileReport[], isDetailed: boolean): string {
  const issues = files.flatMap((report) => report.issues.map((issue) => ({ ...issue, file: report.file })));
  const rank = { error: 0, warning: 1, info: 2 };
  const complaints = issues
    .filter(({ severity }) => isDetailed || severity !== "info")
    .toSorted((left, right) => rank[left.severity] - rank[right.severity])
    .map((issue) => {
      const { severity, file, message, cure } = issue;
      const line = `${severity}: ${file}: ${place(issue)}${message}${values(issue)}${repeats(issue)}`;
      return { severity, line, cure };
    });
  return writeComplaints(complaints);
}

function place({ first: [first] }: IssueCount): string {
  return first && first.record > 0 ? `record ${first.record} (at byte ${first.offset}): ` : "";
}

/** The values in the first places, where they were asked for. */
function values({ first }: IssueCount): string {
  const shown = first.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return shown.length === 0 ? "" : `: ${shown.join(", ")}`;
}

function repeats({ first: [first], count }: IssueCount): string {
  if (first === undefined) return count > 1 ? ` (${count} records)` : "";
  return count > 1 ? `; so do ${count - 1} more` : "";
}

/** The one line that sums up an import. */
export function describeTotal(files: readonly FileReport[], verb: string): string {
  const fresh = files.filter(({ status }) => status !== "skipped");
  const sum = (pick: (report: FileReport) => number): number =>
    fresh.reduce((total, report) => total + pick(report), 0);
  if (fresh.length === 0) return `Nothing new: ${countOf(files.length, "file")} already imported.\n`;
  const equation = `${sum((report) => report.records_read)} records read = ${sum((report) => report.records_loaded)} loaded + ${sum((report) => report.records_rejected)} rejected + ${sum((report) => report.records_duplicate)} duplicate`;
  const there = files.length - fresh.length;
  const known = there === 0 ? "" : ` (${there} more already there)`;
  return `${verb} ${countOf(fresh.length, "file")}${known}: ${equation}.\n`;
}

export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** All datasets and how to export them. */
export function listAsJson(datasets: ReadonlyMap<string, Dataset>): string {
  const list = [...datasets.values()].map(({ name, title, description, kind, source }) => ({
    dataset: name,
    title,
    description,
    kind,
    ...source,
  }));
  return `${toJson(list, 2)}\n`;
}

export function listAsTable(datasets: ReadonlyMap<string, Dataset>): string {
  const columns = ["dataset", "kind", "what"].map((name) => ({ name, isNumber: false }));
  return formatTable(
    columns,
    [...datasets.values()].map(({ name, kind, description }) => [name, kind, description]),
  );
}

/** One dataset, property by property. */
export function describe({ name, description, key, source, properties }: Dataset): string {
  const columns = ["property", "type", "required", "CSV header", "what"].map((column) => ({
    name: column,
    isNumber: false,
  }));
  const rows = properties.map((property) => [
    property.name,
    shortType(property),
    property.isRequired ? "yes" : "",
    property.headers.join(" / "),
    property.description,
  ]);
  const head = [
    `${name}: ${description}`,
    `Key: ${key.join(", ")}`,
    `Graph: ${source.graph}`,
    `Portal: ${source.portal}`,
    ...(source.powershell === undefined ? [] : [`PowerShell: ${source.powershell}`]),
  ];
  // A schema may be of somebody else's making.
  return `${head.map((line) => `${escapeControls(line)}\n`).join("")}\n${formatTable(columns, rows)}`;
}

function shortType(property: Property): string {
  return sqlType(property).startsWith("STRUCT")
    ? property.type === "array"
      ? "objects"
      : "object"
    : sqlType(property);
}
