import type { Issue, Place } from "../issues.ts";
import type { Property } from "../schema/dataset.ts";
import { type TextReading, readDateText, unordered } from "./dates.ts";

/** How spreadsheets and portals write the truth in the languages that they speak, in lower case. */
const truths = new Map([
  ...wordsFor(
    "true yes wahr ja vrai oui verdadero sí si vero sì verdadeiro sim waar sant sand sann tosi",
    true,
  ),
  ...wordsFor("prawda tak pravda ano igaz igen doğru evet истина да", true),
  ...wordsFor("false no falsch nein faux non falso não onwaar nee falskt falsk nej usann nei epätosi", false),
  ...wordsFor("fałsz nie nepravda ne hamis nem yanlış yanliş hayır hayir ложь нет", false),
]);

function wordsFor(texts: string, meaning: boolean): (readonly [string, boolean])[] {
  return texts.split(" ").map((text) => [text, meaning] as const);
}

const maxTextDepth = 64;

/** What a text becomes that a tool wrote in the place of a value that it did not write. */
export const lost = Symbol("lost");

/** What the text of a number becomes that nobody can read and no record depends on. */
export const unreadable = Symbol("unreadable");

/**
 * Reads a text as the type that the schema gives the property: the empty text is null, `True`/`Yes` and `False`/`No`
 * are booleans, digits are integers (a bigint beyond 2^53), a list splits at its separators, dates have the forms of
 * locales. `unordered` is a date whose day and month nothing tells apart, `lost` a value that a tool replaced by the
 * name of its type, `unreadable` no number where one may be missing. Any other text that does not fit stays a text, for
 * the schema to refuse.
 */
export function coerceText(property: Property, text: string, reading: TextReading): unknown {
  if (text === "" || (isTyped(property) && text.trim() === "")) return null;
  if (property.words.none.includes(text.trim())) return property.type === "array" ? [] : null;
  switch (property.type) {
    case "boolean":
      return toTruth(property, text.trim());
    case "integer":
      return readInteger(property, text.trim()) ?? (property.isOptional ? unreadable : text);
    case "number":
      return toNumberOf(text.trim()) ?? (property.isOptional ? unreadable : text);
    case "array":
      return isTypeName(text) ? lost : (maybeJson(text) ?? splitList(property, text));
    case "object":
      return isTypeName(text) ? lost : (maybeJson(text) ?? text);
    default:
      return toText(property, text, reading);
  }
}

/** Whether a cell of blanks can be no value of a property. */
function isTyped({ type, format }: Property): boolean {
  return (
    type === "boolean" ||
    type === "integer" ||
    type === "number" ||
    (type === "string" && format !== undefined)
  );
}

/** PowerShell writes these where `-Depth` ends, and Export-Csv for every nested value; JavaScript writes `[object Object]`. */
function isTypeName(text: string): boolean {
  const trimmed = text.trim();
  if (/^\[object \w+\](?:[,; ]+\[object \w+\])*$/.test(trimmed)) return true;
  if (trimmed.startsWith("@{")) return trimmed.endsWith("}");
  return trimmed
    .split(/\s+/)
    .every((name) => /^(?:System|Microsoft)\.[A-Z][\w.`]*(?:\[[\w.,[\]]*\])?$/.test(name));
}

function toTruth({ words }: Property, text: string): boolean | string {
  if (words.true.includes(text)) return true;
  if (words.false.includes(text)) return false;
  return truths.get(text.toLowerCase()) ?? text;
}

/** The integer that a trimmed text writes in digits, or in the property's own form; undefined where it writes none. */
function readInteger({ textForm }: Property, text: string): number | bigint | undefined {
  if (/^[+-]?\d{1,19}$/.test(text)) return toInteger(text);
  const digits = digitsOf(text);
  if (digits !== undefined) return toInteger(digits);
  if (textForm === "bytes") {
    const bytes = /\(([\d,. \u00A0\u202F]+) bytes\)$/i.exec(text)?.[1]?.replaceAll(/\D/g, "");
    return bytes === undefined || bytes === "" ? undefined : toInteger(bytes);
  }
  return textForm === "duration" ? toSeconds(text) : undefined;
}

/**
 * The digits of an integer that is written in groups (`1,250`, `1.250`, `1 250`, `1'250`) or, as a float, with a
 * fraction of nothing (`1250.0`).
 */
function digitsOf(text: string): string | undefined {
  const whole = splitGroups(text);
  if (whole && whole.fraction === undefined) return whole.digits;
  return /^([+-]?\d{1,19})[.,]0{1,2}$/.exec(text)?.[1];
}

const longestNumber = 40;
const grouped = /^([+-]?[1-9]\d{0,2}(?:([,.'’ \u00A0\u202F])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?$/;

interface Groups {
  readonly digits: string;
  readonly fraction: string | undefined;
  /** One group behind a comma or a dot, which may as well be a fraction of three digits. */
  readonly isDoubtful: boolean;
}

/** A number whose digits stand in groups of three; the sign before a fraction is another than that between groups. */
function splitGroups(text: string): Groups | undefined {
  const [, whole, sign = "", point, fraction] = text.length > longestNumber ? [] : (grouped.exec(text) ?? []);
  if (whole === undefined || point === sign) return undefined;
  const isDoubtful = point === undefined && /^[,.]$/.test(sign) && whole.split(sign).length === 2;
  return { digits: whole.replaceAll(/[^\d+-]/g, ""), fraction, isDoubtful };
}

/** A decimal comma is told by one or two digits behind it: `1,234` may be either. */
function toNumberOf(text: string): number | undefined {
  const groups = splitGroups(text);
  if (groups?.isDoubtful) return undefined;
  const plain = groups ? `${groups.digits}.${groups.fraction ?? "0"}` : text;
  const number = /^[+-]?\d+,\d{1,2}$/.test(plain) ? plain.replace(",", ".") : plain;
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(number) ? Number(number) : undefined;
}

function toInteger(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** `PT1H2M3S` and `1.02:03:04` (days, hours, minutes, seconds) in whole seconds. */
function toSeconds(text: string): number | undefined {
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(text);
  const clock = /^(?:(\d+)\.)?(\d+):(\d\d):(\d\d)(?:\.\d+)?$/.exec(text);
  const parts = iso && text !== "P" && !text.endsWith("T") ? iso : clock;
  if (!parts) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const sum = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** A list or an object that a tool wrote as JSON into one text. */
function maybeJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return isStorable(value, maxTextDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it has no halves of characters and nests no deeper than a record may. */
function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isStorable(inner, levels - 1));
}

/** PowerShell joins a list with spaces where `-Depth` ends, and writes a list of one as its item. */
function splitList({ splits, codeSplits, items }: Property, text: string): unknown {
  const codes = codeSplits.length > 0 ? text.split(separator(codeSplits)).map((part) => part.trim()) : [];
  if (codes.length > 1 && codes.every((code) => /^[A-Za-z0-9][\w()-]*$/.test(code))) return codes;
  if (splits.length > 0) return text.split(separator(splits)).map((part) => part.trim());
  if (items?.format === "uuid") return text.trim().split(/\s+/);
  return items?.type === "string" ? [text] : text;
}

/** The separators with a space on neither side (`ENTERPRISE MOBILITY + SECURITY E5` is one name), or behind a comma. */
function separator(splits: readonly string[]): RegExp {
  const known = separators.get(splits);
  if (known) return known;
  const escaped = splits.map((split) => split.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const made = new RegExp(`(?<! )(?:${escaped.join("|")})${splits.includes("+") ? "(?! )" : ""}`);
  separators.set(splits, made);
  return made;
}

const separators = new WeakMap<readonly string[], RegExp>();

function toText({ format }: Property, text: string, reading: TextReading): unknown {
  if (format === undefined) return text;
  if (format === "uuid") return text.trim().replace(/^\{(.*)\}$/, "$1");
  const date = readDateText(text, format, reading);
  return date === unordered ? unordered : (date ?? text.trim());
}

const charactersShown = 80;

/** The place with the value at the pointer of an issue, as JSON cut to 80 characters; the same place where it has none. */
export function withValue(place: Place, issue: Issue, record: unknown): Place {
  const found = "pointer" in issue ? valueAt(record, issue.pointer.split("/").slice(1)) : undefined;
  if (found === undefined) return place;
  const text = JSON.stringify(found);
  const value = text.length > charactersShown ? `${text.slice(0, charactersShown).toWellFormed()}…` : text;
  return { ...place, value };
}

/** Where the pointer says `*`, all values of the list: an issue does not tell which of them it is. */
function valueAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => valueAt(item, rest));
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt((value as Record<string, unknown>)[step], rest);
}
