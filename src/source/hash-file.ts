import { createHash } from "node:crypto";
import { type RawBytes, blockBytes, openPlain } from "./bytes.ts";
import { DamagedBytes } from "./damage.ts";
import type { InputFile } from "./discover.ts";

/**
 * SHA-256 of a file as it lies on the disk (of an entry or a part, of its bytes as far as they can be unpacked);
 * undefined where the system does not give it.
 */
export async function hashFile(file: InputFile): Promise<string | undefined> {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(blockBytes);
  let source: RawBytes | undefined;
  try {
    source = await open(file);
    for (let count = 1; count > 0; hash.update(block.subarray(0, count))) count = source.read(block, 0);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    if (error.issue.code === "unreadable") return undefined;
  } finally {
    source?.close();
  }
  return hash.digest("hex");
}

/** What unpacks is loaded where something is packed: without it the thread is at work a fiftieth of a second earlier. */
async function open(file: InputFile): Promise<RawBytes> {
  if (file.part) return (await import("./decode.ts")).openBytes(file);
  if (file.zip) return (await import("./unpack.ts")).openStored(file);
  return openPlain(file.path);
}
