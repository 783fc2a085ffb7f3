import type { Property } from "../dataset.ts";
import type { Room } from "../packet.ts";
import { skipPlainNumber } from "./numbers.ts";
import { readUuid, skipTime, uuidBytes } from "./texts.ts";

/** Writes what the engine gets of a cell that is not empty, bytes `from` to `end`, where there is room for it; false on doubt. */
export type WriteCell = (room: Room, bytes: Buffer, from: number, end: number) => boolean;

const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Writes a text that needs no escapes as it is. */
export function writePlain(room: Room, bytes: Buffer, from: number, end: number): boolean {
  const { bytes: out } = room;
  let at = room.at;
  for (let index = from; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte < space || byte === quote || byte === backslash) return false;
    out[at++] = byte;
  }
  room.at = at;
  return true;
}

/** The same between quotes. */
function writeText(room: Room, bytes: Buffer, from: number, end: number): boolean {
  room.bytes[room.at++] = quote;
  if (!writePlain(room, bytes, from, end)) return false;
  room.bytes[room.at++] = quote;
  return true;
}

/** As texts that the engine casts. */
export const formatWriters = {
  uuid: (room, bytes, from, end) =>
    end - from === uuidBytes && readUuid(bytes, from) >= 0 && writePlain(room, bytes, from, end),
  "date-time": (room, bytes, from, end) =>
    skipTime(bytes, from) === end && writePlain(room, bytes, from, end),
} as const satisfies Record<string, WriteCell>;

/** As JSON writes it. */
export function writeNumber(room: Room, bytes: Buffer, from: number, end: number): boolean {
  return skipPlainNumber(bytes, from) === end && writePlain(room, bytes, from, end);
}

/** PowerShell writes these in the place of a list. */
const typeNames = [Buffer.from("System."), Buffer.from("Microsoft.")];

/** A list in one text, split where its separators have no space around them. */
export function toListWriter({ splits, items }: Property): WriteCell | undefined {
  if (items?.type !== "string" || items.format !== undefined || items.words.none.length > 0) return undefined;
  if (splits.some((split) => !/^[\x21-\x7e]$/.test(split))) return undefined;
  const separators = new Set(splits.map((split) => split.charCodeAt(0)));
  const isLoose = !splits.includes("+");
  const isSplit = (bytes: Buffer, at: number): boolean =>
    separators.has(bytes[at] as number) && bytes[at - 1] !== space && (isLoose || bytes[at + 1] !== space);
  return (room, bytes, from, end) => {
    const first = bytes[from] as number;
    if (first === openBracket || first === 0x7b || first === 0x40) return false;
    if (typeNames.some((name) => isAt(name, bytes, from, Math.min(end, from + name.length)))) return false;
    room.bytes[room.at++] = openBracket;
    let start = from;
    for (let index = from; index <= end; index += 1) {
      if (index < end && !isSplit(bytes, index)) continue;
      if (!isTrim(bytes, start, index) || !writeText(room, bytes, start, index)) return false;
      room.bytes[room.at++] = index < end ? comma : closeBracket;
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

/** Whether a word is all that stands between. */
export function isAt(word: Buffer, bytes: Buffer, from: number, end: number): boolean {
  if (word.length !== end - from) return false;
  for (let index = 0; index < word.length; index += 1) if (word[index] !== bytes[from + index]) return false;
  return true;
}
