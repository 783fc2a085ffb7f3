import type { IssueCount } from "../batch/issue-log.ts";
import { escapeControls, toJson } from "../escape.ts";
import type { Earlier } from "../ledger/earlier.ts";
import type { FileReport } from "../ledger/record-files.ts";
import { writeComplaints } from "../outputs/complaints.ts";
import { formatTable } from "../outputs/format.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { sqlType } from "../schema/ddl.ts";

const fileColumns = [
  { name: "read", isNumber: true },
  { name: "loaded", isNumber: true },
  { name: "rej.", isNumber: true },
  { name: "dup.", isNumber: true },
  { name: "day", isNumber: false },
  { name: "dataset", isNumber: false },
];

/** Who says of which day a file is. */
const daySources: Readonly<Record<string, string>> = {
  file: "the file",
  as_of: "--as-of",
  file_name: "its name",
  folder_name: "its folder",
  other_file: "another list",
  bound: "newest record or report",
  modified_time: "a guess",
  records: "its events",
};

/**
 * Two lines per file, which fit 80 columns: its ledger (read = loaded + rejected + duplicate), its day and dataset; then
 * its name and who says the day. Where it is kept but not used a third says why.
 */
export function describeFiles(files: readonly FileReport[]): string {
  const folder = commonFolder(files.map(({ file }) => file));
  const rows = files.map((report) => [
    report.records_read,
    report.records_loaded,
    report.records_rejected,
    report.records_duplicate,
    report.snapshot_date,
    report.dataset ?? (isKnown(report) ? null : "not recognised"),
  ]);
  const [head = "", ...lines] = formatTable(fileColumns, rows).trimEnd().split("\n");
  const described = files.flatMap((report, index) => [
    lines[index] ?? "",
    ...nameFile(report, report.file.slice(folder.length)),
  ]);
  return `${[head, ...described].join("\n")}\n`;
}

/** Whether a file is of something that is known and of no use. */
function isKnown({ issues }: FileReport): boolean {
  return issues.some(({ code }) => code === "not_loaded");
}

const indent = " ".repeat(6);
const width = 80;

function nameFile(report: FileReport, name: string): string[] {
  const source = daySources[report.snapshot_date_source ?? ""];
  const day = source === undefined ? "" : `day: ${source}`;
  const said = [day, remark(report)].filter((part) => part !== "").join("; ");
  const places = wrapName(escapeControls(name)).map((part) => indent + part);
  const last = places.at(-1) ?? "";
  const isShort = last.length + said.length + 3 <= width;
  const unused = whyUnused(report).map((line) => indent + line);
  if (said === "") return [...places, ...unused];
  const described = isShort
    ? [...places.slice(0, -1), `${last} (${said})`]
    : [...places, `${indent}(${said})`];
  return [...described, ...unused];
}

/** Why a file is of no use: something else counts, or it is none of what is read. */
function whyUnused({ not_used: reason, issues }: FileReport): string[] {
  const known = issues.find(({ code }) => code === "not_loaded");
  return [
    ...(reason === null ? [] : [`KEPT, NOT USED: ${reason}`]),
    ...(known ? [`NOT USED: ${known.message.replace(/; it is not loaded$/, "")}`] : []),
  ];
}

/** A name in lines, which end behind a folder where they can. */
function wrapName(name: string): string[] {
  const most = width - indent.length;
  const parts = name
    .split(/(?<=[\\/])/)
    .flatMap((part) => part.match(new RegExp(`.{1,${most}}`, "gsu")) ?? []);
  return parts.reduce<string[]>((lines, part) => {
    const last = lines.at(-1);
    const isRoom = last !== undefined && last.length + part.length <= most;
    return isRoom ? [...lines.slice(0, -1), last + part] : [...lines, part];
  }, []);
}

/** What is to be known of a file beside its counts; nothing where all is well. */
function remark({ status, completeness, ...report }: FileReport): string {
  if (status === "loaded") {
    if (completeness === "Incomplete") return "INCOMPLETE";
    if (report.records_rejected > 0 && report.records_loaded === 0) return "NOTHING LOADED";
    return report.issues.some(({ severity }) => severity === "error") ? "ERRORS" : "";
  }
  const remarks = {
    skipped: "already imported",
    refused: "REFUSED",
    unrecognised: "REFUSED",
    error_answer: "ERROR ANSWER",
    not_loaded: "",
  };
  return remarks[status];
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

/** What was found in a database of an earlier build, and what to do about it. */
export function describeEarlier(path: string, earlier: Earlier | undefined): string[] {
  if (earlier === undefined) return [];
  const { repeated, tenants } = earlier;
  const lines = [`notice: ${path} was made by an earlier build and was brought up to date`];
  if (repeated > 0)
    lines.push(`warning: ${repeated} records in it stood twice by the rules of now; each counts once now`);
  if (tenants.length > 0)
    lines.push(
      `warning: exports of several tenants were taken for those of one (${tenants.join(", ")}); import those of each into a database of its own`,
    );
  return lines;
}

/** Files of earlier imports, told by what is suspected of them now and by nothing that was said before. */
export function describeSuspected(files: readonly FileReport[]): FileReport[] {
  return files.map((report) => ({
    ...report,
    issues: report.issues
      .filter(({ code }) => code === "suspected_partial")
      .map((issue) => ({
        ...issue,
        message: `was imported before, and beside what came now ${issue.message}`,
      })),
  }));
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
export function describe({ name, description, keys, source, properties }: Dataset): string {
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
    `Key: ${keys.map((key) => key.join(", ")).join("; else ")}`,
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
