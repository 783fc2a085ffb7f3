import type { Cells } from "../database/cells.ts";
import { formatRows, type Format, type Seen } from "./format.ts";
import type { PackedRows } from "./packed.ts";
import { addToTally, startTally, type Tally, type TallyPlan } from "./tally.ts";
import { unpack, type Pieces } from "./unpack.ts";
import { writeAside, type Written } from "./write-file.ts";

/** A file to write, and how. */
export interface Writing {
  readonly path: string;
  readonly format: Format;
  readonly isSafe: boolean;
  readonly plan: TallyPlan;
}

/** A file that was written, and what was seen in it. */
export interface RowsWritten extends Written {
  readonly seen: Seen;
  readonly tally: Tally;
}

/** Makes text of rows and writes it. Throws exit 5, leaving nothing. */
export async function writeRows(
  { path, format, isSafe, plan }: Writing,
  rows: Pieces & Pick<PackedRows, "columns">,
): Promise<RowsWritten> {
  const seen: Seen = { rows: 0, formulaCells: 0 };
  const tally = startTally(rows.columns.length, plan);
  const batches = count(unpack(rows), tally);
  const text = formatRows({ columns: rows.columns, batches }, format, { isSafe, seen });
  return { ...(await writeAside(path, text)), seen, tally };
}

async function* count(
  batches: AsyncIterable<readonly Cells[]>,
  tally: Tally,
): AsyncGenerator<readonly Cells[]> {
  for await (const batch of batches) {
    addToTally(tally, batch);
    yield batch;
  }
}
