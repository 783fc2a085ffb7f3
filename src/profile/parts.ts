import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import { replaceFile } from "../files.ts";
import { writeAside, type Written } from "../outputs/write-file.ts";
import type { Line, Lines } from "./lines.ts";
import type { Limits } from "./profile.ts";
import type { Row } from "./rows.ts";

/** A file, or a part of one, that was written. */
export interface Part extends Written {
  readonly file: string;
  readonly md5: string;
  readonly rows: number;
}

/** What is to be written, and where. */
export interface PartsWriting {
  readonly folder: string;
  readonly file: string;
  /** Undefined where the file is one. */
  readonly limits: Limits | undefined;
  /** Looks at each row, with the number of its part. */
  readonly see: (row: Row, part: number) => void;
}

/** Parts of a file, and whether a row is longer than a part may be. */
export interface PartsWritten {
  readonly parts: readonly Part[];
  readonly rowsTooLong: number;
}

/** Writes lines to a file, or to as many parts as its limits make of it, each with what stands at the top. */
export async function writeParts(lines: Lines, writing: PartsWriting): Promise<PartsWritten> {
  const { folder, file, limits } = writing;
  const reader = new LineReader(lines.batches);
  const parts: Part[] = [];
  let rowsTooLong = 0;
  do {
    const name = limits === undefined ? file : nameOfPart(file, parts.length, 2);
    const count = { rows: 0, tooLong: 0 };
    const md5 = createHash("md5");
    const see = (row: Row): void => writing.see(row, parts.length);
    const text = hashed(fillPart(reader, lines, { limits, count, see }), md5);
    const written = await writeAside(join(folder, name), text);
    rowsTooLong += count.tooLong;
    parts.push({ file: name, ...written, md5: md5.digest("hex"), rows: count.rows });
  } while (await reader.fill());
  return { parts: limits === undefined ? parts : widenNames(parts, folder, file), rowsTooLong };
}

/** `users-01.csv` */
function nameOfPart(file: string, index: number, width: number): string {
  const [stem = "", ending = ""] = file.split(".");
  return `${stem}-${String(index + 1).padStart(width, "0")}.${ending}`;
}

/** All numbers are as wide as that of the last part. */
function widenNames(parts: readonly Part[], folder: string, file: string): readonly Part[] {
  const width = Math.max(2, String(parts.length).length);
  return parts.map((part, index) => {
    const name = nameOfPart(file, index, width);
    if (name !== part.file) replaceFile(join(folder, part.file), join(folder, name));
    return { ...part, file: name };
  });
}

interface Filling {
  readonly limits: Limits | undefined;
  readonly count: { rows: number; tooLong: number };
  readonly see: (row: Row) => void;
}

/** The text of a part: lines as long as they fit, a row that fits nowhere alone. */
async function* fillPart(
  reader: LineReader,
  { head, end }: Pick<Lines, "head" | "end">,
  { limits = {}, count, see }: Filling,
): AsyncGenerator<string> {
  const { max_bytes: mostBytes = Infinity, max_rows: mostRows = Infinity } = limits;
  let bytes = Buffer.byteLength(head);
  yield head;
  while (await reader.fill()) {
    const piece: string[] = [];
    for (let line = reader.peek(); line !== undefined; line = reader.peek()) {
      const size = mostBytes === Infinity ? 0 : Buffer.byteLength(line.text) + end.length;
      const isFull = count.rows >= mostRows || bytes + size > mostBytes;
      if (isFull && count.rows > 0) {
        yield piece.join("");
        return;
      }
      if (bytes + size > mostBytes) count.tooLong += 1;
      bytes += size;
      count.rows += 1;
      see(line.row);
      piece.push(line.text, end);
      reader.skip();
    }
    yield piece.join("");
  }
}

async function* hashed(pieces: AsyncIterable<string>, hash: Hash): AsyncGenerator<string> {
  for await (const piece of pieces) {
    if (piece === "") continue;
    hash.update(piece);
    yield piece;
  }
}

/** Lines one by one out of batches; only at the end of a batch one has to wait. */
class LineReader {
  readonly #batches: AsyncIterator<readonly Line[]>;
  #batch: readonly Line[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly Line[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Whether there is a line more. */
  async fill(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done === true) return false;
      this.#batch = next.value;
      this.#at = 0;
    }
    return true;
  }

  peek(): Line | undefined {
    return this.#batch[this.#at];
  }

  skip(): void {
    this.#at += 1;
  }
}
