export type Random = () => number;

/** What a value may be in the place of what it is. */
const values = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1",
  "-1",
  "1.0",
  "1.50",
  "1e3",
  "1E400",
  "-1.5e-3",
  "01",
  "+1",
  ".5",
  "5.",
  "0x10",
  "123456789012345",
  "1234567890123456",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
  '""',
  '" "',
  '"  "',
  '"\u00a0"',
  '"\u3000\u2003"',
  '" \u00a0x"',
  '"\ufeff"',
  '"a"',
  '"\\u0041"',
  '"\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"\\x"',
  '"\\u12"',
  '"\\/\\b\\f\\n\\r\\t\\""',
  '"😀é"',
  '"a\tb"',
  "[]",
  "{}",
  "[null]",
  '["a"]',
  '[{"a":1}]',
  "[1,2,]",
  '{"a":1,"a":2}',
  '{"a":{"b":1,"b":2}}',
  '{"__proto__":1}',
  '{"a":1,}',
  "[[[[]]]]",
  '"00000000-0000-0000-0000-000000000000"',
  '"ABCDEF00-1234-4ABC-8ABC-1234567890AB"',
  '"abcdef00-1234-4abc-8abc-1234567890ag"',
  '"0123456789ABCDEF0123456789ABCDEF"',
  '"0123456789abcdef0123456789abcdef"',
  '"2026-10-30"',
  '"2026-02-29"',
  '"2024-02-29"',
  '"2000-02-29"',
  '"1900-02-29"',
  '"0000-01-01"',
  '"0001-01-01"',
  '"9999-12-31"',
  '"2026-13-01"',
  '"2026-1-1"',
  '"10/31/2026"',
  '"2026-10-30T08:00:00Z"',
  '"2026-10-30t08:00:00z"',
  '"2026-10-30T08:00:00.1234567Z"',
  '"2026-10-30T08:00:00.12345678Z"',
  '"2026-10-30T08:00:00.Z"',
  '"2026-10-30T24:00:00Z"',
  '"2026-10-30T23:59:60Z"',
  '"2026-10-30T08:00:00+02:00"',
  '"2026-10-30T08:00:00"',
  '"0001-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.9999999Z"',
  '"/Date(1793433600000)/"',
  '"True"',
  '"System.Object[]"',
  '"@{a=b}"',
];

const pieces = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\",
  "\0",
  "\t",
  " ",
  "  ",
  "\uFEFF",
  "é",
  "😀",
  '"a":1,',
  '"id":"x",',
  '"@removed":{},',
  '"@odata.type":"#a",',
  '"@odata.context":"x",',
  '"properties":{},',
  '"Id":"x",',
  '"AdditionalProperties":{},',
  '"isZtModelRow":true,',
  '"__proto__":1,',
  '"constructor":1,',
  '"value":[],',
  "/**/",
  "NaN",
  "tru",
  "nul",
];

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to pick from");
  return item;
}

/** A record that is damaged in one to three places: its values, its keys, its bytes. */
export function damageRecord(text: string, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(text);
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) bytes = damageOnce(bytes, random);
  return bytes;
}

function damageOnce(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("latin1");
  switch (Math.floor(random() * 8)) {
    case 0:
    case 1:
    case 2:
      return replaceValue(text, random);
    case 3:
      return insert(text, pick(pieces, random), random);
    case 4:
      return removeMember(text, random);
    case 5:
      return repeatMember(text, random);
    case 6:
      return flipBit(bytes, random);
    default:
      return cutPiece(bytes, random);
  }
}

const member = /("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*"|[-\w.+]+|\[[^[\]]*\]|\{[^{}]*\})/g;

function pickMember(text: string, random: Random): RegExpMatchArray | undefined {
  const members = [...text.matchAll(member)];
  return members.length === 0 ? undefined : pick(members, random);
}

function replaceValue(text: string, random: Random): Buffer {
  const found = pickMember(text, random);
  if (found === undefined) return Buffer.from(text, "latin1");
  const [whole, key = "", value = ""] = found;
  const from = found.index ?? 0;
  const put = random() < 0.15 ? Buffer.from(value, "latin1") : Buffer.from(pick(values, random));
  const space = random() < 0.2 ? pick([" ", "\t", "  ", "\r"], random) : "";
  return Buffer.concat([
    Buffer.from(`${text.slice(0, from)}${key}${random() < 0.1 ? space : ""}:${space}`, "latin1"),
    put,
    Buffer.from(space + text.slice(from + whole.length), "latin1"),
  ]);
}

function removeMember(text: string, random: Random): Buffer {
  const found = pickMember(text, random);
  if (found === undefined) return Buffer.from(text, "latin1");
  const from = found.index ?? 0;
  const rest = text.slice(from + found[0].length);
  return Buffer.from(text.slice(0, from) + (rest.startsWith(",") ? rest.slice(1) : rest), "latin1");
}

function repeatMember(text: string, random: Random): Buffer {
  const found = pickMember(text, random);
  const other = pickMember(text, random);
  if (found === undefined || other === undefined) return Buffer.from(text, "latin1");
  const at = other.index ?? 0;
  return Buffer.from(`${text.slice(0, at)}${found[0]},${text.slice(at)}`, "latin1");
}

export function insert(text: string, piece: string, random: Random): Buffer {
  const places = [...text.matchAll(/[{},:[\]"]/g)].map(({ index }) => index + Math.floor(random() * 2));
  const at =
    places.length > 0 && random() < 0.8 ? pick(places, random) : Math.floor(random() * (text.length + 1));
  return Buffer.concat([
    Buffer.from(text.slice(0, at), "latin1"),
    Buffer.from(piece),
    Buffer.from(text.slice(at), "latin1"),
  ]);
}

export function flipBit(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(random() * bytes.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return flipped;
}

export function cutPiece(bytes: Buffer, random: Random): Buffer {
  const from = Math.floor(random() * bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + Math.floor(random() * 20))]);
}
