import { type Tally, reject } from "../batch/file-stats.ts";
import type { SheetWriter } from "../batch/record-batch.ts";
import type { CsvShape } from "../detect/csv.ts";
import type { Recognition } from "../detect/detection.ts";
import { contextTail, entryText, toErrorIssue, typeOfRecord } from "../detect/json.ts";
import type { Issue, Place } from "../issues.ts";
import { withValue } from "../normalize/coerce.ts";
import { normaliseRow } from "../normalize/normalize.ts";
import type { ReadRun, Run } from "../parse/batch-read.ts";
import { type JsonPiece, scanJson } from "../parse/json-scanner.ts";
import { type JsonObject, parseRecord } from "../parse/json.ts";
import type { Dataset } from "../schema/dataset.ts";
import { maybeDatasetOfContext } from "../schema/header-map.ts";
import { DamagedBytes } from "../source/damage.ts";
import { type ByteSource, openBytes } from "../source/decode.ts";
import { type FastReader, type RowReader, maybeFastReader, maybeRowReader } from "../wasm-reader/index.ts";
import { createReading, rowsOf } from "./date-order.ts";
import { type Proof, type ProvenRecord, type Prover, createProof } from "./generic-reader.ts";

/** Records that were proven and written on the spot; `place` is that of the first. */
export interface ProvenRun {
  readonly records: number;
  readonly place: Place;
}

/** Where records that are as Graph writes them are written on the spot, as those of the file with this number. */
export interface Target {
  readonly sheets: SheetWriter;
  readonly fileId: number;
}

/** After so many records something comes out, though none be good: whoever reads on may hear a signal then. */
const silentRecords = 1024;

/**
 * Reads one recognised file record by record; good ones come out, and undefined now and then where there are none;
 * the rest and all counts go into the tally. With a target those that need no second look are written there, and come
 * out as runs.
 */
export function* proveRecords(
  recognition: Recognition,
  prover: Prover,
  { tally, target }: { readonly tally: Tally; readonly target?: Target | undefined },
): Generator<ProvenRecord | ProvenRun | undefined, void> {
  const reading = createReading(recognition, prover.dataset, tally);
  const proof = createProof(prover, tally, {
    reading,
    columnOf: columnsBy(recognition.csv),
    placeOf: recognition.hints.showsValues ? withValue : (place) => place,
  });
  const { csv } = recognition;
  const options = target && { ...target, dataset: prover.dataset, ...proof.names };
  const fastRows = options && csv && maybeRowReader(options, csv);
  const fast = options && !csv ? maybeFastReader(options) : undefined;
  let source: ByteSource | undefined;
  try {
    source = openBytes(recognition.file);
    if (csv) yield* proveRows(source, csv, { proof, tally, reading, fast: fastRows });
    else
      yield* proveObjects(source, {
        proof,
        tally,
        dataset: prover.dataset,
        isNamed: recognition.hints.as === prover.dataset,
        fast,
      });
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    tally.isDamaged = true;
    tally.issues.add(error.issue);
  } finally {
    fast?.finish(tally.properties);
    fastRows?.finish(tally.properties);
    source?.close();
  }
}

/** The heading of the column that fills a property. */
function columnsBy(csv: CsvShape | undefined): (pointer: string) => string | undefined {
  const names = new Map<string, string>();
  csv?.columns.forEach((column, index) => {
    const name = csv.header[index]?.trim();
    if (column && name) names.set(column.property.name, name);
  });
  csv?.columns.forEach((column) => {
    const { orObject } = column?.property ?? {};
    const name = column && names.get(column.property.name);
    if (orObject && name !== undefined && !names.has(orObject.name)) names.set(orObject.name, name);
  });
  return (pointer) => names.get(pointer.split("/")[1] ?? "");
}

interface ObjectContext extends PageContext {
  readonly proof: Proof;
  readonly fast: FastReader | undefined;
}

function* proveObjects(
  source: ByteSource,
  context: ObjectContext,
): Generator<ProvenRecord | ProvenRun | undefined, void> {
  const { proof, tally, fast } = context;
  let inPage = 0;
  let other: string | undefined;
  const readRun: ReadRun = (window, setting) =>
    other === undefined && fast ? fast.read(window, setting, tally.read + 1) : 0;
  for (const piece of scanJson(source, readRun)) {
    if (piece.kind === "run") {
      yield takeRun(piece, tally);
      inPage += piece.records;
    } else if (piece.kind === "record") {
      const parsed = parseRecord(piece);
      if ("value" in parsed && isModelRow(parsed.value)) {
        tally.modelRows += 1;
        continue;
      }
      tally.read += 1;
      inPage += 1;
      const place = { record: tally.read, offset: piece.offset, length: piece.bytes.length };
      const issue = "value" in parsed ? maybeNoRecord(parsed.value, context, other) : parsed;
      if (issue) reject(tally, issue, place);
      if (issue?.code === "truncated") tally.isDamaged = true;
      tally.isUnended = piece.isLast;
      const proven = issue || "code" in parsed ? undefined : proof.object(parsed, place);
      if (proven || tally.read % silentRecords === 0) yield proven;
    } else if (piece.kind === "damage") noteDamage(piece, tally);
    else if (piece.kind === "opening") {
      inPage = 0;
      const stated = entryText(piece.entries, "@odata.context");
      tally.selected ??= selectedBy(stated, context.dataset);
      other = otherContext(stated, context);
    } else notePage(piece, inPage, context);
  }
}

/** Counts records that were read on the spot. */
function takeRun({ records, offset }: Run, tally: Tally): ProvenRun {
  const place = { record: tally.read + 1, offset, length: 0 };
  tally.read += records;
  tally.fast += records;
  tally.isUnended = false;
  return { records, place };
}

interface RowContext {
  readonly proof: Proof;
  readonly tally: Tally;
  readonly reading: ReturnType<typeof createReading>;
  readonly fast: RowReader | undefined;
}

function* proveRows(
  source: ByteSource,
  csv: CsvShape,
  { proof, tally, reading, fast }: RowContext,
): Generator<ProvenRecord | ProvenRun | undefined, void> {
  const readRun: ReadRun = (window) => fast?.read(window, tally.read + 1) ?? 0;
  for (const piece of rowsOf(source, csv, readRun)) {
    if (piece.kind === "run") {
      yield takeRun(piece, tally);
      continue;
    }
    const { row, offset, length, isUnended, isOpen } = piece;
    tally.read += 1;
    // A quote that no other closes: the file was cut inside a text, or is damaged.
    tally.isDamaged ||= isOpen && "code" in row;
    tally.isUnended = isUnended;
    const place = { record: tally.read, offset, length };
    const issue = "code" in row ? row : maybeRagged(row, csv.columns.length, isUnended);
    if (issue) reject(tally, issue, place);
    if (issue?.code === "truncated") tally.isDamaged = true;
    const proven =
      issue || "code" in row ? undefined : proof.normalised(normaliseRow(csv.columns, row, reading), place);
    if (proven || tally.read % silentRecords === 0) yield proven;
  }
}

function maybeRagged(row: readonly string[], expected: number, isLast: boolean): Issue | undefined {
  // Spreadsheets write empty cells behind the last column.
  if (
    row.length === expected ||
    (row.length > expected && row.slice(expected).every((cell) => cell.trim() === ""))
  )
    return undefined;
  if (isLast && row.length < expected) return { code: "truncated" };
  return { code: "ragged_row", expected, found: row.length };
}

interface PageContext {
  readonly tally: Tally;
  readonly dataset: Dataset;
  /** The user has said what the file is: no context of it says otherwise. */
  readonly isNamed: boolean;
}

/** What a page or a record states that it is, where that is something else than the file's dataset. */
function otherContext(context: string, { dataset, isNamed }: PageContext): string | undefined {
  const tail = contextTail(context);
  const isOther =
    !isNamed &&
    dataset.contexts.length > 0 &&
    tail !== undefined &&
    !maybeDatasetOfContext([dataset], context);
  return isOther ? tail : undefined;
}

/** The properties that a context of the dataset names as selected. */
function selectedBy(context: string, dataset: Dataset): string[] | undefined {
  if (!maybeDatasetOfContext([dataset], context)) return undefined;
  const names = /\(([^()]*)/.exec(context)?.[1];
  return names?.split(",");
}

const nextLinks = ["@odata.nextLink", "odata.nextLink"];

/** Takes down what stands around the records of a page, of which there are `records`. */
function notePage(
  { entries, hasRecords }: JsonPiece & { kind: "envelope" },
  records: number,
  context: PageContext,
): void {
  const { tally, dataset } = context;
  const answer = entries.get("error");
  if (answer !== undefined) {
    tally.answers += 1;
    tally.issues.add(toErrorIssue(answer));
  }
  if (!hasRecords || (records === 0 && tally.modelRows > 0)) return;
  const other = otherContext(entryText(entries, "@odata.context"), context);
  if (other !== undefined && !tally.issues.list().some(({ code }) => code === "other_dataset")) {
    tally.isOther = true;
    tally.issues.add({ code: "other_dataset", dataset: dataset.name, other });
  }
  tally.endsOpen = nextLinks.some((key) => entryText(entries, key) !== "");
  if (tally.endsOpen) tally.openPages += 1;
  else tally.lastPages += 1;
  if (entryText(entries, "@odata.deltaLink") !== "") tally.deltaPages += 1;
  if (entries.has("records")) tally.hubPages += 1;
  if (entries.has("Count")) tally.listPages += 1;
  const stated = Number(entries.get("@odata.count") ?? entries.get("Count"));
  if (Number.isSafeInteger(stated)) tally.stated ??= stated;
}

/** The Zero Trust Assessment puts a row into its exports that only shows their columns. */
function isModelRow(record: JsonObject): boolean {
  return record["isZtModelRow"] === true;
}

/** Why an object among the records is none; `ofPage` is the dataset that its page names, where that is another. */
function maybeNoRecord(
  record: JsonObject,
  context: PageContext,
  ofPage: string | undefined,
): Issue | undefined {
  if ("@removed" in record) return { code: "removed" };
  const type = typeOfRecord(record);
  const { name: dataset, odataTypes } = context.dataset;
  if (type !== undefined && odataTypes.length > 0 && !odataTypes.includes(type))
    return { code: "other_dataset", dataset, other: type };
  const own = record["@odata.context"];
  const other = typeof own === "string" ? otherContext(own, context) : ofPage;
  return other === undefined ? undefined : { code: "other_dataset", dataset: context.dataset.name, other };
}

/** Takes what cannot be read into the tally. */
function noteDamage({ issue, place, isRecord }: JsonPiece & { kind: "damage" }, tally: Tally): void {
  tally.isDamaged = true;
  if (!isRecord) {
    tally.issues.add(issue, { record: tally.read, ...place });
    return;
  }
  tally.read += 1;
  reject(tally, issue, { record: tally.read, ...place });
}
