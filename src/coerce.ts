import type { Dataset, Property } from "./dataset.ts";
import type { ParsedObject } from "./parse-json.ts";

const truths = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

/**
 * Reads a text as the type that the schema gives the property: the empty text is null, `True`/`Yes` and `False`/`No`
 * are booleans, digits are integers (a bigint beyond 2^53), a list splits at its separator. A text that does not fit
 * stays a text, for the schema to refuse.
 */
export function coerceText(property: Property, text: string): unknown {
  if (text === "") return null;
  switch (property.type) {
    case "boolean":
      return truths.get(text.trim().toLowerCase()) ?? text;
    case "integer":
      return /^[+-]?\d{1,19}$/.test(text.trim()) ? toInteger(text.trim()) : text;
    case "number":
      return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : text;
    case "array":
      return property.splits.length === 0
        ? text
        : text.split(separator(property.splits)).map((part) => part.trim());
    default:
      return property.format === undefined ? text : text.trim();
  }
}

function toInteger(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** The separator with a space on neither side: `ENTERPRISE MOBILITY + SECURITY E5` is one name. */
function separator(splits: readonly string[]): RegExp {
  const escaped = splits.map((split) => split.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`(?<! )(?:${escaped.join("|")})(?! )`);
}

/** A header as it is compared: no byte order mark, no spaces around, single spaces inside, lower case. */
export function normaliseHeader(header: string): string {
  return header
    .replace(/^(\uFEFF|ï»¿)+/, "")
    .trim()
    .replaceAll(/\s+/g, " ")
    .toLowerCase();
}

/** A reader of texts in JSON records of datasets that also come as CSV: their exporters write numbers as texts. */
export function createTextReader({ properties }: Dataset): (record: ParsedObject) => ParsedObject {
  const typed = properties.filter(({ headers, type }) => headers.length > 0 && type !== "string");
  const read = (value: Record<string, unknown>, isExact: boolean): Record<string, unknown> => {
    for (const property of typed) {
      const text = value[property.name];
      if (typeof text !== "string") continue;
      const coerced = coerceText(property, text);
      value[property.name] = typeof coerced === "bigint" && !isExact ? Number(coerced) : coerced;
    }
    return value;
  };
  if (typed.length === 0) return (record) => record;
  return ({ value, exact }) => ({ value: read(value, false), exact: () => read(exact(), true) });
}
