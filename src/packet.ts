/** Canonical JSON records one behind the other, at most as many as fit one vector of DuckDB. */
export interface Packet {
  readonly bytes: Buffer;
  /** Where each record ends. */
  readonly ends: readonly number[];
}

/** The most records of a packet: the size of a DuckDB vector. */
const packetRecords = 2048;
const packetBytes = 1 << 20;

/** Takes records one after the other into a packet. */
export interface PacketWriter {
  bytes: Buffer;
  /** Behind what was written, also of a record that has not ended. */
  at: number;
  ends: number[];
}

export function createPacketWriter(): PacketWriter {
  return { bytes: Buffer.allocUnsafe(packetBytes * 1.25), at: 0, ends: [] };
}

/** Makes room for so many bytes more. */
export function reserve(writer: PacketWriter, bytes: number): void {
  if (writer.at + bytes <= writer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(writer.bytes.length * 2, writer.at + bytes));
  writer.bytes.copy(larger, 0, 0, writer.at);
  writer.bytes = larger;
}

/** Ends a record. */
export function endRecord(writer: PacketWriter): void {
  writer.ends.push(writer.at);
}

export function writeRecord(writer: PacketWriter, text: string): void {
  reserve(writer, text.length * 3);
  writer.at += writer.bytes.write(text, writer.at, "utf8");
  endRecord(writer);
}

export function isFull({ ends, at }: PacketWriter): boolean {
  return ends.length >= packetRecords || at >= packetBytes;
}

/** What was written; the writer begins anew. */
export function takePacket(writer: PacketWriter): Packet {
  const packet = { bytes: writer.bytes, ends: writer.ends };
  Object.assign(writer, createPacketWriter());
  return packet;
}

/** Writes a number from 0 on in digits; returns where they end. */
export function writeDigits(bytes: Buffer, at: number, number: number): number {
  const before = number < 10 ? at : writeDigits(bytes, at, Math.floor(number / 10));
  bytes[before] = 0x30 + (number % 10);
  return before + 1;
}
