import type { Read } from "./file-bytes.ts";
import { readFully, withHead } from "./raw-bytes.ts";

/** A label that TextDecoder knows, in lower case: `utf-8`, `utf-16le`, `windows-1252`, … */
export type Encoding = string;

/** What the first bytes of a file say of its encoding: a byte order mark, or the NULs that UTF-16 puts between letters. */
export function sniffEncoding(head: Buffer): { encoding: Encoding; markBytes: number } {
  const markBytes = marksBytes(head);
  if (markBytes > 0) return { encoding: "utf-8", markBytes };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  const [even, odd] = [countNuls(head, 0), countNuls(head, 1)];
  const half = Math.floor(head.length / 2);
  const isWide = half >= 2 && Math.max(even, odd) * 2 > half && Math.min(even, odd) === 0;
  if (isWide) return { encoding: odd > even ? "utf-16le" : "utf-16be", markBytes: 0 };
  return { encoding: "utf-8", markBytes: 0 };
}

function countNuls(head: Buffer, first: number): number {
  let count = 0;
  for (let index = first; index < head.length; index += 2) if (head[index] === 0) count += 1;
  return count;
}

/** U+FEFF in UTF-8, and what it becomes when its bytes are taken for windows-1252 and saved as UTF-8. */
const marks = [Buffer.from("\uFEFF"), Buffer.from("ï»¿")];

/** The same bytes without the byte order marks at their beginning, however often tools have put one there. */
export function stripMarks(read: Read): Read {
  let start: Read | undefined;
  return (target, from) => {
    start ??= strippedStart(read);
    return start(target, from);
  };
}

function strippedStart(read: Read): Read {
  const head = readFully(read, Buffer.alloc(64));
  return withHead(head.subarray(marksBytes(head)), read);
}

/** How many bytes the marks at a beginning take. */
function marksBytes(head: Buffer): number {
  let at = 0;
  for (let mark = findMark(head); mark; mark = findMark(head.subarray(at))) at += mark.length;
  return at;
}

function findMark(bytes: Buffer): Buffer | undefined {
  return marks.find((mark) => bytes.subarray(0, mark.length).equals(mark));
}
