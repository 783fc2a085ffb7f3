import { createHash } from "node:crypto";
import { DamagedBytes } from "./damage.ts";
import { openBytes } from "./decode.ts";
import type { InputFile } from "./discover.ts";
import { blockBytes, openStored, type RawBytes } from "./raw-bytes.ts";

/**
 * SHA-256 of a file as it lies on the disk (of an entry or a part, of its bytes as far as they can be unpacked);
 * undefined where the system does not give it.
 */
export function hashFile(file: InputFile): string | undefined {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(blockBytes);
  let source: RawBytes | undefined;
  try {
    source = file.part ? openBytes(file) : openStored(file);
    for (let count = 1; count > 0; hash.update(block.subarray(0, count))) count = source.read(block, 0);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    if (error.issue.code === "unreadable") return undefined;
  } finally {
    source?.close();
  }
  return hash.digest("hex");
}
