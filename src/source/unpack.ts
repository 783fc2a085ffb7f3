import { closeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { DamagedBytes } from "./damage.ts";
import type { InputFile, ZipEntry } from "./discover.ts";
import { openInput, openPlain, readBlock, type RawBytes, type Read } from "./bytes.ts";
import { inflateBytes } from "./inflate.ts";

/** Opens a file as it lies on the disk, or what a zip archive holds of an entry: what the SHA-256 of it is of. */
export function openStored({ path, zip }: InputFile): RawBytes {
  if (!zip) return openPlain(path);
  const descriptor = openInput(path);
  const packed = readRange(descriptor, zip);
  const read = zip.isDeflated ? inflateBytes(packed, "raw", zip.packedBytes) : packed;
  return { read, close: () => closeSync(descriptor) };
}

/** Opens a plain file, a gzip file (told by its first bytes) or an entry of a zip archive: unpacked where it is compressed. */
export function openRaw(file: InputFile): RawBytes {
  const stored = openStored(file);
  const { read, close, seek } = stored;
  // A file that is packed twice may expand no further than one that is packed once.
  if (file.zip) return { read: gunzipped(checked(read, file.zip), file.zip.packedBytes), close };
  const magic = Buffer.alloc(2);
  try {
    read(magic, 0);
  } catch (error) {
    close();
    throw error;
  }
  seek?.(0);
  return isGzip(magic) ? { read: inflateBytes(read, "gzip", file.bytes), close } : stored;
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The same bytes, unpacked where they begin as gzip does; looked at when they are first asked for. */
function gunzipped(packed: Read, packedBytes: number): Read {
  let read: Read | undefined;
  return (target, from) => {
    read ??= startGunzip(packed, packedBytes);
    return read(target, from);
  };
}

function startGunzip(packed: Read, packedBytes: number): Read {
  const head = readFully(packed, Buffer.alloc(2));
  const whole = withHead(head, packed);
  return isGzip(head) ? inflateBytes(whole, "gzip", packedBytes) : whole;
}

/** Gives `head` first and then what `read` gives; damage behind the head does not cost the head. */
export function withHead(head: Buffer, read: Read): Read {
  let left = head;
  let failure: unknown;
  return (target, from) => {
    if (failure !== undefined) throw failure;
    if (left.length === 0) return read(target, from);
    const count = left.copy(target, from);
    left = left.subarray(count);
    if (from + count >= target.length) return count;
    try {
      return count + read(target, from + count);
    } catch (error) {
      failure = error;
      return count;
    }
  };
}

/** Reads until the buffer is full or the bytes end; returns what came. */
export function readFully(read: Read, buffer: Buffer): Buffer {
  let length = 0;
  for (let count = 1; count > 0 && length < buffer.length; length += count) count = read(buffer, length);
  return buffer.subarray(0, length);
}

function readRange(descriptor: number, { start, packedBytes }: ZipEntry): Read {
  let left = packedBytes;
  return (target, from) => {
    const room = target.subarray(from, from + left);
    const count = room.length > 0 ? readBlock(descriptor, room, start + packedBytes - left) : 0;
    left -= count;
    return count;
  };
}

/** What comes out of an archive must have the size and the checksum that its directory states. */
function checked(read: Read, { bytes, checksum }: ZipEntry): Read {
  let sum = 0;
  let seen = 0;
  return (target, from) => {
    const count = read(target, from);
    sum = crc32(target.subarray(from, from + count), sum);
    seen += count;
    if (seen > bytes || (count === 0 && target.length > from && (seen !== bytes || sum !== checksum)))
      throw new DamagedBytes({ code: "archive_damage" });
    return count;
  };
}
