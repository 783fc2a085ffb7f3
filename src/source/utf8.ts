import { isUtf8 } from "node:buffer";

/** The index of the first byte that is not UTF-8; the length of the bytes where all of them are. */
export function findInvalidUtf8(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return bytes.length;
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8Before(bytes, middle)) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good))) good -= 1;
  return good;
}

/** Whether the bytes before `end` are UTF-8, but for a character that breaks off there. */
function isUtf8Before(bytes: Uint8Array, end: number): boolean {
  return [0, 1, 2, 3].some((back) => isUtf8(bytes.subarray(0, Math.max(0, end - back))));
}
