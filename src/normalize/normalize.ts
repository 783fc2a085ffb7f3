import { coerceText, lost, unreadable } from "./coerce.ts";
import { foldName, isPascalOf, maybeColumn, type Column } from "../schema/header-map.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { unordered, type TextReading } from "./dates.ts";
import type { Columns } from "../schema/header-map.ts";
import { isObject, type JsonObject } from "../parse/json.ts";

/** A record under the names and types of its schema, and what is to be known of how it was written. */
export interface Normalised {
  readonly value: JsonObject;
  /** Pointers of values that a tool replaced by the name of their type. */
  readonly lost: ReadonlySet<string>;
  /** Pointers of numbers that nobody can read. */
  readonly unreadable: ReadonlySet<string>;
  /** Pointers of dates whose day and month nothing tells apart. */
  readonly unordered: ReadonlySet<string>;
  /** Pointers of words whose meaning is not known, where nothing else in the record says what they should. */
  readonly unknown: ReadonlySet<string>;
  /** Two keys say the same property. */
  readonly hasDuplicate: boolean;
  /** Its keys are in PascalCase, as the PowerShell modules write them. */
  readonly isPascal: boolean;
}

interface Notes {
  readonly reading: TextReading;
  readonly lost: Set<string>;
  readonly unreadable: Set<string>;
  readonly unordered: Set<string>;
  readonly unknown: Set<string>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads a record as tools write it beside Graph: other names and cases of keys, texts for values, PowerShell's wrappers. */
export function normaliseRecord(dataset: Dataset, record: JsonObject, reading: TextReading): Normalised {
  const notes = createNotes(reading);
  const result: Mutable<Normalised> = { value: {}, ...notes, hasDuplicate: false, isPascal: false };
  const words: Words[] = [];
  const filled = new Map<string, Column & { readonly by: string }>();
  for (const [name, value] of entriesOf(record)) {
    const column = maybeColumn(dataset, name, "key");
    if (column === undefined) continue;
    const own = column.property.name;
    const before = filled.get(targetOf(column));
    if (before && foldName(before.by) === foldName(name)) result.hasDuplicate = true;
    if (before && name !== own && (column.isSpare || !before.isSpare)) continue;
    filled.set(targetOf(column), { ...column, by: name });
    result.isPascal ||= isPascalOf(column, name);
    const worded = maybeWorded(dataset, column, value);
    if (worded) words.push(worded);
    else fill(result.value, column, normaliseColumn(column, value, notes));
  }
  for (const each of words) fillWords(result.value, each, notes);
  return result;
}

/** Reads a row of a CSV file: an empty cell is null, whatever the property. */
export function normaliseRow(columns: Columns, row: readonly string[], reading: TextReading): Normalised {
  const notes = createNotes(reading);
  const value: JsonObject = {};
  const words: Words[] = [];
  columns.forEach((column, index) => {
    const cell = row[index] ?? "";
    if (column?.property.orObject) words.push({ property: column.property, text: cell });
    else if (column) fill(value, column, cell === "" ? null : normaliseColumn(column, cell, notes));
  });
  for (const each of words) fillWords(value, each, notes);
  return { value, ...notes, hasDuplicate: false, isPascal: false };
}

function createNotes(reading: TextReading): Notes {
  return { reading, lost: new Set(), unreadable: new Set(), unordered: new Set(), unknown: new Set() };
}

/** A text that is a word of this property, or stands for the object that tools write under the same heading. */
interface Words {
  readonly property: Property;
  readonly text: string;
}

/** A word, or a number, that a tool wrote under the name of an object which has words beside it. */
function maybeWorded(dataset: Dataset, { property, field }: Column, value: unknown): Words | undefined {
  if (property.type !== "object" || field !== undefined || value === "") return undefined;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const worded = dataset.properties.find(({ orObject }) => orObject?.name === property.name);
  return worded && { property: worded, text: String(value) };
}

/** Puts a text where it belongs, once all else of the record is there: what another column says goes before it. */
function fillWords(record: JsonObject, { property, text }: Words, notes: Notes): void {
  const { orObject, name, known } = property;
  if (orObject === undefined) return;
  const before = record[orObject.name];
  const isSaid = isObject(before) && Object.values(before).some((value) => value !== null);
  const read = readObject(orObject, text, notes);
  if (read === undefined) {
    record[name] ??= text.trim() === "" ? null : text;
    const isKnown = known.some((word) => word.toLowerCase() === text.trim().toLowerCase());
    if (!isKnown && !isSaid) for (const each of [name, orObject.name]) notes.unknown.add(`/${each}`);
  } else if (read === lost && !isSaid) {
    notes.lost.add(`/${orObject.name}`);
    record[orObject.name] = null;
  } else if (!isSaid) record[orObject.name] = read;
}

/** The value of an object that a text writes: lost behind the name of its type, its JSON, or the integer in it alone. */
function readObject(object: Property, text: string, notes: Notes): typeof lost | JsonObject | undefined {
  const read = coerceText(object, text, notes.reading);
  if (read === lost) return lost;
  const pointer = `/${object.name}`;
  if (isObject(read)) return normaliseObject(object, read, { pointer, notes }) as JsonObject;
  const integer = object.properties.find(({ type }) => type === "integer");
  return integer && /^\d{1,9}$/.test(text.trim()) ? { [integer.name]: Number(text) } : undefined;
}

/** The keys of a record; the PowerShell modules put those that they do not know into `AdditionalProperties`. */
function entriesOf(record: JsonObject): [string, unknown][] {
  const more = record["AdditionalProperties"];
  const entries = Object.entries(record).filter(([name]) => name !== "AdditionalProperties");
  if (!isObject(more)) return entries;
  const known = new Map(entries.map(([name, value]) => [foldName(name), value]));
  const extra = Object.entries(more).filter(([name]) => (known.get(foldName(name)) ?? null) === null);
  const said = new Set(extra.map(([name]) => foldName(name)));
  return [...entries.filter(([name]) => !said.has(foldName(name))), ...extra];
}

function targetOf({ property, field }: Column): string {
  return field ? `${property.name}/${field.name}` : property.name;
}

/** Puts the value of a column into a record, into the object of which it is a field. */
function fill(record: JsonObject, { property, field }: Column, value: unknown): void {
  if (field === undefined) record[property.name] = value;
  else if (isObject(record[property.name]))
    record[property.name] = { ...(record[property.name] as object), [field.name]: value };
  else record[property.name] = { [field.name]: value };
}

/** The value of a column or a key, under the rules of its property. */
function normaliseColumn(column: Column, value: unknown, notes: Notes): unknown {
  const { property, field, isInverted } = column;
  const pointer = field ? `/${property.name}/${field.name}` : `/${property.name}`;
  const spot = { pointer, notes: column.isUtc ? inUtc(notes) : notes };
  const read = normaliseValue(field ?? property, value, spot);
  return isInverted && typeof read === "boolean" ? !read : read;
}

function inUtc(notes: Notes): Notes {
  return { ...notes, reading: { ...notes.reading, timeZone: "UTC", onZoneless: () => {} } };
}

interface Spot {
  readonly pointer: string;
  readonly notes: Notes;
}

function normaliseValue(property: Property, value: unknown, spot: Spot): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return normaliseText(property, value, spot);
  if (property.type === "array") return normaliseList(property, value, spot);
  if (property.type === "object") return isObject(value) ? normaliseObject(property, value, spot) : value;
  // Windows PowerShell writes a DateTime as {"value": …, "DisplayHint": 2, "DateTime": "…"}.
  if (property.format !== undefined && isObject(value) && "DateTime" in value)
    return normaliseValue(property, value["value"], spot);
  return value;
}

function normaliseText(property: Property, text: string, spot: Spot): unknown {
  const { pointer, notes } = spot;
  // PowerShell writes an empty list as an empty text where `-Depth` ends.
  if (text === "" && property.type === "array") return [];
  if (text === "" && property.type === "string" && property.format === undefined) return text;
  const read = coerceText(property, text, notes.reading);
  if (read === lost) {
    notes.lost.add(pointer);
    return null;
  }
  if (read === unreadable) {
    notes.unreadable.add(pointer);
    return null;
  }
  if (read === unordered) {
    notes.unordered.add(pointer);
    return property.isNullable ? null : text;
  }
  return typeof read === "object" && read !== null ? normaliseValue(property, read, spot) : read;
}

function normaliseList(property: Property, value: unknown, { pointer, notes }: Spot): unknown {
  const { items } = property;
  const list = toList(value);
  if (items === undefined) return list;
  const inner = { pointer: items.type === "object" ? `${pointer}/*` : pointer, notes };
  const lostBefore = notes.lost.size;
  const read = list.map((item) => normaliseValue(items, item, inner));
  // Of a list with lost items nobody knows what it held.
  const isLost = notes.lost.size > lostBefore && notes.lost.has(inner.pointer);
  if (isLost && inner.pointer !== pointer) notes.lost.delete(inner.pointer);
  if (isLost) notes.lost.add(pointer);
  return isLost ? null : read;
}

/** A list of one that PowerShell wrote as its item, and the `{"value": […], "Count": n}` that Windows PowerShell writes. */
function toList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value) && Object.keys(value).length === 0) return [];
  const isWrapped = isObject(value) && "Count" in value && Array.isArray(value["value"]);
  return isWrapped ? (value["value"] as unknown[]) : [value];
}

function normaliseObject(property: Property, value: JsonObject, { pointer, notes }: Spot): unknown {
  const fields = new Map(property.properties.map((field) => [foldName(field.name), field]));
  const read: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const field = fields.get(foldName(name));
    if (field)
      read[field.name] = normaliseValue(field, inner, { pointer: `${pointer}/${field.name}`, notes });
  }
  return read;
}
