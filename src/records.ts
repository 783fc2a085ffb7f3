import { DamagedBytes } from "./damage.ts";
import { openBytes, type ByteSource } from "./decode.ts";
import { maybeDatasetOfContext } from "./fit.ts";
import type { Issue } from "./issue.ts";
import { normaliseRow } from "./normalise.ts";
import { parseRecord, type JsonObject } from "./parse-json.ts";
import { createProof, type Proof, type ProvenRecord, type Prover } from "./prove.ts";
import { createReading, rowsOf } from "./reading.ts";
import type { Recognition } from "./recognise.ts";
import type { CsvShape } from "./recognise-csv.ts";
import { entryText, toErrorIssue } from "./recognise-json.ts";
import { scanJson, type JsonPiece } from "./scan-json.ts";
import { reject, type Tally } from "./tally.ts";

/** Reads one recognised file record by record; good ones come out, the rest and all counts go into the tally. */
export function* proveRecords(
  recognition: Recognition,
  prover: Prover,
  tally: Tally,
): Generator<ProvenRecord, void> {
  const reading = createReading(recognition, prover.dataset, tally);
  const proof = createProof(prover, tally, reading);
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
        isNamed: recognition.hints.as !== undefined,
      });
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    tally.isDamaged = true;
    tally.issues.add(error.issue);
  } finally {
    tally.sha256 = source?.sha256() ?? "";
    source?.close();
  }
}

interface ObjectContext {
  readonly proof: Proof;
  readonly tally: Tally;
  readonly dataset: Prover["dataset"];
  /** The user has said what the file is: no context of it says otherwise. */
  readonly isNamed: boolean;
}

function* proveObjects(source: ByteSource, context: ObjectContext): Generator<ProvenRecord, void> {
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
      if (proven) yield proven;
    } else if (piece.kind === "damage") noteDamage(piece, tally);
    else if (piece.kind === "opening") {
      inPage = 0;
      other = otherContext(entryText(piece.entries, "@odata.context"), context);
    } else notePage(piece, inPage, tally);
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

/** What a page or a record states that it is, where that is something else than the file's dataset. */
function otherContext(context: string, { dataset, isNamed }: ObjectContext): string | undefined {
  const isOther =
    !isNamed &&
    dataset.contexts.length > 0 &&
    /\$metadata#/.test(context) &&
    !maybeDatasetOfContext([dataset], context);
  return isOther ? context.replace(/^.*\$metadata#/s, "").replace(/\(.*$/s, "") : undefined;
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

/** The count that a page states: Graph's, or that of Windows PowerShell. */
const counts = ["@odata.count", "Count"];

function notePage(
  { entries, hasRecords }: JsonPiece & { kind: "envelope" },
  records: number,
  tally: Tally,
): void {
  const answer = entries.get("error");
  if (answer !== undefined && !hasRecords) {
    tally.answers += 1;
    tally.issues.add(toErrorIssue(answer));
  }
  if (!hasRecords || (records === 0 && tally.modelRows > 0)) return;
  const isOpen = ["@odata.nextLink", "odata.nextLink"].some((key) => entryText(entries, key) !== "");
  tally.endsOpen = isOpen;
  if (isOpen) tally.openPages += 1;
  else tally.lastPages += 1;
  if (entryText(entries, "@odata.deltaLink") !== "") tally.deltaPages += 1;
  const stated = Number(counts.map((key) => entries.get(key)).find((count) => count !== undefined));
  const isSinglePage = tally.openPages === 0 && tally.lastPages === 1;
  if (isSinglePage && Number.isSafeInteger(stated) && stated !== records)
    tally.issues.add({ code: "count_mismatch", stated, found: records });
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
): Generator<ProvenRecord, void> {
  for (const { row, offset, length, isUnended } of rowsOf(source, csv)) {
    tally.read += 1;
    tally.isUnended = isUnended;
    const place = { record: tally.read, offset, length };
    const issue = "code" in row ? row : maybeRagged(row, csv.columns.length, isUnended);
    if (issue) reject(tally, issue, place);
    if (issue?.code === "truncated") tally.isDamaged = true;
    const proven =
      issue || "code" in row ? undefined : proof.normalised(normaliseRow(csv.columns, row, reading), place);
    if (proven) yield proven;
  }
}

function maybeRagged(row: readonly string[], expected: number, isLast: boolean): Issue | undefined {
  if (row.length === expected) return undefined;
  if (isLast && row.length < expected) return { code: "truncated" };
  return { code: "ragged_row", expected, found: row.length };
}
