// Numbers over bytes; 0 is doubt.

/** The most digits of a number that a float of 64 bits holds exactly, whatever they are. */
const exactDigits: usize = 15;

function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) < 10;
}

/** Behind one digit or more. */
function skipDigits(from: usize): usize {
  let at = from;
  while (isDigit(load<u8>(at))) at += 1;
  return at == from ? 0 : at;
}

/** Behind a number as RFC 8259 writes it. */
export function skipNumber(from: usize): usize {
  let at = load<u8>(from) == 0x2d ? from + 1 : from;
  if (load<u8>(at) == 0x30) at += 1;
  else at = skipDigits(at);
  if (at == 0) return 0;
  if (load<u8>(at) == 0x2e) at = skipDigits(at + 1);
  if (at == 0) return 0;
  if ((load<u8>(at) | 0x20) != 0x65) return at;
  const sign = load<u8>(at + 1);
  return skipDigits(sign == 0x2b || sign == 0x2d ? at + 2 : at + 1);
}

/** Behind an integer of few enough digits, with no fraction, no exponent and no minus zero. */
export function skipInteger(from: usize): usize {
  const first = load<u8>(from) == 0x2d ? from + 1 : from;
  const end = skipNumber(from);
  if (end == 0 || end - first > exactDigits || (first > from && load<u8>(first) == 0x30)) return 0;
  for (let at = first; at < end; at += 1) if (!isDigit(load<u8>(at))) return 0;
  return end;
}

/** Behind a number that has the same value however it is read: few digits, no exponent, no minus zero. */
export function skipPlainNumber(from: usize): usize {
  const end = skipNumber(from);
  if (end == 0 || end - from > exactDigits) return 0;
  if (load<u8>(from) == 0x2d && load<u8>(from + 1) == 0x30) return 0;
  for (let at = from; at < end; at += 1) if ((load<u8>(at) | 0x20) == 0x65) return 0;
  return end;
}

/** The integer that so few digits write that it is exact. */
export function integerAt(from: usize, end: usize): i64 {
  const isNegative = load<u8>(from) == 0x2d;
  let value: i64 = 0;
  for (let at = isNegative ? from + 1 : from; at < end; at += 1) value = value * 10 + load<u8>(at) - 0x30;
  return isNegative ? -value : value;
}

/** The plain number between, as exact as a float of 64 bits can be: one division of two exact numbers. */
export function numberAt(from: usize, end: usize): f64 {
  const isNegative = load<u8>(from) == 0x2d;
  let value: f64 = 0;
  let scale: f64 = 1;
  let isFraction = false;
  for (let at = isNegative ? from + 1 : from; at < end; at += 1) {
    const byte = load<u8>(at);
    if (byte == 0x2e) isFraction = true;
    else {
      value = value * 10 + <f64>(byte - 0x30);
      if (isFraction) scale *= 10;
    }
  }
  return (isNegative ? -value : value) / scale;
}
