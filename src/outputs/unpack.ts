import { cellReaders, type CellKind, type Cells } from "../database/cells.ts";

/** Between the texts of a packed row, and in the place of one that is unknown. */
const separator = "\0";
const unknown = "\u0001";

/**
 * How many rows are taken apart at a time. Less than come at once: what is made of them is still in the processor's cache
 * when it is written, and there is less that V8 has to keep when it collects garbage.
 */
export const batchRows = 256;

/** Rows as the engine packs them: the UTF-8 of the texts of their cells, the separator behind each. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Where each batch of them ends. */
  readonly ends: readonly number[];
}

/** Rows that come piece by piece, packed or as cells; undefined is the end. */
export interface Pieces {
  /** Of each column, where they are packed. */
  readonly kinds: readonly CellKind[];
  readonly next: () => Promise<PackedTexts | readonly Cells[] | undefined>;
  /** From this row on, counted from 0, they come as cells. */
  readonly goOnFrom: (row: number) => Promise<void>;
}

/** Whether more comes behind the first piece, and the same pieces again. */
export async function lookAhead<Source extends Pieces>(
  source: Source,
): Promise<{ readonly isLong: boolean; readonly rows: Source }> {
  const seen = [await source.next(), await source.next()];
  const next: Pieces["next"] = async () => (seen.length > 0 ? seen.shift() : await source.next());
  const goOnFrom: Pieces["goOnFrom"] = async (row) => {
    seen.length = 0;
    await source.goOnFrom(row);
  };
  return { isLong: seen[1] !== undefined, rows: { ...source, next, goOnFrom } };
}

/** The rows in batches. Where one holds the separator, it and all behind it are asked for as cells. */
export async function* unpack({ kinds, next, goOnFrom }: Pieces): AsyncGenerator<readonly Cells[]> {
  let row = 0;
  for (let piece = await next(); piece !== undefined; piece = await next()) {
    if (!("bytes" in piece)) {
      yield piece;
      continue;
    }
    for (const batch of unpackTexts(piece, kinds)) {
      if (batch === undefined) {
        await goOnFrom(row);
        break;
      }
      yield batch;
      row += batch.length;
    }
  }
}

/** Batches of rows, undefined in the place of one that does not have its number of texts. */
function* unpackTexts(
  { bytes, ends, rows }: PackedTexts,
  kinds: Pieces["kinds"],
): Generator<Cells[] | undefined> {
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readers = kinds.map((kind) => cellReaders[kind]);
  let start = 0;
  for (const [batch, end] of ends.entries()) {
    const parts = texts.toString("utf8", start, end).split(separator);
    const count = Math.min(batchRows, rows - batch * batchRows);
    // One more, behind the last separator.
    yield parts.length === count * kinds.length + 1 ? readParts(parts, readers) : undefined;
    start = end;
  }
}

type Reader = ((text: string) => unknown) | undefined;

/** Makes rows of the texts of their cells. */
function readParts(parts: readonly string[], readers: readonly Reader[]): Cells[] {
  const rows: Cells[] = [];
  for (let at = 0; at + readers.length < parts.length; at += readers.length)
    rows.push(readers.map((read, index) => readPart(parts[at + index] as string, read)));
  return rows;
}

function readPart(part: string, read: Reader): unknown {
  if (part === unknown) return null;
  return read ? read(part) : part;
}
