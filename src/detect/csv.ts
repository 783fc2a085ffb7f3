import { foldName, isPascalOf, maybeColumn, maybeNearest } from "../schema/header-map.ts";
import { maybeValueByName, type Dataset } from "../schema/dataset.ts";
import type { ByteSource } from "../source/decode.ts";
import { countKnown, isFitting, mapColumns, type Columns } from "../schema/header-map.ts";
import type { Issue } from "../issues.ts";
import { maybeNotLoaded } from "./unsupported.ts";
import { parseRows } from "../parse/csv.ts";
import { findInvalidUtf8 } from "../source/utf8.ts";
import { scanCsv, type CsvBatch } from "../parse/csv-scanner.ts";

/** How a CSV file writes its records: the delimiter, the rows up to the header, and what each column fills. */
export interface CsvShape {
  readonly delimiter: string;
  readonly headRows: number;
  readonly header: readonly string[];
  readonly columns: Columns;
  /** Export-Csv wrote it: the headings are names of properties in PascalCase. */
  readonly isPascal: boolean;
}

interface CsvFinding {
  readonly dataset?: Dataset | undefined;
  readonly wrapper: "csv" | "unknown" | "not_loaded";
  readonly csv?: CsvShape;
  readonly issues: readonly Issue[];
}

interface Header {
  readonly delimiter: string;
  readonly headRows: number;
  readonly names: readonly string[];
  /** The file ends with it, and without a line end. */
  readonly isUnended: boolean;
  readonly fileName: string;
}

const namesShown = 8;
/** No export has more; what has is none, and is not looked at name by name. */
const mostColumns = 2000;
/** So many lines may stand above the header. */
const titleLines = 20;
const delimiters = [",", ";", "\t"] as const;

/** Recognises a CSV file by its header line, trying the delimiters that tools and spreadsheets write. */
export function recogniseColumns(
  source: ByteSource,
  candidates: readonly Dataset[],
  fileName: string,
): CsvFinding {
  const first = scanCsv(source, ",").next().value;
  const batch = first && first.kind === "batch" ? first : undefined;
  if (batch === undefined) return { wrapper: "unknown", issues: [{ code: "unrecognised", found: [] }] };
  const { headers, problem } = readHeaders(batch, fileName);
  if (problem)
    return refuseAll(problem, findHeader(readHeaders(asLatin(batch), fileName).headers, candidates));
  const finding = findHeader(headers, candidates) ?? findBelowTitle(batch, candidates, fileName);
  if (finding === undefined) return refuseUnknown(headers, candidates, fileName);
  const invalid = finding.csv ? undefined : maybeInvalid(batch);
  return invalid ? { ...finding, issues: [...finding.issues, invalid] } : finding;
}

/** What a header line is of, by the delimiter that splits it most, or what it lacks for that. */
function findHeader(headers: readonly Header[], candidates: readonly Dataset[]): CsvFinding | undefined {
  const widest = headers.toSorted((left, right) => right.names.length - left.names.length);
  for (const fit of [fitColumns, refuseNearest])
    for (const header of widest) {
      const finding = fit(candidates, header);
      if (finding !== undefined) return finding;
    }
  return undefined;
}

/** Beside a header that cannot be decoded, what else of it keeps the file from being read. */
function refuseAll(problem: Issue, finding: CsvFinding | undefined): CsvFinding {
  const others = finding?.csv ? [] : (finding?.issues ?? [{ code: "unrecognised" as const, found: [] }]);
  return { wrapper: "unknown", issues: problem.code === "invalid_utf8" ? [problem, ...others] : [problem] };
}

/** The bytes read as if each were a character: names of columns are ASCII wherever they are known. */
function asLatin(batch: CsvBatch): CsvBatch {
  const { start = 0, end = 0 } = batch.bounds.find((bound) => bound.end > bound.start) ?? {};
  const bytes = Buffer.from(batch.bytes.toString("latin1", start, end));
  return { ...batch, bytes, bounds: [{ start: 0, end: bytes.length, next: bytes.length }] };
}

/** Where the first rows of a file that is refused have bytes that are not UTF-8: that is told at once. */
function maybeInvalid({ bytes, bounds, offset }: CsvBatch): Issue | undefined {
  const rows = bytes.subarray(0, bounds.at(-1)?.end ?? 0);
  const at = findInvalidUtf8(rows);
  return at < rows.length ? { code: "invalid_utf8", offset: offset + at } : undefined;
}

/** A header below a title or comments: lines of which none has half as many cells as it. */
function findBelowTitle(
  batch: CsvBatch,
  candidates: readonly Dataset[],
  fileName: string,
): CsvFinding | undefined {
  let widest = 0;
  for (let skipped = 0; skipped < titleLines && skipped < batch.bounds.length; skipped += 1) {
    const { headers } = readHeaders(batch, fileName, skipped);
    for (const header of headers) {
      const finding = widest * 2 < header.names.length ? fitColumns(candidates, header) : undefined;
      if (finding?.csv) return finding;
    }
    const isComment = headers[0]?.names[0]?.trimStart().startsWith("#") ?? true;
    const cells = headers.map(({ names }) => names.filter((name) => name.trim() !== "").length);
    if (!isComment) widest = Math.max(widest, ...cells);
  }
  return undefined;
}

function refuseUnknown(
  headers: readonly Header[],
  candidates: readonly Dataset[],
  fileName: string,
): CsvFinding {
  const widest = headers.toSorted((left, right) => right.names.length - left.names.length);
  for (const { names, isUnended } of headers) {
    const notLoaded = isUnended ? undefined : maybeNotLoaded(fileName, names);
    if (notLoaded) return { wrapper: "not_loaded", issues: [notLoaded] };
  }
  // Only headers that a dataset knows are repeated: where there is no header line, these are values of a record.
  const found = (widest[0]?.names ?? []).filter((name) =>
    candidates.some((dataset) => maybeColumn(dataset, name, "heading")),
  );
  const nearest = found.length > 0 ? maybeNearest(candidates, widest[0]?.names ?? [], "heading") : undefined;
  const shown = found.map((name) => name.trim()).slice(0, namesShown);
  return { wrapper: "unknown", issues: [{ code: "unrecognised", found: shown, ...nearest }] };
}

/** The header line as each delimiter splits it, behind the lines that PowerShell and Excel put before it. */
function readHeaders(
  batch: CsvBatch,
  fileName: string,
  skipped = 0,
): { headers: Header[]; problem: Issue | undefined } {
  const { bytes, bounds } = batch;
  const isHead = ({ start, end }: CsvBatch["bounds"][number]): boolean =>
    !/^\s*$|^"?#TYPE |^"?sep=.?"?$/i.test(bytes.toString("utf8", start, end));
  const at = bounds.findIndex((bound, index) => index >= skipped && isHead(bound));
  if (at < 0) return { headers: [], problem: undefined };
  const { start = 0, end = 0 } = bounds[at] ?? {};
  if (/[\r\u2028\u2029\u0085]./.test(bytes.toString("utf8", start, end)))
    return { headers: [], problem: { code: "line_ends" } };
  const isUnended = batch.isUnended && at === bounds.length - 1;
  const rows = delimiters.map((delimiter) => {
    const [row] = parseRows({ ...batch, bounds: bounds.slice(at, at + 1), isUnended: true }, delimiter);
    return { delimiter, row };
  });
  const headers = rows.flatMap(({ delimiter, row }) =>
    row === undefined || "code" in row || row.length > mostColumns
      ? []
      : [{ delimiter, headRows: at + 1, names: row, isUnended, fileName }],
  );
  const isQuotedBehindBlanks = /"[,;\t] +"/.test(bytes.toString("latin1", start, end));
  const problem = rows.flatMap(({ row }) =>
    row && "code" in row && (row.code === "invalid_utf8" || isQuotedBehindBlanks) ? [row] : [],
  )[0];
  return { headers, problem: headers.length === 0 ? problem : undefined };
}

type Ranked = readonly (readonly [Dataset, number])[];

/** The candidates with how many of the columns each knows, the most first. */
function rank(candidates: readonly Dataset[], names: readonly string[]): Ranked {
  const known = candidates.map((dataset) => [dataset, countKnown(dataset, names, "heading")] as const);
  return known.toSorted(([, left], [, right]) => right - left);
}

function fitColumns(candidates: readonly Dataset[], header: Header): CsvFinding | undefined {
  const { names, delimiter, headRows } = header;
  const isNamed = candidates.length === 1;
  const fitting = rank(candidates, names).filter(([dataset]) =>
    isNamed ? missingColumns(dataset, names, true).length === 0 : isFitting(dataset, names, "heading"),
  );
  const [best, second] = fitting;
  if (best === undefined) return undefined;
  if (second && best[1] === second[1]) {
    const equal = fitting.filter(([, count]) => count === best[1]);
    return {
      wrapper: "unknown",
      issues: [{ code: "ambiguous", datasets: equal.map(([dataset]) => dataset.name) }],
    };
  }
  const [dataset] = best;
  const { columns, repeated, passedOver } = mapColumns(dataset, names);
  const headings = repeated.map((column) => column.header);
  const twice: Issue[] = headings.length === 0 ? [] : [{ code: "headings_repeated", columns: headings }];
  if (repeated.some(({ property, field }) => (field ?? property).isRequired))
    return { dataset, wrapper: "unknown", issues: [{ code: "required_repeated", columns: headings }] };
  if (passedOver.length > 0) twice.push({ code: "headings_alike", columns: passedOver });
  const isPascal = columns.some((column, at) => column && isPascalOf(column, names[at]?.trim() ?? ""));
  const csv = { delimiter, headRows, header: names, columns, isPascal };
  const cut: Issue[] = header.isUnended ? [{ code: "unended" }] : [];
  return {
    dataset,
    wrapper: "csv",
    csv,
    issues: [...columnIssues(dataset, names, header.fileName), ...twice, ...cut],
  };
}

/** A file that is nearly a dataset, or was said to be one, is told all that it lacks: by the delimiter that splits it most. */
function refuseNearest(candidates: readonly Dataset[], { names }: Header): CsvFinding | undefined {
  const [nearest] = rank(candidates, names);
  if (nearest === undefined) return undefined;
  const [dataset, known] = nearest;
  if (candidates.length > 1 && (known < 3 || known * 2 < names.length)) return undefined;
  const columns = missingColumns(dataset, names, true);
  if (columns.length === 0) return undefined;
  const unused = known === 0 ? [] : unusedColumns(dataset, names);
  return { dataset, wrapper: "unknown", issues: [{ code: "missing_columns", columns, unused }] };
}

function missingColumns(dataset: Dataset, names: readonly string[], isRequired: boolean): string[] {
  const filled = new Set(names.map((name) => maybeColumn(dataset, name, "heading")?.property.name));
  return dataset.properties
    .filter((property) => property.isRequired === isRequired && !filled.has(property.name))
    .map(({ name, headers }) => headers[0] ?? name);
}

function unusedColumns(dataset: Dataset, names: readonly string[]): string[] {
  const unused = names.filter((name) => name.trim() !== "" && !maybeColumn(dataset, name, "heading"));
  return [...new Map(unused.map((name) => [foldName(name), name.trim()])).values()];
}

function columnIssues(dataset: Dataset, names: readonly string[], fileName: string): Issue[] {
  // What the name of the file says is not missing.
  const isSaid = (heading: string): boolean => {
    const property = maybeColumn(dataset, heading, "heading")?.property;
    return property !== undefined && maybeValueByName(property, fileName) !== undefined;
  };
  const absent = missingColumns(dataset, names, false).filter((heading) => !isSaid(heading));
  const unused = unusedColumns(dataset, names);
  return absent.length + unused.length > 0 ? [{ code: "columns_differ", absent, unused }] : [];
}
