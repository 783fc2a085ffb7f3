// Archives that expand without end, lie about their sizes, or have names that lead elsewhere.
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { zip } from "../../fixtures/zip.js";
import { idOf } from "../tools.js";
import { writeFile } from "./write.js";

/** @typedef {import("./measure.js").Case} Case */
/** @typedef {{ readonly name: string | Buffer, readonly packed: Buffer, readonly bytes: number, readonly checksum: number, readonly offset?: number }} Raw */

/** @param {number} number */
const users = (number) => `[{"id":"${idOf(number)}","userPrincipalName":"user${number}@contoso.example"}]`;

/**
 * An archive whose directory says what it is told to say: an entry with `offset` has no bytes of its own but those
 * that begin there. @param {readonly Raw[]} entries @returns {Buffer}
 */
function rawZip(entries) {
  const [pieces, directory] = [/** @type {Buffer[]} */ ([]), /** @type {Buffer[]} */ ([])];
  let at = 0;
  for (const { name, packed, bytes, checksum, offset } of entries) {
    const named = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(0x5b610000, 6);
    fields.writeUInt32LE(checksum, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes, 18);
    fields.writeUInt16LE(named.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset ?? at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, central, named);
    if (offset !== undefined) continue;
    const local = [Buffer.from("PK\x03\x04", "latin1"), fields, named, packed];
    pieces.push(...local);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, central, end]);
}

const names = [
  "../../out.json",
  "/etc/out.json",
  String.raw`C:\out.json`,
  String.raw`..\out.json`,
  "nul\0byte.json",
  "line\nend.json",
  "\u001b[31mred.json",
  "\u202Egnp.json",
  "__proto__.json",
  "constructor.json",
  "same.json",
  "same.json",
  "-rf.json",
  "*.json",
  `${"long".repeat(16_000)}.json`,
];

/** @param {number} megabytes that the bombs say they expand to @returns {Case[]} */
export function archiveCases(megabytes) {
  const limits = { seconds: 30, megabytes: 100 };
  const zeros = Buffer.alloc(1 << 20);
  /** One of many gzip files that stand one behind the other. @param {Buffer} text */
  const member = (text) => gzipSync(Buffer.concat(Array.from({ length: 64 }, () => text)), { level: 9 });
  const times = Math.ceil(megabytes / 64);
  /** @param {Buffer} text @returns {(path: string) => void} */
  const bomb = (text) => (path) => {
    const one = member(text);
    writeFile(path, ...Array.from({ length: times }, () => one));
  };
  const zeroMember = member(zeros);
  const header = gzipSync("id,userPrincipalName\n1,");
  const zero = deflateRawSync(zeros, { level: 9 });
  const zeroSum = crc32(zeros);
  return [
    {
      name: `a gzip bomb of ${megabytes} MB of zeros`,
      file: "a.json.gz",
      write: bomb(zeros),
      status: 3,
      ...limits,
    },
    {
      name: `a gzip bomb of ${megabytes} MB of spaces`,
      file: "a.json.gz",
      write: bomb(Buffer.alloc(1 << 20, " ")),
      status: 3,
      says: /archive_limit/,
      ...limits,
      seconds: 120,
    },
    {
      name: `a gzip bomb of ${megabytes} MB of brackets`,
      file: "a.json.gz",
      write: bomb(Buffer.alloc(1 << 20, "[")),
      status: 3,
      ...limits,
    },
    {
      name: `a gzip bomb of ${megabytes} MB behind a header`,
      file: "a.csv.gz",
      kind: "csv",
      write: (path) => {
        const one = member(zeros);
        writeFile(path, header, ...Array.from({ length: times }, () => one));
      },
      status: 1,
      says: /archive_limit/,
      ...limits,
      seconds: 60,
    },
    {
      name: "a zip whose entry is far larger than it says",
      file: "a.zip",
      write: (path) =>
        writeFile(
          path,
          rawZip([
            {
              name: "a.json",
              packed: deflateRawSync(Buffer.alloc(256 << 20, " "), { level: 9 }),
              bytes: 10,
              checksum: 0,
            },
          ]),
        ),
      status: 3,
      says: /archive_damage/,
      ...limits,
    },
    {
      name: "a zip whose entry is smaller than it says",
      file: "a.zip",
      write: (path) =>
        writeFile(
          path,
          rawZip([
            { name: "a.json", packed: deflateRawSync(users(1)), bytes: 4e9, checksum: crc32(users(1)) },
          ]),
        ),
      status: [1, 3],
      says: /archive_damage/,
      ...limits,
    },
    {
      name: "a zip of a gzip of zeros that were packed twice",
      file: "a.zip",
      write: (path) =>
        writeFile(
          path,
          zip([
            {
              name: "a.csv.gz",
              content: Buffer.concat([header, ...Array.from({ length: 32 }, () => zeroMember)]),
            },
          ]),
        ),
      status: 1,
      says: /archive_limit/,
      ...limits,
      seconds: 60,
    },
    {
      name: "a zip whose entries all are the same bytes",
      file: "a.zip",
      write: (path) => {
        const entries = Array.from({ length: 9000 }, (_, index) => ({
          name: `${index}.json`,
          packed: zero,
          bytes: zeros.length,
          checksum: zeroSum,
          ...(index > 0 && { offset: 0 }),
        }));
        writeFile(path, rawZip(entries));
      },
      status: 3,
      says: /archive_limit/,
      ...limits,
    },
    {
      name: "a zip of 60,000 entries",
      file: "a.zip",
      write: (path) =>
        writeFile(
          path,
          rawZip(
            Array.from({ length: 60_000 }, (_, index) => ({
              name: `${index}.json`,
              packed: zero,
              bytes: zeros.length,
              checksum: zeroSum,
              ...(index > 0 && { offset: 0 }),
            })),
          ),
        ),
      status: 3,
      says: /archive_limit/,
      ...limits,
    },
    {
      name: "a zip in a zip",
      file: "a.zip",
      write: (path) =>
        writeFile(path, zip([{ name: "inner.zip", content: zip([{ name: "a.json", content: users(1) }]) }])),
      status: 3,
      says: /archive_empty/,
    },
    {
      name: "a zip with names that lead out of it",
      file: "a.zip",
      write: (path) =>
        writeFile(path, zip(names.map((name, index) => ({ name, content: users(index + 1) })))),
      status: [0, 1],
      ledger: [names.length, names.length, 0, 0],
      sql: "select count(*) as n from raw.users",
      rows: [{ n: names.length }],
    },
    {
      name: "a zip cut in its middle",
      file: "a.zip",
      write: (path) => {
        const whole = zip([{ name: "a.json", content: users(1) }]);
        writeFile(path, whole.subarray(0, whole.length >> 1));
      },
      status: 3,
      says: /archive_damage/,
    },
  ];
}
