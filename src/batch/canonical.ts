import type { Dataset, Property } from "../schema/dataset.ts";
import { canonicalDateTime } from "../schema/formats.ts";
import type { Issue } from "../issues.ts";
import type { ParsedObject } from "../parse/json.ts";
import type { PropertyCount } from "./file-stats.ts";

type JsonObject = Record<string, unknown>;
type Writer = (value: unknown) => string;

/**
 * Writes a valid record as the one JSON text that DuckDB is given: the stored properties only, each of them (null
 * where absent, nested too), uuids in lower case, times in UTC, integers with the digits of their source. The text
 * is without its opening brace, so that the caller can put columns of its own first.
 */
export type CanonicalWriter = (record: ParsedObject, counts: readonly PropertyCount[]) => string | Issue;

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;
/** A name that the tenant or a tool concealed, in the forms that reports have had; `macros.is_concealed` says the same in SQL. */
const concealed = /^(?:[0-9a-f]{32}$|00000000-0000-0000-0000-000000000000$|\(unknown\)$|<pii:)/i;
/** The same where every row has a name: empty or of spaces it names nobody either, as `macros.names_nobody` says. */
const unnamed = new RegExp(`${concealed.source}|^[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*$`, "i");

class UnsafeInteger extends Error {}
class IntegerOutOfRange extends Error {}

export function compileCanonical({ properties }: Dataset): CanonicalWriter {
  const fields = properties.map((property) => ({
    name: property.name,
    prefix: `${JSON.stringify(property.name)}:`,
    write: toWriter(property),
    hidden: hiddenNames(property),
  }));
  const write = (value: JsonObject): string =>
    `${fields.map(({ name, prefix, write: writeField }) => prefix + writeField(value[name])).join(",")}}`;
  return (record, counts) => {
    try {
      const text = writeExactly(record, write);
      fields.forEach(({ name, hidden }, index) => count(counts[index], record.value[name], hidden));
      return text;
    } catch (error) {
      return toIssue(error, () => findUnwritable(fields, record.exact()));
    }
  };
}

type Field = { readonly name: string; readonly write: Writer };

/** The pointer of the property that cannot be written. */
function findUnwritable(fields: readonly Field[], value: JsonObject): string {
  const field = fields.find(({ name, write }) => {
    try {
      write(value[name]);
      return false;
    } catch {
      return true;
    }
  });
  return `/${field?.name ?? ""}`;
}

function toIssue(error: unknown, pointer: () => string): Issue {
  if (error instanceof IntegerOutOfRange) return { code: "integer_range", pointer: pointer() };
  // Read exactly it has a fraction, which the rounding of numbers hid.
  if (error instanceof UnsafeInteger)
    return { code: "wrong_type", pointer: pointer(), expected: "an integer" };
  throw error;
}

/** Most records hold no integer beyond 2^53; one that does is read again with exact integers. */
function writeExactly(record: ParsedObject, write: (value: JsonObject) => string): string {
  try {
    return write(record.value);
  } catch (error) {
    if (error instanceof UnsafeInteger) return write(record.exact());
    throw error;
  }
}

/** What a text of the property is that names nobody; undefined where none is looked for. */
function hiddenNames({ isConcealable, isRequired }: Property): RegExp | undefined {
  if (!isConcealable) return undefined;
  return isRequired ? unnamed : concealed;
}

function count(counts: PropertyCount | undefined, value: unknown, hidden: RegExp | undefined): void {
  if (counts === undefined || value === undefined) return;
  counts.present += 1;
  if (value === null) counts.nulls += 1;
  else if (typeof value === "string" && hidden?.test(value)) counts.concealed += 1;
}

function toWriter(property: Property): Writer {
  const write = toValueWriter(property);
  return (value) => (value === null || value === undefined ? "null" : write(value));
}

function toValueWriter(property: Property): Writer {
  switch (property.type) {
    case "string":
      return toTextWriter(property);
    case "integer":
      return writeInteger;
    case "array": {
      const write = property.items ? toWriter(property.items) : writePlain;
      return (value) => `[${(value as unknown[]).map(write).join(",")}]`;
    }
    case "object": {
      const fields = property.properties.map((field) => ({ field, write: toWriter(field) }));
      const writeField = (value: JsonObject): string[] =>
        fields.map(({ field, write }) => `${JSON.stringify(field.name)}:${write(value[field.name])}`);
      return (value) => `{${writeField(value as JsonObject).join(",")}}`;
    }
    default:
      return writePlain;
  }
}

/** Where no integer is asked for, the digits beyond 2^53 do not count. */
function writePlain(value: unknown): string {
  if (typeof value === "boolean" || typeof value === "number") return JSON.stringify(value);
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
}

function toTextWriter({ format }: Property): Writer {
  if (format === "uuid") return (value) => `"${(value as string).toLowerCase()}"`;
  if (format === "date-time") return (value) => `"${canonicalDateTime(value as string) ?? ""}"`;
  return JSON.stringify;
}

function writeInteger(value: unknown): string {
  if (typeof value === "bigint") {
    if (value < smallest || value > largest) throw new IntegerOutOfRange();
    return value.toString();
  }
  if (!Number.isSafeInteger(value)) throw new UnsafeInteger();
  return (value as number).toString();
}
