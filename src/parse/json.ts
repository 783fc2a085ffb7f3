import { isUtf8 } from "node:buffer";
import { parse as parseLossless } from "lossless-json";
import type { Issue } from "../issues.ts";
import type { RecordPiece } from "./json-scanner.ts";
import { findInvalidUtf8 } from "../source/utf8.ts";
import { maxRecordBytes } from "../source/buffer.ts";

/** Deeper records are refused: no Graph record comes near it. */
const maxDepth = 64;
/** Nor does one come near so many values; they take far more memory than their text. */
const maxValues = 100_000;

/** No exporter writes an integer with more characters; the digits of longer ones would take time to count. */
const longestInteger = 1000;

const surrogateEscape = /\\u[dD][89a-fA-F]/;

export type JsonObject = Record<string, unknown>;

/** A record as JavaScript sees it; `exact` reads it once more with every unsafe integer as a bigint. */
export interface ParsedObject {
  readonly value: JsonObject;
  readonly exact: () => JsonObject;
}

/** Parses the bytes of one record, or says why they are none. A record that a log wraps is taken out of its wrapper. */
export function parseRecord(piece: RecordPiece): ParsedObject | Issue {
  const { bytes, depth, isLast } = piece;
  if (bytes.length > maxRecordBytes) return { code: "too_large", limit: maxRecordBytes };
  // A list may nest without end, and what is in it is not asked for.
  if (bytes[0] === 0x5b) return { code: "not_an_object" };
  if (!isUtf8(bytes)) return { code: "invalid_utf8", offset: piece.offset + findInvalidUtf8(bytes) };
  if (piece.commas > maxValues) return { code: "too_many", limit: maxValues };
  if (depth > maxDepth) return { code: "too_deep", limit: maxDepth };
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: isLast ? "truncated" : "json_syntax" };
  }
  if (!isObject(value)) return { code: "not_an_object" };
  if (countKeys(value) !== piece.keys) return { code: "duplicate_key" };
  if (surrogateEscape.test(text) && !isWellFormed(value)) return { code: "lone_surrogate" };
  const log = otherLog(value);
  if (log !== undefined) return { code: "other_log", log };
  const exact = (): JsonObject => parseLossless(text, undefined, toNumber) as JsonObject;
  return { value: unwrap(value), exact: () => unwrap(exact()) };
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON.parse keeps one of two equal keys, so that fewer keys come out than stand in the text. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countKeys(item);
  else for (const key in value) count += 1 + countKeys((value as JsonObject)[key]);
  return count;
}

/** Diagnostic settings put each record, with the time and the category of the log, into `properties`. */
function unwrap(value: JsonObject): JsonObject {
  const inner = value["properties"];
  return isObject(inner) && isLogged(value) ? inner : value;
}

function isLogged(value: JsonObject): boolean {
  return "category" in value && "time" in value && "properties" in value;
}

/** The category of a record of a log, where it is none of sign-ins. */
function otherLog(value: JsonObject): string | undefined {
  const { category } = value;
  if (!isLogged(value) || typeof category !== "string" || /SignInLogs$/i.test(category)) return undefined;
  return /^\w{1,60}$/.test(category) ? category : "another category";
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isWellFormed);
}

function toNumber(digits: string): number | bigint {
  const value = Number(digits);
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  // Beyond the 64-bit integers every digit more is the same refusal.
  if (Math.abs(value) > 2 ** 64) return BigInt(value);
  return (digits.length > longestInteger ? undefined : toInteger(digits)) ?? value;
}

/** The integer that a JSON number writes, also as `1.5e18`; undefined where it writes a fraction. */
function toInteger(digits: string): bigint | undefined {
  const [mantissa = "", exponent = "0"] = digits.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const shift = Number(exponent) - fraction.length;
  if (Math.abs(shift) > longestInteger) return undefined;
  const power = 10n ** BigInt(Math.abs(shift));
  const all = BigInt(whole + fraction);
  if (shift >= 0) return all * power;
  return all % power === 0n ? all / power : undefined;
}
