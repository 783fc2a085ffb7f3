import { isDeletedRecord, type Dataset } from "../schema/dataset.ts";
import { normaliseRecord, normaliseRow, type Normalised } from "../normalize/normalize.ts";
import { parseRows } from "../parse/csv.ts";
import { scanCsv } from "../parse/csv-scanner.ts";
import { parseRecord } from "../parse/json.ts";
import { scanJson } from "../parse/json-scanner.ts";
import { DamagedBytes } from "../source/damage.ts";
import { openBytes } from "../source/decode.ts";
import type { InputFile } from "../source/discover.ts";
import type { CsvShape } from "./csv.ts";

/** Asks nothing of dates: whether there is one is enough. */
const reading = { timeZone: "UTC", dateOrder: (): undefined => undefined, onZoneless: (): void => {} };

/** Whether a file has records, and each of them is one of a deleted object. It is read on only while that holds. */
export function hasOnlyDeleted(file: InputFile, dataset: Dataset, csv: CsvShape | undefined): boolean {
  const { deleted } = dataset;
  if (deleted === undefined) return false;
  const source = openBytes(file);
  let records = 0;
  try {
    const all = csv ? rowsOf(source, csv) : recordsOf(source, dataset);
    for (const { value, unordered } of all) {
      const isMarked = unordered.has(`/${deleted.property}`) || isDeletedRecord(dataset, value);
      if (!isMarked) return false;
      records += 1;
    }
  } catch (error) {
    // What is damaged is told when it is read.
    if (error instanceof DamagedBytes) return false;
    throw error;
  } finally {
    source.close();
  }
  return records > 0;
}

function* recordsOf(source: ReturnType<typeof openBytes>, dataset: Dataset): Generator<Normalised> {
  for (const piece of scanJson(source)) {
    const parsed = piece.kind === "record" ? parseRecord(piece) : undefined;
    if (parsed && "value" in parsed) yield normaliseRecord(dataset, parsed.value, reading);
  }
}

function* rowsOf(source: ReturnType<typeof openBytes>, csv: CsvShape): Generator<Normalised> {
  let head = csv.headRows;
  for (const piece of scanCsv(source, csv.delimiter)) {
    if (piece.kind === "run") continue;
    for (const row of parseRows(piece, csv.delimiter).slice(head))
      if (Array.isArray(row)) yield normaliseRow(csv.columns, row as readonly string[], reading);
    head = Math.max(0, head - piece.bounds.length);
  }
}
