// Files that are too deep, too wide, too long or too many: what they cost is bounded, and what is good beside them is loaded.
import { idOf } from "../tools.js";
import { writeEach, writeFile } from "./write.js";

/** @typedef {import("./measure.js").Case} Case */

/** @param {number} number @param {string} [more] */
const user = (number, more = "") =>
  `{"id":"${idOf(number)}","userPrincipalName":"user${number}@contoso.example"${more}}`;
const page = '{"@odata.context":"https://graph.microsoft.us/v1.0/$metadata#users","value":[';
const header = "id,userPrincipalName,displayName\n";
/** @param {number} number @param {string} [name] */
const row = (number, name = "A") => `${idOf(number)},user${number}@contoso.example,${name}\n`;
const recordLimit = 16 << 20;

/** @typedef {readonly [name: string, open: string, close: string]} Nest */
/** @type {readonly Nest[]} */
const nests = [
  ["arrays", "[", "]"],
  ["objects", '{"a":', "}"],
  ["both", '[{"a":', "}]"],
];

/** @param {number} depth @returns {Case[]} */
export const deepCases = (depth) => [
  ...nests.flatMap(([name, open, close]) => deepIn(name, [open, close], depth)),
  {
    name: `${depth} deep arrays alone`,
    file: "a.json",
    write: (path) => writeFile(path, ["[", depth], ["]", depth]),
    status: 3,
    seconds: 2,
    megabytes: 100,
  },
  {
    name: `${depth} deep, never closed`,
    file: "a.json",
    write: (path) => writeFile(path, page, ['{"a":[', depth]),
    status: 1,
    ledger: [1, 0, 1, 0],
    seconds: 2,
    megabytes: 100,
  },
];

/** @param {string} name @param {readonly [open: string, close: string]} nest @param {number} depth @returns {Case[]} */
function deepIn(name, [open, close], depth) {
  /** @param {string} where @param {(path: string) => void} write @param {Case["ledger"]} ledger @param {number} status @returns {Case} */
  const deep = (where, write, ledger, status) => ({
    name: `${depth} deep ${name} ${where}`,
    file: where.includes("cell") ? "a.csv" : "a.json",
    kind: where.includes("cell") ? "csv" : "json",
    write,
    status,
    ...(ledger && { ledger }),
    seconds: 2,
    megabytes: 100,
  });
  /** @type {readonly (string | readonly [string, number])[]} */
  const value = [[open, depth], "1", [close, depth]];
  const known = `${user(2).slice(0, -1)},"assignedLicenses":`;
  const unknown = `${user(2).slice(0, -1)},"somethingElse":`;
  const cell = `${idOf(2)},b@contoso.example,"`;
  const [cellOpen, cellClose] = [open.replaceAll('"', '""'), close];
  return [
    deep(
      "in a property",
      (path) => writeFile(path, page, user(1), ",", known, ...value, "},", user(3), "]}"),
      [3, 2, 1, 0],
      1,
    ),
    deep(
      "in an unknown property",
      (path) => writeFile(path, page, user(1), ",", unknown, ...value, "},", user(3), "]}"),
      [3, 2, 1, 0],
      1,
    ),
    deep(
      "in a line",
      (path) => writeFile(path, `${user(1)}\n`, unknown, ...value, `}\n${user(3)}\n`),
      [3, 2, 1, 0],
      1,
    ),
    deep(
      "behind a page",
      (path) => writeFile(path, `${page}${user(1)}],"more":`, ...value, "}"),
      [1, 1, 0, 0],
      0,
    ),
    deep(
      "before the records of a page",
      (path) =>
        writeFile(
          path,
          `{"@odata.context":"https://graph.microsoft.us/v1.0/$metadata#users","more":`,
          ...value,
          `,"value":[${user(1)}]}`,
        ),
      [1, 1, 0, 0],
      0,
    ),
    deep(
      "around a page",
      (path) => writeFile(path, [open, depth], `${page}${user(1)}]}`, [close, depth]),
      undefined,
      3,
    ),
    deep(
      "in the cell of a list",
      (path) =>
        writeFile(
          path,
          `id,userPrincipalName,assignedLicenses\n${row(1, "").slice(0, -1)}\n`,
          cell,
          [cellOpen, depth],
          "1",
          [cellClose, depth],
          `"\n${row(3, "")}`,
        ),
      [3, 2, 1, 0],
      1,
    ),
    deep(
      "in the cell of a text",
      (path) =>
        writeFile(path, header, row(1), cell, [cellOpen, depth], "1", [cellClose, depth], `"\n${row(3)}`),
      [3, 3, 0, 0],
      0,
    ),
  ];
}

/** @param {number} bytes @returns {Case[]} */
export function openCases(bytes) {
  const megabytes = `${Math.round(bytes / (1 << 20))} MB`;
  const limits = { seconds: 2, megabytes: 100 };
  /** @type {readonly (readonly [name: string, filler: string])[]} */
  const fillers = [
    ["a quote", "x"],
    ["a quote before escapes", String.raw`\"`],
    ["a quote before line ends", "xxxxxxxxxxxxxxx\n"],
  ];
  const lists = [
    ["a brace", '{"a":1,"b":'],
    ["a bracket", '{"a":['],
  ];
  return [
    ...fillers.flatMap(([name, filler]) => [
      openJson(
        `${megabytes} behind ${name} that no other closes`,
        `${user(2).slice(0, -1)},"displayName":"`,
        filler,
      ),
      openJson(`${megabytes} behind ${name} that no other closes, in a key`, '{"', filler),
    ]),
    ...lists.map(([name = "", open = ""]) =>
      openJson(`${megabytes} behind ${name} that nothing closes`, open, "[1,2,3],"),
    ),
    openJson(`${megabytes} of braces`, "", "{"),
    openJson(`${megabytes} of brackets`, "", "["),
    {
      name: `${megabytes} behind a quote in a line`,
      file: "a.ndjson",
      write: (path) => writeFile(path, `${user(1)}\n${user(2).slice(0, -1)},"displayName":"`, ["x", bytes]),
      status: 1,
      ledger: [2, 1, 1, 0],
      ...limits,
    },
    {
      name: `${megabytes} behind a quote in the first key of all`,
      file: "a.json",
      write: (path) => writeFile(path, '{"', ["x", bytes]),
      status: 3,
      ...limits,
    },
    {
      name: `${megabytes} behind a quote in the name of a page's key`,
      file: "a.json",
      write: (path) => writeFile(path, page, user(1), '],"', ["x", bytes]),
      status: 1,
      ledger: [1, 1, 0, 0],
      ...limits,
    },
    ...openCells(bytes, megabytes).map((each) => ({
      kind: /** @type {const} */ ("csv"),
      ...limits,
      ...each,
    })),
  ];

  /** @param {string} name @param {string} open @param {string} filler @returns {Case} */
  function openJson(name, open, filler) {
    return {
      name,
      file: "a.json",
      write: (path) => writeFile(path, page, user(1), ",", open, [filler, Math.ceil(bytes / filler.length)]),
      status: 1,
      ledger: open === "" && filler === "[" ? [2, 1, 1, 0] : [2, 1, 1, 0],
      ...limits,
    };
  }
}

/** @param {number} bytes @param {string} megabytes @returns {Case[]} */
function openCells(bytes, megabytes) {
  const open = `${idOf(2)},b@contoso.example,"`;
  return [
    {
      name: `${megabytes} behind a quote in a cell`,
      file: "a.csv",
      write: (path) => writeFile(path, header, row(1), open, ["x", bytes]),
      status: 1,
      ledger: [2, 1, 1, 0],
    },
    {
      name: `${megabytes} of rows behind a quote in a cell`,
      file: "a.csv",
      write: (path) => {
        writeEach(path, Math.ceil(bytes / 60), (index) =>
          index === 0 ? header + open + row(1) : row(index + 3),
        );
      },
      like: (path) => {
        writeEach(path, Math.ceil(bytes / 60), (index) => (index === 0 ? header : "") + row(index + 3));
      },
      status: 1,
      // Only the row of the quote is lost.
      ledger: [Math.ceil(bytes / 60), Math.ceil(bytes / 60) - 1, 1, 0],
      // Loading a million rows takes its time, and its memory: the quote adds little.
      seconds: 30,
      megabytes: 100,
    },
    {
      name: `${megabytes} behind a quote in the header`,
      file: "a.csv",
      write: (path) => writeFile(path, 'id,"userPrincipalName', ["x", bytes]),
      status: 3,
    },
    {
      name: `${megabytes} of quotes`,
      file: "a.csv",
      write: (path) => writeFile(path, header, row(1), ['"', bytes]),
      status: 1,
      ledger: [2, 1, 1, 0],
    },
    {
      name: `${megabytes} in one line`,
      file: "a.csv",
      write: (path) => writeFile(path, header, row(1), ["x", bytes], `\n${row(3)}`),
      status: 1,
      ledger: [3, 2, 1, 0],
    },
  ];
}

/** @param {number} count @returns {Case[]} */
export const wideCases = (count) => [
  {
    name: `${count} columns`,
    file: "a.csv",
    kind: "csv",
    write: (path) => {
      writeEach(path, count + 2, (index) =>
        index === 0
          ? "id,userPrincipalName"
          : index <= count
            ? `,c${index}`
            : `\n${idOf(1)},a@contoso.example${",".repeat(count)}\n`,
      );
    },
    status: 3,
    seconds: 2,
    megabytes: 100,
  },
  {
    name: `${count} columns without names`,
    file: "a.csv",
    kind: "csv",
    write: (path) =>
      writeFile(
        path,
        "id,userPrincipalName",
        [",", count],
        `\n${idOf(1)},a@contoso.example`,
        [",", count],
        "\n",
      ),
    status: 3,
    seconds: 2,
    megabytes: 100,
  },
  {
    name: `${count} fields in a row`,
    file: "a.csv",
    kind: "csv",
    write: (path) => writeFile(path, header, row(1), ["x,", count], `\n${row(3)}`),
    status: 1,
    ledger: [3, 2, 1, 0],
    seconds: 2,
    megabytes: 150,
  },
  {
    name: `${count} empty fields in a row`,
    file: "a.csv",
    kind: "csv",
    write: (path) => writeFile(path, header, row(1), [",", count], `\n${row(3)}`),
    // A row of commas is no record.
    status: 0,
    ledger: [2, 2, 0, 0],
    seconds: 2,
    megabytes: 150,
  },
  ...[
    ["properties", (/** @type {number} */ index) => `,"p${index}":1`],
    ["properties named by numbers", (/** @type {number} */ index) => `,"${index * 4099}":1`],
  ].map(([name, make]) => ({
    name: `${count} ${String(name)} in a record`,
    file: "a.json",
    write: (/** @type {string} */ path) =>
      writeEach(path, count + 2, (index) =>
        index === 0
          ? `${page}${user(1)},${user(2).slice(0, -1)}`
          : index <= count
            ? /** @type {(index: number) => string} */ (make)(index)
            : `},${user(3)}]}`,
      ),
    status: 1,
    says: /"too_many"/,
    ledger: /** @type {const} */ ([3, 2, 1, 0]),
    seconds: 2,
    megabytes: 100,
  })),
  ...[
    ["empty lists", "[],"],
    ["empty objects", "{},"],
    ["numbers", "1,"],
  ].map(([name = "", text = ""]) => ({
    name: `a record of ${count * 5} ${name}`,
    file: "a.json",
    write: (/** @type {string} */ path) =>
      writeFile(
        path,
        page,
        user(1),
        ",",
        user(2).slice(0, -1),
        ',"assignedLicenses":[',
        [text, count * 5],
        `1]},${user(3)}]}`,
      ),
    status: 1,
    says: /"too_many"/,
    ledger: /** @type {const} */ ([3, 2, 1, 0]),
    seconds: 2,
    megabytes: 100,
  })),
  {
    name: "records of nearly as many properties as one may have",
    file: "a.json",
    write: (path) =>
      writeEach(
        path,
        5 * 90_000,
        (index) =>
          `${index === 0 ? "[" : ""}${index % 90_000 === 0 ? `${index === 0 ? "" : "},"}${user(index + 1).slice(0, -1)}` : ""},"p${index}":1${index === 5 * 90_000 - 1 ? "}]" : ""}`,
      ),
    status: 0,
    ledger: [5, 5, 0, 0],
    seconds: 5,
    megabytes: 150,
  },
  {
    name: `${count} keys in a page`,
    file: "a.json",
    write: (path) =>
      writeEach(path, count + 2, (index) =>
        index === 0 ? `${page}${user(1)}]` : index <= count ? `,"p${index}":1` : "}",
      ),
    status: 0,
    ledger: [1, 1, 0, 0],
    seconds: 5,
  },
];

/** @param {number} megabytes of one record @returns {Case[]} */
export const largeCases = (megabytes) => {
  const text = /** @type {const} */ (["x", megabytes << 20]);
  const many = 12;
  const large = (/** @type {number} */ number) => [
    `${number === 1 ? "" : ","}${user(number).slice(0, -1)},"displayName":"`,
    text,
    '"}',
  ];
  /** A record of exactly so many bytes. @param {number} bytes @returns {import("./write.js").Piece[]} */
  const exactly = (bytes) => {
    const [open, close] = [`${user(2).slice(0, -1)},"displayName":"`, '"}'];
    return [open, ["x", bytes - open.length - close.length], close];
  };
  return [
    {
      name: `${many} records of ${megabytes} MiB`,
      file: "a.json",
      write: (path) =>
        writeFile(path, page, ...Array.from({ length: many }, (_, index) => large(index + 1)).flat(), "]}"),
      status: 0,
      ledger: [many, many, 0, 0],
      seconds: 20,
      megabytes: 400,
      sql: "select count(*) as n, min(length(displayName)) as low, max(length(displayName)) as high from raw.users",
      rows: [{ n: many, low: text[1], high: text[1] }],
    },
    {
      name: `${many} records of ${megabytes} MiB with an unknown property, a line each`,
      file: "a.ndjson",
      write: (path) =>
        writeFile(
          path,
          ...Array.from({ length: many }, (_, index) => [
            `${user(index + 1).slice(0, -1)},"somethingElse":"`,
            text,
            '"}\n',
          ]).flat(),
        ),
      status: 0,
      ledger: [many, many, 0, 0],
      seconds: 20,
      megabytes: 300,
    },
    {
      name: "a record of exactly the most that one may have",
      file: "a.json",
      write: (path) => writeFile(path, page, user(1), ",", ...exactly(recordLimit), ",", user(3), "]}"),
      status: 0,
      ledger: [3, 3, 0, 0],
      megabytes: 300,
    },
    {
      name: "a record of one byte more than the most that one may have",
      file: "a.json",
      write: (path) => writeFile(path, page, user(1), ",", ...exactly(recordLimit + 1), ",", user(3), "]}"),
      status: 1,
      ledger: [3, 2, 1, 0],
      megabytes: 300,
    },
    {
      name: "a record of far more than the most that one may have",
      file: "a.json",
      write: (path) => writeFile(path, page, user(1), ",", ...exactly(recordLimit * 2), ",", user(3), "]}"),
      status: 1,
      says: /larger than 16777216 bytes/,
      megabytes: 300,
    },
  ];
};

/** Records that all are bad but for the first; what they take is held against as many good ones. @param {number} count @returns {Case[]} */
export const badCases = (count) => {
  /** @param {(index: number) => string} more @returns {(path: string) => void} */
  const write = (more) => (path) =>
    writeEach(path, count, (index) => {
      const text = user(index + 1, index === 0 ? "" : more(index));
      return `${index === 0 ? "[" : ","}${text}${index === count - 1 ? "]" : ""}`;
    });
  /** @param {string} name @param {(index: number) => string} more @returns {Case} */
  const bad = (name, more) => ({
    name: `${count} records with ${name}`,
    file: "a.json",
    write: write(more),
    like: write(() => ',"accountEnabled":true'),
    status: 1,
    ledger: [count, 1, count - 1, 0],
    seconds: 60,
    megabytes: 50,
  });
  return [
    bad("a wrong type", () => ',"accountEnabled":7'),
    bad(
      "a wrong type in a list, each at another place",
      (index) => `,"assignedLicenses":[${"[],".repeat(index % 7)}7]`,
    ),
    bad("a key twice", () => ',"id":"x"'),
    bad("a name of its own", (index) => `,"p${index}":1,"accountEnabled":7`),
  ];
};
