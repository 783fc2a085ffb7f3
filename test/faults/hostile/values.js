// Values that other programs take for something else: each must stand in the database as it stands in the file, or its record is rejected.
import { idOf } from "../tools.js";
import { writeFile } from "./write.js";

/** @typedef {import("./measure.js").Case} Case */

/** @param {number} number @param {string} more */
const user = (number, more) =>
  `{"id":"${idOf(number)}","userPrincipalName":"user${number}@contoso.example"${more}}`;
/** @param {number} number @param {string} units */
const sku = (number, units) =>
  `{"id":"sku${number}","skuId":"${idOf(number)}","skuPartNumber":"P${number}","capabilityStatus":"Enabled","appliesTo":"User","consumedUnits":${units}}`;

/** A number as it is written, and the integer that it is, null where it is refused, or not stored though its record is. @type {readonly (readonly [string, string | null, true?])[]} */
const integers = [
  ["9007199254740993", "9007199254740993"],
  ["-9007199254740993", "-9007199254740993"],
  ["9223372036854775807", "9223372036854775807"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["9.223372036854775807e18", "9223372036854775807"],
  ["1E18", "1000000000000000000"],
  ["1.0", "1"],
  ["-0", "0"],
  ["9223372036854775808", null],
  ["-9223372036854775809", null],
  ["9007199254740993.5", null],
  ["1.5", null],
  ["1e400", null],
  ["-1e400", null],
  ["1e309", null],
  ["123456789012345678901234567890", null],
  [`1${"0".repeat(18)}.${"0".repeat(100_000)}`, null],
  ["9".repeat(100_000), null],
  ["true", null],
  // The text of an optional number that nobody can read costs the value, not the record.
  ['"1.5"', null, true],
  ['"9007199254740993"', "9007199254740993"],
  ['"9223372036854775808"', null],
];

/** A time as it is written, and as it stands in the database, null where it is refused. @type {readonly (readonly [string, string | null])[]} */
const times = [
  ["0001-01-01T00:00:00Z", "0001-01-01 00:00:00"],
  ["9999-12-31T23:59:59.9999999Z", "9999-12-31 23:59:59.999999"],
  ["2024-02-29T12:00:00Z", "2024-02-29 12:00:00"],
  ["2026-01-01T00:00:00.123456789Z", "2026-01-01 00:00:00.123456"],
  ["2026-01-01T00:00:00+14:00", "2025-12-31 10:00:00"],
  ["2026-01-01T00:00:00-14:00", "2026-01-01 14:00:00"],
  ["2026-01-01T00:00:00-23:59", "2026-01-01 23:59:00"],
  ["2026-01-01t00:00:00z", "2026-01-01 00:00:00"],
  ["/Date(0)/", "1970-01-01 00:00:00"],
  ["/Date(253402300799999)/", "9999-12-31 23:59:59.999"],
  ["2023-02-29T00:00:00Z", null],
  ["1900-02-29T00:00:00Z", null],
  ["0000-01-01T00:00:00Z", null],
  ["10000-01-01T00:00:00Z", null],
  ["2026-01-01T24:00:00Z", null],
  ["2026-01-01T00:00:60Z", null],
  ["0001-01-01T00:00:00+00:01", null],
  ["9999-12-31T23:59:59-00:01", null],
  ["/Date(8640000000000000)/", null],
  ["/Date(-8640000000000000)/", null],
  ["/Date(99999999999999999)/", null],
  ["infinity", null],
  ["now", null],
];

/** A text as JSON writes it; null where it is refused. @type {readonly (readonly [string, boolean])[]} */
const texts = [
  [String.raw`a\u0000b`, true],
  [String.raw`\u0000`, true],
  [String.raw`\u0001\u001b[31m\u007f\u0085`, true],
  [String.raw`\ud83d\ude00`, true],
  [String.raw`\ufeff\ufffe\uffff`, true],
  [String.raw`\"\\\/\b\f\n\r\t`, true],
  ["'; drop table raw.users; --", true],
  ["=cmd|' /C calc'!A0", true],
  ["\u202Egnp\u2066", true],
  [" spaces ", true],
  ["null", true],
  ["NaN", true],
  ["x".repeat(1_000_000), true],
  [String.raw`\ud800`, false],
  [String.raw`\udc00\ud800`, false],
  [String.raw`a\ud83d`, false],
];

const prototypes = [
  '"__proto__":{"accountEnabled":true,"polluted":1}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"toString":"x","valueOf":7,"hasOwnProperty":false',
  '"somethingElse":{"__proto__":{"polluted":1}}',
  '"assignedLicenses":[{"skuId":"00000000-0000-4000-8000-000000000001","disabledPlans":[],"__proto__":{"polluted":1}}]',
  '"AdditionalProperties":{"__proto__":{"polluted":1},"constructor":1}',
];
const twice = [
  '"id":"x"',
  '"department":"A","department":"B"',
  '"somethingElse":{"a":1,"a":1}',
  String.raw`"department":"A","dep\u0061rtment":"B"`,
  '"assignedLicenses":[{"skuId":null,"skuId":null}]',
  '"__proto__":1,"__proto__":2',
  '"department":"A","Department":"B"',
];

/** @returns {Case[]} */
export const valueCases = () => [
  {
    name: "integers",
    file: "skus.json",
    write: (path) => writeFile(path, `[${integers.map(([text], index) => sku(index + 1, text)).join()}]`),
    status: 1,
    ledger: ledgerOf(integers.map(([, value, isLoaded]) => isLoaded ?? value !== null)),
    sql: "select record_number - 1 as at, consumedUnits::varchar as value from raw.subscribed_skus order by 1",
    rows: integers.flatMap(([, value, isLoaded], at) => (value !== null || isLoaded ? [{ at, value }] : [])),
  },
  {
    name: "times",
    file: "users.json",
    write: (path) =>
      writeFile(
        path,
        `[${times.map(([text], index) => user(index + 1, `,"createdDateTime":"${text}"`)).join()}]`,
      ),
    status: 1,
    ledger: ledgerOf(times.map(([, value]) => value !== null)),
    sql: "select record_number - 1 as at, createdDateTime::varchar as value from raw.users order by 1",
    rows: times.flatMap(([, value], at) => (value === null ? [] : [{ at, value }])),
  },
  {
    name: "texts",
    file: "users.json",
    write: (path) =>
      writeFile(
        path,
        `[${texts.map(([text], index) => user(index + 1, `,"displayName":"${text}"`)).join()}]`,
      ),
    status: 1,
    ledger: ledgerOf(texts.map(([, isGood]) => isGood)),
    sql: "select record_number - 1 as at, displayName as value from raw.users order by 1",
    rows: texts.flatMap(([text, isGood], at) =>
      isGood ? [{ at, value: /** @type {string} */ (JSON.parse(`"${text}"`)) }] : [],
    ),
  },
  {
    name: "keys that objects inherit",
    file: "users.json",
    write: (path) =>
      writeFile(path, `[${prototypes.map((more, index) => user(index + 1, `,${more}`)).join()}]`),
    status: 0,
    ledger: [prototypes.length, prototypes.length, 0, 0],
    sql: "select count(*) as n, count(accountEnabled) as enabled from raw.users",
    rows: [{ n: prototypes.length, enabled: 0 }],
  },
  {
    name: "a prototype beside an integer that is read exactly",
    file: "skus.json",
    write: (path) =>
      writeFile(path, `[${sku(1, '9007199254740993,"__proto__":{"prepaidUnits":{"enabled":5}}')}]`),
    status: 0,
    ledger: [1, 1, 0, 0],
    sql: "select consumedUnits::varchar as units, prepaidUnits is null as is_null from raw.subscribed_skus",
    rows: [{ units: "9007199254740993", is_null: true }],
  },
  {
    name: "keys twice",
    file: "users.json",
    write: (path) => writeFile(path, `[${twice.map((more, index) => user(index + 1, `,${more}`)).join()}]`),
    status: 1,
    ledger: [twice.length, 0, twice.length, 0],
  },
  {
    name: "headings that objects inherit, and headings twice",
    file: "users.csv",
    kind: "csv",
    write: (path) =>
      writeFile(
        path,
        `id,userPrincipalName,__proto__,constructor,toString,displayName,displayName\n${idOf(1)},a@contoso.example,1,2,3,A,B\n`,
      ),
    status: 0,
    ledger: [1, 1, 0, 0],
    // What a file says twice is unknown.
    sql: "select displayName as name from raw.users",
    rows: [{ name: null }],
  },
  {
    name: "a key of a million byte order marks",
    file: "users.json",
    write: (path) => writeFile(path, `[${user(1, ',"').slice(0, -1)}`, ["\uFEFF", 5_000_000], '":1}]'),
    status: 0,
    ledger: [1, 1, 0, 0],
  },
  {
    name: "durations without end",
    file: "teams.csv",
    kind: "csv",
    write: (path) =>
      writeFile(
        path,
        `Report Refresh Date,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Audio Duration,Report Period\n${["PT1S", "P99999999999999999D", `P${"9".repeat(400)}D`].map((text, index) => `2026-10-30,user${index}@contoso.example,,False,,1,1,1,1,${text},7\n`).join("")}`,
      ),
    args: ["--as", "teams_user_activity_user_detail"],
    // An optional value that cannot be read costs itself alone.
    status: 1,
    ledger: [3, 3, 0, 0],
  },
];

/** @param {readonly boolean[]} good @returns {import("./measure.js").Ledger} */
function ledgerOf(good) {
  const loaded = good.filter(Boolean).length;
  return [good.length, loaded, good.length - loaded, 0];
}
