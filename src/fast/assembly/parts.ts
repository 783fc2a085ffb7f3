import { addElement, Column, setValid, writeText } from "./columns";
import { separatesNothing, takesSpace } from "./kinds";
import { writeList } from "./values";

// Lists that stand in one text.

const space: u8 = 0x20;

/**
 * Reads the parts of a text into the elements of the list at this place; false on doubt. Nothing is separated behind a
 * space, and before one only where that is loose.
 */
export function readParts(
  separators: usize,
  isLoose: bool,
  elements: Column,
  place: usize,
  from: usize,
  end: usize,
): bool {
  if (mayBeOther(from)) return false;
  const first = elements.count;
  let start = from;
  for (let at = from; at < end; at += 1) {
    const byte = load<u8>(at);
    const does: i32 = byte < 0x80 ? load<u8>(separators + byte) : separatesNothing;
    if (does == separatesNothing || (at > from && load<u8>(at - 1) == space)) continue;
    const isSpaced = at + 1 < end && load<u8>(at + 1) == space;
    if (isSpaced && !isLoose) continue;
    if (!addPart(elements, start, at)) return false;
    start = at + (isSpaced && does == takesSpace ? 2 : 1);
    at = start - 1;
  }
  if (!addPart(elements, start, end)) return false;
  writeList(place, first, elements.count - first);
  return true;
}

/** Whether this is no space, whatever counts as such, nor another sign that trimming takes away. */
export function isInk(byte: u8): bool {
  return byte > 0x20 && byte < 0x7f;
}

function addPart(elements: Column, from: usize, end: usize): bool {
  // What trimming might change is for the slow path.
  if (from >= end || !isInk(load<u8>(from)) || !isInk(load<u8>(end - 1))) return false;
  const index = addElement(elements);
  if (index < 0) return false;
  setValid(elements, index, true);
  return writeText(elements, index, from, end);
}

/** JSON, or what PowerShell writes in the place of a list: `System.Object[]`, `@{a=b}`. */
function mayBeOther(from: usize): bool {
  const byte = load<u8>(from);
  if (byte == 0x5b || byte == 0x7b || byte == 0x40) return true;
  // "Syst" and "Micr".
  return load<u32>(from) == 0x74737953 || load<u32>(from) == 0x7263694d;
}
