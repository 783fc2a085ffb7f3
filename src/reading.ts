import { DamagedBytes } from "./damage.ts";
import type { Dataset } from "./dataset.ts";
import { dateEvidence, type DateOrder, type TextReading } from "./date-texts.ts";
import { openBytes, type ByteSource } from "./decode.ts";
import { normaliseRecord, normaliseRow } from "./normalise.ts";
import { foldName } from "./columns.ts";
import type { Issue } from "./issue.ts";
import { parseRows } from "./parse-csv.ts";
import { parseRecord } from "./parse-json.ts";
import type { Recognition } from "./recognise.ts";
import type { CsvShape } from "./recognise-csv.ts";
import { scanCsv, type CsvBatch } from "./scan-csv.ts";
import { scanJson } from "./scan-json.ts";
import type { Tally } from "./tally.ts";

/** How the texts of one file are read; what of it had to be assumed or found out goes into the tally. */
export function createReading(recognition: Recognition, dataset: Dataset, tally: Tally): TextReading {
  const { dateOrder: stated, timeZone = "UTC" } = recognition.hints;
  let evidence: Evidence | undefined;
  return {
    timeZone,
    dateOrder() {
      evidence ??= findDateOrder(recognition, dataset);
      const order = evidence.order ?? stated;
      tally.dateOrder = order ?? (evidence.isContradictory ? "contradictory" : "unknown");
      return order;
    },
    onZoneless() {
      tally.zonelessTimes += 1;
      tally.timeZone = timeZone;
    },
  };
}

interface Evidence {
  readonly order: DateOrder | undefined;
  readonly isContradictory: boolean;
}

/** Reads the whole file for dates that show which number is the day; one is enough, two that disagree are none. */
function findDateOrder(recognition: Recognition, dataset: Dataset): Evidence {
  const shown = new Set<DateOrder>();
  const dateOrder = (text: string): undefined => {
    const order = dateEvidence(text);
    if (order) shown.add(order);
  };
  const source = openBytes(recognition.file);
  const reading = { timeZone: "UTC", dateOrder, onZoneless: () => {} };
  try {
    if (recognition.csv) sweepRows(source, recognition.csv, reading);
    else sweepObjects(source, dataset, reading);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
  } finally {
    source.close();
  }
  return { order: shown.size === 1 ? [...shown][0] : undefined, isContradictory: shown.size > 1 };
}

function sweepRows(source: ByteSource, csv: CsvShape, reading: TextReading): void {
  for (const { row } of rowsOf(source, csv))
    if (Array.isArray(row)) normaliseRow(csv.columns, row as readonly string[], reading);
}

function sweepObjects(source: ByteSource, dataset: Dataset, reading: TextReading): void {
  for (const piece of scanJson(source)) {
    const parsed = piece.kind === "record" ? parseRecord(piece) : undefined;
    if (parsed && "value" in parsed) normaliseRecord(dataset, parsed.value, reading);
  }
}

/** Files that were joined have their header again in the middle. */
function isHeader(row: readonly string[] | Issue, header: readonly string[]): boolean {
  if ("code" in row || row.length !== header.length || !row[0]?.endsWith(header[0] ?? "")) return false;
  return row.every((name, index) => foldName(name) === foldName(header[index] ?? ""));
}

/** The rows of a CSV file behind its header, blank lines left out, and where each of them lies. */
export function* rowsOf(
  source: ByteSource,
  { delimiter, headRows, header }: CsvShape,
): Generator<{
  readonly row: Exclude<ReturnType<typeof parseRows>[number], undefined>;
  readonly offset: number;
  readonly length: number;
  readonly isUnended: boolean;
  readonly isOpen: boolean;
}> {
  let skipped = 0;
  for (const batch of scanCsv(source, delimiter)) {
    const head = Math.min(headRows - skipped, batch.bounds.length);
    skipped += head;
    const rest: CsvBatch = head === 0 ? batch : { ...batch, bounds: batch.bounds.slice(head) };
    for (const [index, row] of parseRows(rest, delimiter).entries()) {
      if (row === undefined || isHeader(row, header)) continue;
      const { start = 0, end = 0, isOpen = false } = rest.bounds[index] ?? {};
      const isUnended = rest.isUnended && index === rest.bounds.length - 1;
      yield { row, offset: rest.offset + start, length: end - start, isUnended, isOpen };
    }
  }
}
