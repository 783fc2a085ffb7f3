import { formatRows, type Format, type Seen } from "./format.ts";
import type { PackedRows } from "./packed.ts";
import { unpack, type Pieces } from "./unpack.ts";
import { writeAside, type Written } from "./write-file.ts";

/** A file to write, and how. */
export interface Writing {
  readonly path: string;
  readonly format: Format;
  readonly isSafe: boolean;
}

/** A file that was written, and what was seen in it. */
export interface RowsWritten extends Written {
  readonly seen: Seen;
}

/** Makes text of rows and writes it. Throws exit 5, leaving nothing. */
export async function writeRows(
  { path, format, isSafe }: Writing,
  rows: Pieces & Pick<PackedRows, "columns">,
): Promise<RowsWritten> {
  const seen: Seen = { rows: 0, formulaCells: 0 };
  const batches = unpack(rows);
  const text = formatRows({ columns: rows.columns, batches }, format, { isSafe, seen });
  return { ...(await writeAside(path, text)), seen };
}
