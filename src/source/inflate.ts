import { Gunzip, InflateRaw } from "minizlib";
import { DamagedBytes } from "./damage.ts";
import type { Issue } from "../issues.ts";
import type { Read } from "./bytes.ts";

/** The most that a compressed file may expand to: 256 MiB, or 200 times its size. JSON and CSV shrink 10 to 50 times. */
const freeBytes = 1 << 28;
const maxRatio = 200;

/** Deflate makes at most 1,032 bytes of one: so much, times this, is in memory at once. */
const packedBlock = 1 << 14;

/** Unpacks what `read` gives. Throws DamagedBytes where it is damaged, cut, or expands beyond all measure. */
export function inflateBytes(read: Read, form: "gzip" | "raw", packedBytes: number): Read {
  const stream = form === "gzip" ? new Gunzip({}) : new InflateRaw({});
  const limit = Math.max(freeBytes, packedBytes * maxRatio);
  const packed = Buffer.allocUnsafe(packedBlock);
  const pieces: Buffer[] = [];
  const state: { failure?: Issue; isDone: boolean; total: number } = { isDone: false, total: 0 };
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  stream.on("error", () => (state.failure = { code: "archive_damage" }));
  const feed = (): void => {
    const count = read(packed, 0);
    state.isDone = count === 0;
    if (state.isDone) stream.end();
    else stream.write(Buffer.from(packed.subarray(0, count)));
    state.total += pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (state.total > limit)
      state.failure = { code: "archive_limit", limit: `${Math.round(limit / 2 ** 20)} MiB` };
  };
  return (target, from) => {
    while (pieces.length === 0 && !state.isDone && state.failure === undefined) feed();
    const [piece] = pieces;
    if (piece === undefined || state.failure?.code === "archive_limit") {
      if (state.failure) throw new DamagedBytes(state.failure);
      return 0;
    }
    const count = piece.copy(target, from);
    if (count === piece.length) pieces.shift();
    else pieces[0] = piece.subarray(count);
    return count;
  };
}
