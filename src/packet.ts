/** Canonical JSON records one behind the other, at most as many as fit one vector of DuckDB. */
export interface Packet {
  readonly bytes: Buffer;
  /** Where each record ends. */
  readonly ends: readonly number[];
  /** Gives the bytes back to be written again; nobody may read them any more then. */
  readonly release?: () => void;
}

/** The most records of a packet: the size of a DuckDB vector. */
const packetRecords = 2048;
const packetBytes = 1 << 20;

/** Takes records one after the other into a packet. */
export interface PacketWriter extends Room {
  /** `at` is behind what was written, also of a record that has not ended. */
  ends: number[];
  /** What packets before had their records in and gave back. */
  readonly spare: Buffer[];
}

export function createPacketWriter(): PacketWriter {
  return { bytes: newBytes(), at: 0, ends: [], spare: [] };
}

function newBytes(): Buffer {
  return Buffer.allocUnsafe(packetBytes * 1.25);
}

/** Bytes that are being written. */
export interface Room {
  bytes: Buffer;
  at: number;
}

/** Makes room for so many bytes more. */
export function reserve(writer: Room, bytes: number): void {
  if (writer.at + bytes <= writer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(writer.bytes.length * 2, writer.at + bytes));
  writer.bytes.copy(larger, 0, 0, writer.at);
  writer.bytes = larger;
}

/** Ends a record. */
export function endRecord(writer: PacketWriter): void {
  writer.ends.push(writer.at);
}

/** Writes a record that comes in parts: a text of megabytes is not copied to be joined to what stands before it. */
export function writeRecord(writer: PacketWriter, ...texts: readonly string[]): void {
  for (const text of texts) {
    reserve(writer, text.length * 3);
    writer.at += writer.bytes.write(text, writer.at, "utf8");
  }
  endRecord(writer);
}

export function isFull({ ends, at }: PacketWriter): boolean {
  return ends.length >= packetRecords || at >= packetBytes;
}

/** What was written; the writer begins anew. */
export function takePacket(writer: PacketWriter): Packet {
  const { bytes, ends, spare } = writer;
  writer.bytes = spare.pop() ?? newBytes();
  writer.at = 0;
  writer.ends = [];
  return { bytes, ends, release: () => spare.push(bytes) };
}

/** Writes a number from 0 on in digits; returns where they end. */
export function writeDigits(bytes: Buffer, at: number, number: number): number {
  const before = number < 10 ? at : writeDigits(bytes, at, Math.floor(number / 10));
  bytes[before] = 0x30 + (number % 10);
  return before + 1;
}
