import { isUtf8 } from "node:buffer";
import { parse as parseLossless } from "lossless-json";
import type { Issue } from "./issue.ts";
import type { RecordPiece } from "./scan-json.ts";
import { maxRecordBytes } from "./window.ts";

/** Deeper records are refused: no Graph record comes near it. */
const maxDepth = 64;

const surrogateEscape = /\\u[dD][89a-fA-F]/;

type JsonObject = Record<string, unknown>;

/** A record as JavaScript sees it; `exact` reads it once more with every unsafe integer as a bigint. */
export interface ParsedObject {
  readonly value: JsonObject;
  readonly exact: () => JsonObject;
}

/** Parses the bytes of one record, or says why they are none. */
export function parseRecord({ bytes, depth, isLast }: RecordPiece): ParsedObject | Issue {
  if (bytes.length > maxRecordBytes) return { code: "too_large", limit: maxRecordBytes };
  if (!isUtf8(bytes)) return { code: "invalid_utf8" };
  if (depth > maxDepth) return { code: "too_deep", limit: maxDepth };
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: isLast ? "truncated" : "json_syntax" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { code: "not_an_object" };
  if (surrogateEscape.test(text) && !isWellFormed(value)) return { code: "lone_surrogate" };
  return { value: value as JsonObject, exact: () => parseLossless(text, undefined, toNumber) as JsonObject };
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isWellFormed);
}

function toNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) ? value : BigInt(digits);
}
