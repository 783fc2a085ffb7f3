import { formBytes, formDuration } from "./kinds";

// Integers as tools write them into the cells of a report; −1 is doubt.

/** With so many digits a number stays exact, whatever they are. */
const exactDigits: u32 = 15;
/** The same for the hours of a duration. */
const durationDigits: usize = 6;

/** The integer that the text between writes in this form. */
export function readForm(form: u8, from: usize, end: usize): i64 {
  if (form == formBytes) return readBytes(from, end);
  return form == formDuration ? readDuration(from, end) : -1;
}

/** The digits between the last bracket and ` bytes)`, at which the text ends. */
function readBytes(from: usize, end: usize): i64 {
  if (end - from < 9 || load<u8>(end - 1) != 0x29) return -1;
  if (load<u16>(end - 7) != 0x6220 || load<u32>(end - 5) != 0x73657479) return -1;
  let value: i64 = 0;
  let unit: i64 = 1;
  let digits: u32 = 0;
  let at = end - 8;
  while (at >= from && load<u8>(at) != 0x28) {
    const digit = <u8>(load<u8>(at) - 0x30);
    if (digit < 10) {
      if (digits == exactDigits) return -1;
      value += unit * digit;
      unit *= 10;
      digits += 1;
    } else if (load<u8>(at) != 0x2c) return -1;
    at -= 1;
  }
  return at >= from && digits > 0 ? value : -1;
}

/** Days, hours, minutes and whole seconds, each there or not, in seconds. */
function readDuration(from: usize, end: usize): i64 {
  if (load<u8>(from) != 0x50 || end - from < 3) return -1;
  let at = from + 1;
  let seconds: i64 = 0;
  if (load<u8>(at) != 0x54) {
    const days = digitsOf(at);
    if (days == 0 || load<u8>(at + days) != 0x44) return -1;
    seconds = valueOf(at, days) * 86400;
    at += days + 1;
    if (at == end) return seconds;
  }
  if (load<u8>(at) != 0x54 || at + 1 == end) return -1;
  at += 1;
  for (let unit: u32 = 0; unit < 3 && at < end; unit += 1) {
    const count = digitsOf(at);
    if (count == 0) return -1;
    if (load<u8>(at + count) != letterOf(unit)) continue;
    seconds += valueOf(at, count) * (unit == 0 ? 3600 : unit == 1 ? 60 : 1);
    at += count + 1;
  }
  return at == end ? seconds : -1;
}

/** Of hours, minutes and seconds. */
function letterOf(unit: u32): u8 {
  return unit == 0 ? 0x48 : unit == 1 ? 0x4d : 0x53;
}

/** How many digits stand here; none where there are too many. */
function digitsOf(from: usize): usize {
  let at = from;
  while (<u8>(load<u8>(at) - 0x30) < 10) at += 1;
  return at - from > durationDigits ? 0 : at - from;
}

function valueOf(from: usize, count: usize): i64 {
  let value: i64 = 0;
  for (let at = from; at < from + count; at += 1) value = value * 10 + load<u8>(at) - 0x30;
  return value;
}
