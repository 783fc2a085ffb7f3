/** The version of the form of the manifest that this program writes, and the newest that it reads. */
export const manifestVersion = "2";

export type Status = "Complete" | "Partial" | "Not supplied";
export type ColumnType = "text" | "integer" | "decimal" | "number" | "boolean" | "date" | "time";
export type Personal = "none" | "id" | "upn" | "name" | "mail" | "other";
export type FileFormat = "csv" | "json" | "ndjson" | "jsonl";

export interface Reason {
  readonly code: string;
  readonly dataset?: string;
  readonly text: string;
}

export interface ManifestColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly scale?: number;
  readonly nullable: boolean;
  readonly nulls: number;
  readonly empties: number;
  readonly enum?: readonly string[];
  readonly personal: Personal;
  readonly meaning: string;
}

/** Rows of a file under a name, where it has several lists. */
interface ManifestSection {
  readonly name: string;
  readonly output: string;
  readonly rows: number;
}

/** Values of a column that stand in a column of another file; `unmatched` counts those that do not. */
interface Relation {
  readonly columns: readonly string[];
  readonly file: string;
  readonly columns_there: readonly string[];
  readonly hard: boolean;
  readonly unmatched: number;
}

export interface ManifestFile {
  readonly file: string;
  readonly output: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Of what is uploaded. */
  readonly md5?: string;
  readonly part?: { readonly of: string; readonly index: number; readonly count: number };
  readonly sections?: readonly ManifestSection[];
  readonly data_status: Status;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly columns: readonly ManifestColumn[];
  readonly key: readonly string[];
  readonly sorted_by: readonly string[];
  readonly relations: readonly Relation[];
  readonly totals?: Readonly<Record<string, string>>;
  readonly left_out?: readonly { readonly reason: string; readonly rows: number }[];
  readonly filled?: readonly { readonly column: string; readonly rule: string; readonly rows: number }[];
  readonly upload?: Readonly<Record<string, string | number>>;
}

/** What of a manifest is read again; schemas/meta/manifest.schema.json has all of it. */
export interface Manifest {
  readonly manifest_version: string;
  readonly tenant: Readonly<Record<string, unknown>> | null;
  readonly as_of: string | null;
  readonly profile: { readonly name: string } | null;
  readonly format: FileFormat;
  readonly dialect: Readonly<Record<string, string>>;
  readonly options: {
    readonly safe_cells: boolean;
    readonly layout: "flat" | "bagit";
    readonly accepted?: readonly unknown[];
  };
  readonly status: Status;
  readonly usable: boolean;
  readonly files: readonly ManifestFile[];
  readonly sources: readonly Readonly<Record<string, unknown>>[];
}

/** The forms of values in the files of a format. */
export function describeDialect(format: FileFormat): Readonly<Record<string, string>> {
  const common = { encoding: "UTF-8", line_end: "LF" };
  const values = {
    true: "true",
    false: "false",
    decimal: ".",
    date: "YYYY-MM-DD",
    time: "YYYY-MM-DDTHH:MM:SS.ffffffZ",
  };
  if (format !== "csv") return { ...common, ...values, decimals_in_json: "text" };
  return { ...common, delimiter: ",", quote: '"', null: "", empty_text: '""', ...values };
}

const worse: readonly Status[] = ["Complete", "Partial", "Not supplied"];

/** The worst status of some files. */
export function worstOf(files: readonly Pick<ManifestFile, "data_status">[]): Status {
  const places = files.map(({ data_status: status }) => worse.indexOf(status));
  return worse[Math.max(0, ...places)] ?? "Not supplied";
}
