import type { Dataset } from "./dataset.ts";
import type { ByteSource } from "./decode.ts";
import { fitDatasets, mapColumns, type Columns } from "./fit.ts";
import type { Issue } from "./issue.ts";
import { parseRows } from "./parse-csv.ts";
import { scanCsv } from "./scan-csv.ts";

/** How a CSV file writes its records: the delimiter, and the property that each column fills. */
export interface CsvShape {
  readonly delimiter: string;
  readonly columns: Columns;
}

interface CsvFinding {
  readonly dataset?: Dataset | undefined;
  readonly wrapper: "csv" | "unknown";
  readonly csv?: CsvShape;
  readonly issues: readonly Issue[];
}

const namesShown = 8;

/** Recognises a CSV file by its header line, trying the delimiters that spreadsheets write. */
export function recogniseColumns(source: ByteSource, candidates: readonly Dataset[]): CsvFinding {
  const batch = scanCsv(source, ",").next().value || undefined;
  let headers: readonly string[] = [];
  for (const delimiter of [",", ";", "\t"]) {
    const row = batch && parseRows({ ...batch, bounds: batch.bounds.slice(0, 1) }, delimiter)[0];
    if (row === undefined || "code" in row) continue;
    if (row.length > headers.length) headers = row;
    const finding = fitColumns(candidates, row, delimiter);
    if (finding !== undefined) return finding;
  }
  // Only headers that a dataset knows are repeated: where there is no header line, these are values of a record.
  const isKnown = (header: string): boolean => candidates.some((dataset) => mapColumns(dataset, [header])[0]);
  const found = headers.filter(isKnown).map((header) => header.trim());
  return { wrapper: "unknown", issues: [{ code: "unrecognised", found: found.slice(0, namesShown) }] };
}

type Fitted = { readonly dataset: Dataset; readonly columns: Columns };

const known = ({ columns }: Fitted): number => columns.filter(Boolean).length;

function fitColumns(
  candidates: readonly Dataset[],
  headers: readonly string[],
  delimiter: string,
): CsvFinding | undefined {
  const fits = candidates
    .map((dataset): Fitted => ({ dataset, columns: mapColumns(dataset, headers) }))
    .toSorted((left, right) => known(right) - known(left));
  const fitting = fits.filter((fit) =>
    candidates.length === 1 ? missingColumns(fit, true).length === 0 : isFitting(fit),
  );
  const [best, second] = fitting;
  if (best && second && known(best) === known(second)) {
    const equal = fitting.filter((fit) => known(fit) === known(best));
    return {
      wrapper: "unknown",
      issues: [{ code: "ambiguous", datasets: equal.map(({ dataset }) => dataset.name) }],
    };
  }
  if (best) {
    const { dataset, columns } = best;
    return { dataset, wrapper: "csv", csv: { delimiter, columns }, issues: columnIssues(best, headers) };
  }
  const [nearest] = fits;
  const isNamed = candidates.length === 1;
  if (nearest === undefined) return undefined;
  if (!isNamed && (known(nearest) < 3 || known(nearest) * 2 < headers.length)) return undefined;
  const columns = missingColumns(nearest, true);
  if (columns.length === 0) return undefined;
  return { dataset: nearest.dataset, wrapper: "unknown", issues: [{ code: "missing_columns", columns }] };
}

function isFitting({ dataset, columns }: Fitted): boolean {
  return fitDatasets([dataset], new Set(columns.flatMap((column) => column?.name ?? []))).length > 0;
}

function missingColumns({ dataset, columns }: Fitted, isRequired: boolean): string[] {
  return dataset.properties
    .filter((property) => property.isRequired === isRequired && !columns.includes(property))
    .map(({ name, headers }) => headers[0] ?? name);
}

function columnIssues(fit: Fitted, headers: readonly string[]): Issue[] {
  const unused = headers
    .filter((_, index) => fit.columns[index] === undefined)
    .map((header) => header.trim());
  const absent = missingColumns(fit, false);
  return [
    ...(unused.length > 0 ? [{ code: "unused_columns" as const, columns: unused }] : []),
    ...(absent.length > 0 ? [{ code: "absent_columns" as const, columns: absent }] : []),
  ];
}
