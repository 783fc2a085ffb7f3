import type { Dataset } from "./dataset.ts";
import { openBytes, type ByteSource, type Encoding } from "./decode.ts";
import type { InputFile } from "./discover.ts";
import { fitDatasets, maybeDatasetOfContext } from "./fit.ts";
import type { Issue } from "./issue.ts";
import { parseRecord } from "./parse-json.ts";
import { recogniseColumns, type CsvShape } from "./recognise-csv.ts";
import { scanJson } from "./scan-json.ts";
import { createWindow, skipSpace } from "./window.ts";

export type Wrapper = "page" | "array" | "objects" | "csv" | "error" | "unknown";

/** What a file is: its dataset and shape, or the issues that keep it from being read. */
export interface Recognition {
  readonly file: InputFile;
  readonly dataset: Dataset | undefined;
  readonly wrapper: Wrapper;
  readonly encoding: Encoding;
  readonly csv: CsvShape | undefined;
  /** False when there are no records to load: nothing was recognised, or the file is an error answer. */
  readonly isReadable: boolean;
  readonly issues: readonly Issue[];
}

type Datasets = ReadonlyMap<string, Dataset>;

interface Finding {
  readonly dataset?: Dataset | undefined;
  readonly wrapper: Wrapper;
  readonly csv?: CsvShape;
  readonly issues?: readonly Issue[];
}

const sampledRecords = 50;
const namesShown = 8;

/** Looks at the beginning of a file and says what it holds; `as` names the dataset where the user did. */
export function recogniseFile(file: InputFile, datasets: Datasets, as?: Dataset): Recognition {
  const source = openBytes(file);
  let finding: Finding;
  try {
    finding = lookInside(file, source, { datasets, as });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    finding = { wrapper: "unknown", issues: [{ code: "invalid_utf16" }] };
  } finally {
    source.close();
  }
  const { dataset, wrapper, csv, issues = [] } = finding;
  const isReadable = dataset !== undefined && wrapper !== "error" && wrapper !== "unknown";
  return { file, dataset, wrapper, encoding: source.encoding, csv, isReadable, issues };
}

interface Choice {
  readonly datasets: Datasets;
  readonly as: Dataset | undefined;
}

function lookInside(file: InputFile, source: ByteSource, choice: Choice): Finding {
  const window = createWindow(source);
  if (!skipSpace(window)) return { dataset: choice.as, wrapper: "unknown", issues: [{ code: "file_empty" }] };
  const first = window.bytes[window.start];
  const head = replay(window.bytes.subarray(window.start, window.end), source);
  if (first === 0x7b) return lookIntoJson(file, head, choice);
  if (first === 0x5b) return { ...lookIntoJson(file, head, choice), wrapper: "array" };
  return recogniseColumns(head, choice.as ? [choice.as] : [...choice.datasets.values()]);
}

function replay(head: Buffer, source: ByteSource): ByteSource {
  let left = head;
  const read: ByteSource["read"] = (target, from) => {
    if (left.length === 0) return source.read(target, from);
    const count = left.copy(target, from);
    left = left.subarray(count);
    return count;
  };
  return { ...source, read };
}

function lookIntoJson(file: InputFile, source: ByteSource, { datasets, as }: Choice): Finding {
  const names = new Set<string>();
  let wrapper: Wrapper = "objects";
  let context: Dataset | undefined;
  let records = 0;
  for (const piece of scanJson(source)) {
    if (piece.kind === "record") {
      const parsed = parseRecord(piece);
      if ("value" in parsed) for (const name of Object.keys(parsed.value)) names.add(name);
      records += 1;
    } else if (piece.kind === "damage") break;
    else {
      if (piece.kind === "opening") wrapper = "page";
      context ??= maybeDatasetOfContext(datasets.values(), entryText(piece.entries, "@odata.context"));
      if (piece.kind === "envelope" && records === 0 && piece.entries.has("error"))
        return errorAnswer(piece.entries.get("error") ?? "", as ?? maybeDatasetOfName(datasets, file.name));
    }
    if (records >= sampledRecords) break;
  }
  if (as ?? context) return { dataset: as ?? context, wrapper };
  if (records === 0) return { wrapper, issues: [{ code: "unrecognised", found: [] }] };
  return { wrapper, ...choose(datasets, names) };
}

function choose(datasets: Datasets, names: ReadonlySet<string>): Pick<Finding, "dataset" | "issues"> {
  const fitting = fitDatasets(datasets.values(), names);
  if (fitting.length === 1) return { dataset: fitting[0] };
  if (fitting.length > 1)
    return { issues: [{ code: "ambiguous", datasets: fitting.map(({ name }) => name) }] };
  return { issues: [{ code: "unrecognised", found: [...names].filter(isPlainName).slice(0, namesShown) }] };
}

/** The text of an envelope's key, "" where it is not there or no text. */
export function entryText(entries: ReadonlyMap<string, string>, key: string): string {
  const value: unknown = JSON.parse(entries.get(key) ?? '""');
  return typeof value === "string" ? value : "";
}

function errorAnswer(text: string, dataset: Dataset | undefined): Finding {
  const answer = JSON.parse(text) as { code?: unknown; message?: unknown } | null;
  const errorCode = typeof answer?.code === "string" ? answer.code : "unknown";
  const errorMessage = typeof answer?.message === "string" ? answer.message : "";
  return { dataset, wrapper: "error", issues: [{ code: "error_body", errorCode, errorMessage }] };
}

/** The dataset that a file name says: its own name or the end of its context, whatever the case and the separators. */
function maybeDatasetOfName(datasets: Datasets, fileName: string): Dataset | undefined {
  const said = plain(fileName);
  const fits = [...datasets.values()].filter(({ name, contexts }) =>
    [name, ...contexts.map((context) => context.split(/[/.]/).at(-1) ?? name)].some((text) =>
      said.includes(plain(text)),
    ),
  );
  return fits.toSorted((left, right) => right.name.length - left.name.length)[0];
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** A key that reads like the name of a property; one that could be a value (an address, a number) is not repeated. */
function isPlainName(name: string): boolean {
  return /^@?[A-Za-z_][A-Za-z0-9_.-]{0,60}$/.test(name);
}
