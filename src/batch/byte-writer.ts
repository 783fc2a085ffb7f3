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
  return { ...createRoom(newBytes()), ends: [], spare: [] };
}

function newBytes(): Buffer {
  return Buffer.allocUnsafe(packetBytes * 1.25);
}

/** Bytes that are being written, and a view of them. */
export interface Room {
  bytes: Buffer;
  view: DataView;
  at: number;
}

export function createRoom(bytes: Buffer): Room {
  return { bytes, view: viewOf(bytes), at: 0 };
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Makes room for so many bytes more. */
export function reserve(room: Room, bytes: number): void {
  if (room.at + bytes <= room.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(room.bytes.length * 2, room.at + bytes));
  room.bytes.copy(larger, 0, 0, room.at);
  room.bytes = larger;
  room.view = viewOf(larger);
}

/** Ends a record. */
function endRecord(writer: PacketWriter): void {
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
  Object.assign(writer, createRoom(spare.pop() ?? newBytes()), { ends: [] });
  return { bytes, ends, release: () => spare.push(bytes) };
}
