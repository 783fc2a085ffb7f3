import { compileCanonical, type CanonicalWriter } from "../batch/canonical.ts";
import { maybeColumn } from "../schema/header-map.ts";
import type { Dataset } from "../schema/dataset.ts";
import type { TextReading } from "../normalize/dates.ts";
import type { Issue, Place } from "../issues.ts";
import { normaliseRecord, type Normalised } from "../normalize/normalize.ts";
import type { JsonObject, ParsedObject } from "../parse/json.ts";
import { isDate } from "../schema/formats.ts";
import { isPlainName } from "../detect/json.ts";
import type { withValue } from "../normalize/coerce.ts";
import { reject, type Tally } from "../batch/file-stats.ts";
import { compileValidator, type Validator } from "../schema/validator.ts";

/** A record that was proven: its canonical JSON text without the opening brace, and where it stands. */
export interface ProvenRecord {
  readonly text: string;
  readonly place: Place;
}

/** What is compiled once per dataset from its schema, when it is first asked for. */
export interface Prover {
  readonly dataset: Dataset;
  readonly validate: Validator;
  readonly write: CanonicalWriter;
}

/** Nothing is compiled before a record needs it: those that the fast path takes do not. */
export function createProver(dataset: Dataset): Prover {
  let validate: Validator | undefined;
  let write: CanonicalWriter | undefined;
  return {
    dataset,
    validate: (record) => (validate ??= compileValidator(dataset))(record),
    write: (record, counts) => (write ??= compileCanonical(dataset))(record, counts),
  };
}

/** Proves the records of one file; what cannot be proven is rejected into the tally. */
export interface Proof {
  /** What the fast path must know of keys that no property has. */
  readonly names: {
    readonly isDoubtful: (name: string) => boolean;
    readonly onUnused: (name: string) => void;
  };
  /** A JSON record: as Graph writes it, else as tools do. */
  readonly object: (record: ParsedObject, place: Place) => ProvenRecord | undefined;
  /** A record that was read out of texts. */
  readonly normalised: (
    record: Normalised,
    place: Place,
    again?: () => JsonObject,
  ) => ProvenRecord | undefined;
}

type ColumnOf = (pointer: string) => string | undefined;

/** How texts of the file are read, and how its problems are told. */
interface Manner {
  readonly reading: TextReading;
  readonly columnOf: ColumnOf;
  /** The place of a problem as it is told: with its value where the user asked for that. */
  readonly placeOf: typeof withValue;
}

const anyCommand = "… | ConvertTo-Json -Depth 10, and no Export-Csv for nested values";
const namesKept = 10_000;
const unusedNamed = 200;

export function createProof(
  { dataset, validate, write }: Prover,
  tally: Tally,
  { reading, columnOf, placeOf }: Manner,
): Proof {
  const known = new Set(dataset.properties.map(({ name }) => name));
  const names = createNames(dataset, tally);
  const finish = (record: ParsedObject, place: Place): ProvenRecord | undefined => {
    const text = write(record, tally.properties);
    if (typeof text === "string") return { text, place };
    reject(tally, inColumn(text, columnOf), place);
    return undefined;
  };
  const normalised: Proof["normalised"] = (record, place, again = () => record.value) => {
    const value = hasBigInt(record.value) ? (toNumbers(record.value) as JsonObject) : record.value;
    const issue = record.hasDuplicate ? ({ code: "duplicate_key" } as const) : validate(value);
    if (issue) {
      noteDay(tally, value[dataset.snapshotDate ?? ""]);
      reject(tally, inColumn(explain(issue, record, tally), columnOf), placeOf(place, issue, value));
      return undefined;
    }
    const proven = finish({ value, exact: again }, place);
    if (proven) noteLosses(tally, record, { place, dataset, columnOf });
    return proven;
  };
  const object: Proof["object"] = (record, place) => {
    let isGraph = true;
    for (const name in record.value) if (!known.has(name) && names.isOther(name)) isGraph = false;
    if (isGraph && validate(record.value) === undefined) return finish(record, place);
    const loose = normaliseRecord(dataset, record.value, reading);
    if (loose.isPascal) tally.pascalRecords += 1;
    const quiet = { ...reading, onZoneless: () => {} };
    return normalised(loose, place, () => normaliseRecord(dataset, record.exact(), quiet).value);
  };
  return { object, normalised, names };
}

interface Names {
  /** Whether a key that no property has as its own means one; if not, it is noted as unused. */
  readonly isOther: (name: string) => boolean;
  readonly isDoubtful: (name: string) => boolean;
  readonly onUnused: (name: string) => void;
}

function createNames(dataset: Dataset, tally: Tally): Names {
  const others = new Map<string, boolean>();
  const isAliasOf = (name: string): boolean =>
    name === "AdditionalProperties" || maybeColumn(dataset, name, "key") !== undefined;
  const isOther = (name: string): boolean => {
    const isAlias = others.get(name) ?? isAliasOf(name);
    if (others.size < namesKept && name.length < 100) others.set(name, isAlias);
    if (!isAlias) noteUnused(tally, name);
    return isAlias;
  };
  return {
    isOther,
    isDoubtful: (name) => isTelling(name) || isAliasOf(name),
    onUnused: (name) => noteUnused(tally, name),
  };
}

/** Whether a key may say that a record is none, or wrapped. */
function isTelling(name: string): boolean {
  return ["@odata.context", "@odata.type", "@removed", "isZtModelRow", "properties", "__proto__"].includes(
    name,
  );
}

function noteDay(tally: Tally, value: unknown): void {
  if (typeof value !== "string" || !isDate(value.slice(0, 10))) return;
  const day = value.slice(0, 10);
  if (tally.statedDay === undefined || day > tally.statedDay) tally.statedDay = day;
}

/** A date that must be there is refused for its order where that is what nobody knows. */
function explain(issue: Issue, { unordered }: Normalised, { dateOrder }: Tally): Issue {
  if (issue.code !== "bad_format" || !unordered.has(issue.pointer)) return issue;
  const { pointer } = issue;
  return { code: "date_order_unknown", pointer, isContradictory: dateOrder === "contradictory" };
}

function noteUnused(tally: Tally, name: string): void {
  // A key that does not read like a name could be a value.
  if (!name.includes("@odata.") && isPlainName(name) && tally.unusedProperties.size < unusedNamed)
    tally.unusedProperties.add(name);
}

interface Spot {
  readonly place: Place;
  readonly dataset: Dataset;
  readonly columnOf: ColumnOf;
}

/** An issue with the heading by which a CSV file has the property. */
function inColumn(issue: Issue, columnOf: ColumnOf): Issue {
  const column = "pointer" in issue ? columnOf(issue.pointer) : undefined;
  return column === undefined ? issue : ({ ...issue, column } as Issue);
}

/** What a record lost on the way is counted with its property: the outputs that need it must know. */
function noteLosses(tally: Tally, record: Normalised, { place, dataset, columnOf }: Spot): void {
  const { lost, unreadable, unordered, unknown } = record;
  const command = dataset.source.powershell ?? anyCommand;
  const isContradictory = tally.dateOrder === "contradictory";
  const issues: Issue[] = [
    ...[...lost].map((pointer): Issue => ({ code: "property_lost", pointer, command })),
    ...[...unreadable].map((pointer): Issue => ({ code: "number_unreadable", pointer })),
    ...[...unordered].map((pointer): Issue => ({ code: "date_order_unknown", pointer, isContradictory })),
    ...[...unknown].slice(0, 1).map((pointer): Issue => ({ code: "unknown_word", pointer })),
  ];
  for (const issue of issues) tally.issues.add(inColumn(issue, columnOf), place);
  const properties = new Set(
    [...lost, ...unreadable, ...unordered, ...unknown].map((pointer) => pointer.split("/")[1]),
  );
  for (const count of tally.properties) if (properties.has(count.property)) count.lost += 1;
}

function hasBigInt(value: unknown): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if (hasBigInt((value as JsonObject)[key])) return true;
  return false;
}

/** Validation knows numbers only; the exact integers beyond 2^53 are read once more when they are written. */
function toNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toNumbers);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toNumbers(inner)]));
}
