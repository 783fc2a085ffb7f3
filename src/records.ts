import { DamagedBytes } from "./damage.ts";
import { openBytes, type ByteSource } from "./decode.ts";
import type { Issue } from "./issue.ts";
import { normaliseRow } from "./normalise.ts";
import { notePage, otherContext, type PageContext } from "./pages.ts";
import { parseRecord, type JsonObject } from "./parse-json.ts";
import { createProof, type Proof, type ProvenRecord, type Prover } from "./prove.ts";
import { createReading, rowsOf } from "./reading.ts";
import type { Recognition } from "./recognise.ts";
import type { CsvShape } from "./recognise-csv.ts";
import { entryText } from "./recognise-json.ts";
import { scanJson, type JsonPiece } from "./scan-json.ts";
import { withValue } from "./show-value.ts";
import { reject, type Tally } from "./tally.ts";

/** After so many records something comes out, though none be good: whoever reads on may hear a signal then. */
const silentRecords = 1024;

/**
 * Reads one recognised file record by record; good ones come out, and undefined now and then where there are none;
 * the rest and all counts go into the tally.
 */
export function* proveRecords(
  recognition: Recognition,
  prover: Prover,
  tally: Tally,
): Generator<ProvenRecord | undefined, void> {
  const reading = createReading(recognition, prover.dataset, tally);
  const proof = createProof(prover, tally, {
    reading,
    columnOf: columnsBy(recognition.csv),
    placeOf: recognition.hints.showsValues ? withValue : (place) => place,
  });
  let source: ByteSource | undefined;
  try {
    source = openBytes(recognition.file);
    const { csv } = recognition;
    if (csv) yield* proveRows(source, csv, { proof, tally, reading });
    else
      yield* proveObjects(source, {
        proof,
        tally,
        dataset: prover.dataset,
        isNamed: recognition.hints.as === prover.dataset,
      });
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    tally.isDamaged = true;
    tally.issues.add(error.issue);
  } finally {
    // What was not read to its end is hashed later, as it lies on the disk.
    tally.sha256 = tally.isDamaged ? "" : (source?.sha256() ?? "");
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
  return (pointer) => names.get(pointer.split("/")[1] ?? "");
}

interface ObjectContext extends PageContext {
  readonly proof: Proof;
}

function* proveObjects(
  source: ByteSource,
  context: ObjectContext,
): Generator<ProvenRecord | undefined, void> {
  const { proof, tally } = context;
  let inPage = 0;
  let other: string | undefined;
  for (const piece of scanJson(source)) {
    if (piece.kind === "record") {
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
      other = otherContext(entryText(piece.entries, "@odata.context"), context);
    } else notePage(piece, inPage, context);
  }
}

/** The Zero Trust Assessment puts a row into its exports that only shows their columns. */
function isModelRow(record: JsonObject): boolean {
  return record["isZtModelRow"] === true;
}

function maybeNoRecord(
  record: JsonObject,
  context: ObjectContext,
  ofPage: string | undefined,
): Issue | undefined {
  if ("@removed" in record) return { code: "removed" };
  const own = record["@odata.context"];
  const other = typeof own === "string" ? otherContext(own, context) : ofPage;
  return other === undefined ? undefined : { code: "other_dataset", dataset: context.dataset.name, other };
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

interface RowContext {
  readonly proof: Proof;
  readonly tally: Tally;
  readonly reading: ReturnType<typeof createReading>;
}

function* proveRows(
  source: ByteSource,
  csv: CsvShape,
  { proof, tally, reading }: RowContext,
): Generator<ProvenRecord | undefined, void> {
  for (const { row, offset, length, isUnended, isOpen } of rowsOf(source, csv)) {
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
  if (row.length === expected) return undefined;
  if (isLast && row.length < expected) return { code: "truncated" };
  return { code: "ragged_row", expected, found: row.length };
}
