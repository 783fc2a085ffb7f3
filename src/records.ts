import { compileCanonical, type CanonicalWriter } from "./canonical.ts";
import { coerceText, createTextReader } from "./coerce.ts";
import type { Dataset, Property } from "./dataset.ts";
import { openBytes, type ByteSource } from "./decode.ts";
import type { Columns } from "./fit.ts";
import type { Issue, Place } from "./issue.ts";
import { parseRows } from "./parse-csv.ts";
import { parseRecord, type ParsedObject } from "./parse-json.ts";
import { entryText, type Recognition } from "./recognise.ts";
import type { CsvShape } from "./recognise-csv.ts";
import { scanCsv } from "./scan-csv.ts";
import { scanJson, type JsonPiece } from "./scan-json.ts";
import { reject, type Tally } from "./tally.ts";
import { compileValidator, type Validator } from "./validate.ts";

/** A record that was proven: its canonical JSON text without the opening brace, and where it stands. */
export interface ProvenRecord {
  readonly text: string;
  readonly place: Place;
}

/** What is compiled once per dataset from its schema. */
export interface Prover {
  readonly dataset: Dataset;
  readonly validate: Validator;
  readonly write: CanonicalWriter;
  readonly readTexts: (record: ParsedObject) => ParsedObject;
}

export function createProver(dataset: Dataset): Prover {
  const readTexts = createTextReader(dataset);
  return { dataset, validate: compileValidator(dataset), write: compileCanonical(dataset), readTexts };
}

/** Reads one recognised file record by record; good ones come out, the rest and all counts go into the tally. */
export function* proveRecords(
  recognition: Recognition,
  prover: Prover,
  tally: Tally,
): Generator<ProvenRecord, void> {
  const source = openBytes(recognition.file);
  const prove = createProof(prover, tally);
  try {
    if (recognition.csv) yield* proveRows(source, recognition.csv, { prove, tally, dataset: prover.dataset });
    else yield* proveObjects(source, (record, place) => prove(prover.readTexts(record), place), tally);
  } catch (error) {
    if (!(error instanceof TypeError && recognition.encoding !== "utf-8")) throw error;
    tally.isDamaged = true;
    tally.issues.add({ code: "invalid_utf16" });
  } finally {
    tally.sha256 = source.sha256();
    source.close();
  }
}

type Proof = (record: ParsedObject, place: Place) => ProvenRecord | undefined;

const unusedNamed = 200;

function createProof({ dataset, validate, write }: Prover, tally: Tally): Proof {
  const known = new Set(dataset.properties.map(({ name }) => name));
  return (record, place) => {
    for (const name in record.value)
      if (!known.has(name) && !name.includes("@odata.") && tally.unusedProperties.size < unusedNamed)
        tally.unusedProperties.add(name);
    const issue = validate(record.value);
    const text = issue ?? write(record, tally.properties);
    if (typeof text === "string") return { text, place };
    reject(tally, text, place);
    return undefined;
  };
}

function* proveObjects(source: ByteSource, prove: Proof, tally: Tally): Generator<ProvenRecord, void> {
  let inPage = 0;
  for (const piece of scanJson(source)) {
    if (piece.kind === "record") {
      tally.read += 1;
      inPage += 1;
      const place = { record: tally.read, offset: piece.offset, length: piece.bytes.length };
      const parsed = parseRecord(piece);
      if ("code" in parsed) {
        reject(tally, parsed, place);
        if (parsed.code === "truncated") tally.isDamaged = true;
      } else {
        const proven = prove(parsed, place);
        if (proven) yield proven;
      }
    } else if (piece.kind === "damage") noteDamage(piece, tally);
    else if (piece.kind === "opening") inPage = 0;
    else notePage(piece.entries, inPage, tally);
  }
}

function noteDamage({ issue, place, isRecord }: JsonPiece & { kind: "damage" }, tally: Tally): void {
  tally.isDamaged = true;
  if (!isRecord) {
    tally.issues.add(issue, { record: tally.read, ...place });
    return;
  }
  tally.read += 1;
  reject(tally, issue, { record: tally.read, ...place });
}

function notePage(entries: ReadonlyMap<string, string>, records: number, tally: Tally): void {
  if (entryText(entries, "@odata.nextLink") === "") tally.lastPages += 1;
  else tally.openPages += 1;
  const stated = Number(entries.get("@odata.count"));
  const isSinglePage = tally.openPages === 0 && tally.lastPages === 1;
  if (isSinglePage && Number.isSafeInteger(stated) && stated !== records)
    tally.issues.add({ code: "count_mismatch", stated, found: records });
}

interface RowContext {
  readonly prove: Proof;
  readonly tally: Tally;
  readonly dataset: Dataset;
}

function* proveRows(
  source: ByteSource,
  { delimiter, columns }: CsvShape,
  context: RowContext,
): Generator<ProvenRecord, void> {
  const { prove, tally } = context;
  let isHeader = true;
  for (const batch of scanCsv(source, delimiter)) {
    const rows = parseRows(batch, delimiter);
    for (const [index, row] of rows.entries()) {
      if (isHeader || row === undefined) {
        isHeader &&= row === undefined;
        continue;
      }
      tally.read += 1;
      const { start = 0, end = 0 } = batch.bounds[index] ?? {};
      const place = { record: tally.read, offset: batch.offset + start, length: end - start };
      const isLast = batch.isUnended && index === rows.length - 1;
      const issue = "code" in row ? row : maybeRagged(row, columns, isLast);
      if (issue) {
        reject(tally, issue, place);
        if (issue.code === "truncated") tally.isDamaged = true;
        continue;
      }
      const proven = prove(toRecord(row as readonly string[], columns), place);
      if (proven) yield proven;
    }
  }
}

function maybeRagged(row: readonly string[], columns: Columns, isLast: boolean): Issue | undefined {
  if (row.length === columns.length) return undefined;
  if (isLast && row.length < columns.length) return { code: "truncated" };
  return { code: "ragged_row", expected: columns.length, found: row.length };
}

function toRecord(row: readonly string[], columns: Columns): ParsedObject {
  const exact: Record<string, unknown> = {};
  const value: Record<string, unknown> = {};
  columns.forEach((column: Property | undefined, index) => {
    if (column === undefined) return;
    const cell = coerceText(column, row[index] ?? "");
    exact[column.name] = cell;
    value[column.name] = typeof cell === "bigint" ? Number(cell) : cell;
  });
  return { value, exact: () => exact };
}
