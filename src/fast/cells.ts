import { readInteger } from "../coerce.ts";
import type { Property } from "../dataset.ts";
import type { PacketWriter } from "../packet.ts";
import { isConcealed, readUuid, skipDay, skipTime } from "./texts.ts";
import { skipInteger, skipPlainNumber } from "./values.ts";

/** Writes the value of a cell that is not empty, bytes `from` to `end`, as JSON where there is room for it; false on doubt. */
export type WriteCell = (writer: PacketWriter, bytes: Buffer, from: number, end: number) => boolean;

const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** How the cells of a property are written; undefined where none of them is plain. */
export function maybeCellWriter(property: Property, isInverted: boolean): WriteCell | undefined {
  const { type, format, words } = property;
  if (words.none.length > 0 && type !== "integer") return undefined;
  switch (type) {
    case "string":
      return format === undefined ? writeText : formatWriters[format];
    case "boolean":
      return toBooleanWriter(property, isInverted);
    case "integer":
      return toIntegerWriter(property);
    case "number":
      return writeNumber;
    case "array":
      return toListWriter(property);
    default:
      return undefined;
  }
}

/** Writes a text that needs no escapes. */
function writeText(writer: PacketWriter, bytes: Buffer, from: number, end: number): boolean {
  const { bytes: out } = writer;
  let at = writer.at;
  out[at++] = quote;
  for (let index = from; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < space || byte === quote || byte === backslash) return false;
    out[at++] = byte;
  }
  out[at++] = quote;
  writer.at = at;
  return true;
}

function writeBare(writer: PacketWriter, bytes: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) writer.bytes[writer.at++] = bytes[index] as number;
  return true;
}

const formatWriters = {
  uuid: (writer, bytes, from, end) => {
    if (end - from !== 36 || readUuid(bytes, from) < 0) return false;
    const start = writer.at + 1;
    if (!writeText(writer, bytes, from, end)) return false;
    for (let at = start; at < start + 36; at += 1)
      if ((writer.bytes[at] as number) >= 0x41) writer.bytes[at] = (writer.bytes[at] as number) | 0x20;
    return true;
  },
  date: (writer, bytes, from, end) => skipDay(bytes, from) === end && writeText(writer, bytes, from, end),
  "date-time": (writer, bytes, from, end) =>
    skipTime(bytes, from) === end && writeText(writer, bytes, from, end),
} as const satisfies Record<string, WriteCell>;

/** Numbers as JSON writes them; what else a cell may hold is doubtful. */
function writeInteger(writer: PacketWriter, bytes: Buffer, from: number, end: number): boolean {
  return skipInteger(bytes, from) === end && writeBare(writer, bytes, from, end);
}

/** Integers in a form of their own, `1 GB (1,073,741,824 bytes)`, are read as the slow path reads them. */
function toIntegerWriter(property: Property): WriteCell {
  const { words, textForm } = property;
  return (writer, bytes, from, end) => {
    if (words.none.length === 0 && writeInteger(writer, bytes, from, end)) return true;
    if (textForm === undefined && words.none.length === 0) return false;
    const text = bytes.toString("utf8", from, end).trim();
    const value = words.none.includes(text) ? undefined : readInteger(property, text);
    if (typeof value !== "number") return false;
    writer.at += writer.bytes.write(String(value), writer.at, "latin1");
    return true;
  };
}

function writeNumber(writer: PacketWriter, bytes: Buffer, from: number, end: number): boolean {
  return skipPlainNumber(bytes, from) === end && writeBare(writer, bytes, from, end);
}

/** Below this nothing is written by the fast path: ajv says it. */
export function withMinimum(write: WriteCell, minimum: number): WriteCell {
  return (writer, bytes, from, end) =>
    Number(bytes.toString("latin1", from, end)) >= minimum && write(writer, bytes, from, end);
}

const truths = [Buffer.from("true"), Buffer.from("false")] as const;

function toBooleanWriter({ words }: Property, isInverted: boolean): WriteCell {
  const forms = [
    ...words.true.map((word) => [word, true] as const),
    ...words.false.map((word) => [word, false] as const),
    ...["True", "true", "Yes"].map((word) => [word, true] as const),
    ...["False", "false", "No"].map((word) => [word, false] as const),
  ].map(([word, isTrue]) => ({ word: Buffer.from(word), text: truths[isTrue === isInverted ? 1 : 0] }));
  return (writer, bytes, from, end) => {
    for (const { word, text } of forms)
      if (isAt(word, bytes, from, end)) {
        writer.at += text.copy(writer.bytes, writer.at);
        return true;
      }
    return false;
  };
}

function isAt(word: Buffer, bytes: Buffer, from: number, end: number): boolean {
  if (word.length !== end - from) return false;
  for (let index = 0; index < word.length; index += 1) if (word[index] !== bytes[from + index]) return false;
  return true;
}

/** PowerShell writes these in the place of a list. */
const typeNames = [Buffer.from("System."), Buffer.from("Microsoft.")];

/** A list in one text, split where its separators have no space around them. */
function toListWriter({ splits, items }: Property): WriteCell | undefined {
  if (items?.type !== "string" || items.format !== undefined || items.words.none.length > 0) return undefined;
  if (splits.some((split) => !/^[\x21-\x7e]$/.test(split))) return undefined;
  const separators = new Set(splits.map((split) => split.charCodeAt(0)));
  const isLoose = !splits.includes("+");
  const isSplit = (bytes: Buffer, at: number): boolean =>
    separators.has(bytes[at] as number) && bytes[at - 1] !== space && (isLoose || bytes[at + 1] !== space);
  return (writer, bytes, from, end) => {
    const first = bytes[from] as number;
    if (first === openBracket || first === 0x7b || first === 0x40) return false;
    if (typeNames.some((name) => isAt(name, bytes, from, Math.min(end, from + name.length)))) return false;
    writer.bytes[writer.at++] = openBracket;
    let start = from;
    for (let index = from; index <= end; index += 1) {
      if (index < end && !isSplit(bytes, index)) continue;
      if (!isTrim(bytes, start, index) || !writeText(writer, bytes, start, index)) return false;
      writer.bytes[writer.at++] = index < end ? comma : closeBracket;
      start = index + 1;
    }
    return true;
  };
}

/** Whether a text is not empty and has nothing at its ends that trimming could take away. */
function isTrim(bytes: Buffer, from: number, end: number): boolean {
  return from < end && isInk(bytes[from] as number) && isInk(bytes[end - 1] as number);
}

function isInk(byte: number): boolean {
  return byte > space && byte < 0x7f;
}

/** The same writer, for a property of which concealed names are counted. */
export function withConcealment(write: WriteCell, onConcealed: () => void): WriteCell {
  return (writer, bytes, from, end) => {
    if (isConcealed(bytes, from, end)) onConcealed();
    return write(writer, bytes, from, end);
  };
}
