import type { Dataset } from "../schema/dataset.ts";
import { DamagedBytes } from "../source/damage.ts";
import type { ByteSource } from "../source/decode.ts";
import type { InputFile } from "../source/discover.ts";
import { fitDatasets, maybeDatasetOfContext, maybeNearest } from "../schema/header-map.ts";
import type { Issue } from "../issues.ts";
import { maybeNotLoaded, maybeNotLoadedContext } from "./unsupported.ts";
import { isObject, parseRecord, type JsonObject } from "../parse/json.ts";
import type { Finding } from "./detection.ts";
import type { RecordPiece } from "../parse/json-scanner.ts";
import { scanJson } from "../parse/json-scanner.ts";
import { maybeWrapped } from "./wrapped.ts";

export type Datasets = ReadonlyMap<string, Dataset>;

interface Choice {
  readonly datasets: Datasets;
  readonly as: Dataset | undefined;
}

const sampledRecords = 50;
const namesShown = 8;
const longestName = 200;
/** No dataset has as many properties; records may have millions. */
const namesKept = 10_000;

/** What the first records and envelopes of a JSON file say. */
interface Sample {
  readonly names: Set<string>;
  /** The names in records that are not UTF-8, each byte read as a character. */
  readonly undecoded: Set<string>;
  /** What records say in `@odata.type` that they are. */
  readonly types: Set<string>;
  records: number;
  isPage: boolean;
  /** The context that a page states, and the dataset that it names. */
  context: string;
  answer: string | undefined;
  /** Why the first record that cannot be read is none. */
  problem: Issue | undefined;
}

/** Recognises a JSON file by the context of its pages, else by the names of properties in its records. */
export function recogniseJson(file: InputFile, source: ByteSource, choice: Choice): Finding {
  const sample = takeSample(source, choice.datasets);
  return { ...recogniseSample(file, sample, choice), context: sample.context };
}

function recogniseSample(file: InputFile, sample: Sample, { datasets, as }: Choice): Finding {
  const { names, undecoded, types, records, isPage, context, answer, problem } = sample;
  const wrapper = isPage ? "page" : "objects";
  if (records === 0 && answer !== undefined)
    return errorAnswer(answer, as ?? maybeDatasetOfName(datasets, file.name));
  const own = maybeDatasetOfContext(datasets.values(), context);
  // What a page says of itself goes before what was said of all files together.
  if (own && as && own !== as)
    return { dataset: own, wrapper, issues: [{ code: "as_contradicted", dataset: own.name, said: as.name }] };
  const stated = as ?? own;
  if (stated) return { dataset: stated, wrapper };
  const tail = contextTail(context);
  const notLoaded = maybeNotLoaded(file.name, [...names]);
  if (names.size === 0 && context === "" && problem)
    return { wrapper, issues: [problem, ...unknownBeside(undecoded, datasets)] };
  if (records === 0 || tail !== undefined) {
    const found = tail === undefined ? [] : [`$metadata#${tail}`];
    const known = maybeNotLoadedContext(tail) ?? notLoaded;
    return known
      ? { wrapper: "not_loaded", issues: [known] }
      : { wrapper, issues: [{ code: "unrecognised", found }] };
  }
  // Graph states the type of each record only where a list may hold various objects: members, owners, reports to.
  if (types.size > 0 && !notLoaded) return { wrapper, issues: [{ code: "mixed_list", types: [...types] }] };
  const fitting = fitDatasets(datasets.values(), names);
  const [dataset] =
    fitting.length > 1 ? fitting.filter((each) => isNamedBy(each, file.name, fitting)) : fitting;
  if (dataset) return { dataset, wrapper };
  if (fitting.length > 1)
    return { wrapper, issues: [{ code: "ambiguous", datasets: fitting.map(({ name }) => name) }] };
  if (notLoaded) return { wrapper: "not_loaded", issues: [notLoaded] };
  const wrapped = maybeWrapped(names);
  if (wrapped) return { wrapper: "unknown", issues: [wrapped] };
  const plainNames = [...names].filter(isPlainName);
  const nearest = maybeNearest(datasets.values(), plainNames, "key");
  return { wrapper, issues: [{ code: "unrecognised", found: plainNames.slice(0, namesShown), ...nearest }] };
}

/** Beside records that cannot be decoded, whether their names are those of a dataset: one thing would be told after the other. */
function unknownBeside(names: ReadonlySet<string>, datasets: Datasets): Issue[] {
  if (names.size === 0 || fitDatasets(datasets.values(), names).length > 0) return [];
  const nearest = maybeNearest(datasets.values(), [...names].filter(isPlainName), "key");
  return [{ code: "unrecognised", found: [], ...nearest }];
}

/** Whether the name of a file says which of several datasets it is of, and no other of them. */
function isNamedBy(dataset: Dataset, fileName: string, others: readonly Dataset[]): boolean {
  const says = ({ name }: Dataset): boolean => plain(fileName.replace(/^.*\//s, "")).includes(plain(name));
  return says(dataset) && others.every((other) => other === dataset || !says(other));
}

function takeSample(source: ByteSource, datasets: Datasets): Sample {
  const sample: Sample = {
    names: new Set(),
    undecoded: new Set(),
    types: new Set(),
    records: 0,
    isPage: false,
    context: "",
    answer: undefined,
    problem: undefined,
  };
  try {
    fillSample(sample, source, datasets);
  } catch (error) {
    // What came before the damage may be enough.
    if (!(error instanceof DamagedBytes) || sample.records === 0) throw error;
  }
  return sample;
}

function fillSample(sample: Sample, source: ByteSource, datasets: Datasets): void {
  for (const piece of scanJson(source)) {
    if (piece.kind === "damage") {
      sample.problem ??= piece.issue;
      break;
    }
    if (piece.kind === "record") {
      if (sample.records < sampledRecords) takeRecord(sample, piece);
      sample.records += 1;
      // Of a page that says what its records are nothing else is asked.
      if (sample.isPage && maybeDatasetOfContext(datasets.values(), sample.context)) break;
      // A page may say behind its records what they are; what says nothing before them is read on to its end.
      const isSettled = sample.context !== "" || !sample.isPage;
      if (sample.records >= sampledRecords && isSettled) break;
      continue;
    }
    if (piece.kind === "run") continue;
    if (piece.kind === "opening") sample.isPage = true;
    sample.context ||= entryText(piece.entries, "@odata.context");
    if (piece.kind === "envelope" && !piece.hasRecords) sample.answer ??= piece.entries.get("error");
  }
}

function takeRecord(sample: Sample, piece: RecordPiece): void {
  const parsed = parseRecord(piece);
  if (!("value" in parsed)) {
    sample.problem ??= parsed;
    if (parsed.code !== "invalid_utf8") return;
    const again = parseRecord({ ...piece, bytes: Buffer.from(piece.bytes.toString("latin1")) });
    if ("value" in again) addNames(sample.undecoded, again.value);
    return;
  }
  addNames(sample.names, parsed.value);
  const type = typeOfRecord(parsed.value);
  if (type !== undefined) sample.types.add(type);
}

function addNames(names: Set<string>, record: JsonObject): void {
  for (const from of [record, additionalOf(record)])
    for (const name of Object.keys(from))
      if (name.length <= longestName && names.size < namesKept) names.add(name);
}

function additionalOf(record: JsonObject): JsonObject {
  const more = record["AdditionalProperties"];
  return isObject(more) ? more : {};
}

/** The type that a record of a list of various objects states, without `#`; undefined where it states none. */
export function typeOfRecord(record: JsonObject): string | undefined {
  const type = record["@odata.type"] ?? additionalOf(record)["@odata.type"];
  return typeof type === "string" && /^#?[A-Za-z.]{1,100}$/.test(type) ? type.replace("#", "") : undefined;
}

/** What stands behind `$metadata#`, without what is in parentheses; undefined where nothing does. */
export function contextTail(context: string): string | undefined {
  return /\$metadata#([\w/.$]+)$/.exec(context.replaceAll(/\([^()]*\)/g, ""))?.[1];
}

/** The text of an envelope's key, "" where it is not there or no text. */
export function entryText(entries: ReadonlyMap<string, string>, key: string): string {
  const value = parseValue(entries.get(key) ?? "");
  return typeof value === "string" ? value : "";
}

/** A value of an envelope; null where it is no JSON or was too large to keep. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function errorAnswer(text: string, dataset: Dataset | undefined): Finding {
  return { dataset, wrapper: "error", issues: [toErrorIssue(text)] };
}

/** The issue for the value of `error` in an error answer. */
export function toErrorIssue(text: string): Issue & { code: "error_body" } {
  const answer = parseValue(text) as { code?: unknown; message?: unknown } | null;
  const errorCode = typeof answer?.code === "string" ? answer.code : "unknown";
  const errorMessage = typeof answer?.message === "string" ? answer.message : "";
  // The reports put the answer of the service behind them, as JSON, into the message.
  const inner = parseValue(errorMessage) as { error?: { code?: unknown } } | null;
  if (typeof inner?.error?.code === "string") return toErrorIssue(JSON.stringify(inner.error));
  return { code: "error_body", errorCode, errorMessage };
}

/** The finding for an answer of a batch that has no body to read, only a status. */
export function httpAnswer(name: string, status: number, { datasets, as }: Choice): Finding {
  const dataset = as ?? maybeDatasetOfName(datasets, name);
  const issue = { code: "error_body" as const, errorCode: `HTTP ${status}`, errorMessage: "" };
  return { dataset, wrapper: "error", issues: [issue] };
}

/** The dataset that a file name says: its own name or the end of its context, whatever the case and the separators. */
export function maybeDatasetOfName(datasets: Datasets, fileName: string): Dataset | undefined {
  // Of what an archive holds only its own name says something.
  const said = plain(fileName.replace(/^.*\//s, ""));
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
export function isPlainName(name: string): boolean {
  return /^@?[A-Za-z_][A-Za-z0-9_.-]{0,60}$/.test(name);
}
