import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { SchemaObject } from "ajv";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { readTextFile } from "../files.ts";
import { type SchemaCheck, createSchemaCheck } from "./meta-schema.ts";
import { schemasFolder } from "../paths.ts";

type JsonType = "string" | "integer" | "number" | "boolean" | "object" | "array";

/** What a property can say of a tenant: who is in it, what it is called, what it bought. */
export type Identity =
  | "person"
  | "upn"
  | "user type"
  | "tenant"
  | "tenant and SKU"
  | "home tenant"
  | "resource tenant"
  | "domain"
  | "verified"
  | "subscription";

/** One property of a record as its schema describes it; children in `items` (arrays) or `properties` (objects). */
export interface Property {
  readonly name: string;
  readonly description: string;
  readonly type: JsonType;
  readonly isNullable: boolean;
  readonly isRequired: boolean;
  /** A record is none the less one where nobody knows its value: nothing is told apart or dated by it. */
  readonly isOptional: boolean;
  readonly format: "uuid" | "date" | "date-time" | undefined;
  /** Names that columns and exporters give it (`x-header`), and those whose truth is the opposite. */
  readonly headers: readonly string[];
  readonly invertedHeaders: readonly string[];
  /** Headings that count where no other column fills it. */
  readonly spareHeaders: readonly string[];
  /** Between the parts of a list in one text; `codeSplits` where each part is a code, which has no blanks. */
  readonly splits: readonly string[];
  readonly codeSplits: readonly string[];
  /** Texts for true, for false, and for null or the empty list. */
  readonly words: {
    readonly true: readonly string[];
    readonly false: readonly string[];
    readonly none: readonly string[];
  };
  /** How a text writes the integer: `1 GB (1,073,741,824 bytes)`, or a duration that becomes seconds. */
  readonly textForm: "bytes" | "duration" | undefined;
  /** The words that its texts are, in any case; another says nothing. None where any text is a value. */
  readonly known: readonly string[];
  /** The object property that tools write under the same heading: a text that is no word is read as its value. */
  readonly orObject: Property | undefined;
  readonly isConcealable: boolean;
  /** The export is no older than these times: they reach near its day, or only give it a floor. */
  readonly boundsDay: "near" | "floor" | undefined;
  /** The value that the name of a file says where its records do not, by what stands in the name. */
  readonly byFileName: Readonly<Record<string, boolean | readonly string[]>>;
  /** What it says of whose data this is (`x-identifies`). */
  readonly identifies: Identity | undefined;
  /** It is compared as an id: GUIDs without case, braces and dashes. */
  readonly isId: boolean;
  readonly items: Property | undefined;
  readonly properties: readonly Property[];
}

/** A property with the value that not all records have, and what those are that have it. */
interface NeverOnly {
  readonly property: string;
  readonly value: string;
  readonly what: string;
}

/** The time of deletion, a name that Graph prefixes with the key then, and what a list of only such records is. */
interface DeletedMark {
  readonly property: string;
  readonly prefixed?: string;
  readonly what: string;
}

/** One dataset: all that the tool knows of it comes out of its schema file. */
export interface Dataset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "state" | "event" | "reference";
  /** What makes a record the same record: the first list of properties whose first one has a value. */
  readonly keys: readonly (readonly string[])[];
  readonly contexts: readonly string[];
  readonly recognise: readonly (readonly string[])[];
  /** Properties that only records of something else have, for example those of groups where users are meant. */
  readonly foreign: readonly string[];
  /** What `@odata.type` says of its records, where Graph writes one. */
  readonly odataTypes: readonly string[];
  /** Properties of which every record has one, where they were exported: a record without any is none of this dataset. */
  readonly always: readonly string[];
  /** Every tenant has at least one record. */
  readonly isNeverEmpty: boolean;
  /** A value that not all records of a tenant have: a list in which all have it was filtered. */
  readonly neverOnly: NeverOnly | undefined;
  /** What marks a record of a deleted object. */
  readonly deleted: DeletedMark | undefined;
  readonly snapshotDate: string | undefined;
  readonly snapshotPeriod: string | undefined;
  /** A list of the directory: the day that it states is also that of the lists beside it. */
  readonly isDirectory: boolean;
  /** How to export it; the PowerShell command writes JSON deep enough. */
  readonly source: { readonly graph: string; readonly portal: string; readonly powershell?: string };
  readonly properties: readonly Property[];
  readonly schema: SchemaObject;
  /** SHA-256 of the schema: tells whether rows were loaded under the same one. */
  readonly hash: string;
}

/** The folder of the schemas that ship. */
const suffix = ".schema.json";

/** Reads the built-in schemas and those of `extra` folders, by name; a schema of the same name replaces the built-in one. */
export function loadDatasets(extra: readonly string[] = []): ReadonlyMap<string, Dataset> {
  const check = createSchemaCheck(schemasFolder);
  const datasets = new Map<string, Dataset>();
  for (const folder of [schemasFolder, ...extra]) {
    for (const file of schemaFiles(folder)) {
      const dataset = readDataset(join(folder, file), check);
      datasets.set(dataset.name, dataset);
    }
  }
  return new Map([...datasets].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function schemaFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(suffix));
  } catch (error) {
    throw new CliError(`cannot read the schema folder ${folder}: ${messageOf(error)}`, {
      exitCode: exitCodes.usage,
    });
  }
}

function readDataset(path: string, check: SchemaCheck): Dataset {
  const fail = (what: string): never => {
    throw new CliError(`the schema ${path} is not usable: ${what}`, { exitCode: exitCodes.usage });
  };
  let text = "";
  let schema: SchemaObject = {};
  try {
    text = readTextFile(path);
    schema = JSON.parse(text) as SchemaObject;
  } catch (error) {
    fail(messageOf(error));
  }
  const problem = check(schema, text);
  if (problem !== undefined) fail(problem);
  if (schema["$id"] !== basename(path, suffix))
    fail(`its $id must be "${basename(path, suffix)}", the name of the file`);
  const dataset = toDataset(schema, text);
  const lost = undeclaredNames(dataset);
  if (lost.length > 0) fail(`it names properties that it does not describe: ${lost.join(", ")}`);
  return dataset;
}

function toDataset(schema: SchemaObject, text: string): Dataset {
  const { $schema: _meta, ...record } = schema;
  const keys = toKeys(schema["x-key"] as string[] | string[][]);
  const telling = new Set([...keys.flat(), schema["x-snapshot-date"], schema["x-snapshot-period"]]);
  return {
    name: schema["$id"] as string,
    title: schema["title"] as string,
    description: schema["description"] as string,
    kind: schema["x-kind"] as Dataset["kind"],
    keys,
    contexts: (schema["x-context"] as string[] | undefined) ?? [],
    recognise: schema["x-recognise"] as string[][],
    foreign: (schema["x-foreign"] as string[] | undefined) ?? [],
    odataTypes: (schema["x-odata-type"] as string[] | undefined) ?? [],
    always: (schema["x-always"] as string[] | undefined) ?? [],
    isNeverEmpty: schema["x-never-empty"] === true,
    neverOnly: schema["x-never-only"] as NeverOnly | undefined,
    deleted: schema["x-deleted"] as DeletedMark | undefined,
    snapshotDate: schema["x-snapshot-date"] as string | undefined,
    snapshotPeriod: schema["x-snapshot-period"] as string | undefined,
    isDirectory: schema["x-directory"] === true,
    source: schema["x-export"] as Dataset["source"],
    properties: toProperties(schema).map((property) =>
      telling.has(property.name) ? { ...property, isOptional: false } : property,
    ),
    schema: record,
    hash: createHash("sha256").update(text).digest("hex"),
  };
}

function toKeys(key: string[] | string[][]): string[][] {
  return key.every((part) => typeof part === "string") ? [key] : key;
}

function toProperties(schema: SchemaObject): Property[] {
  const required = new Set((schema["required"] as string[] | undefined) ?? []);
  const properties = (schema["properties"] as Record<string, SchemaObject> | undefined) ?? {};
  const all = Object.entries(properties).map(([name, value]) => toProperty(name, value, required.has(name)));
  return all.map((property) => {
    const orObject = all.find(({ name }) => name === properties[property.name]?.["x-or-object"]);
    return orObject === undefined ? property : { ...property, orObject };
  });
}

function toProperty(name: string, schema: SchemaObject, isRequired: boolean): Property {
  const types = [schema["type"] as JsonType | "null" | JsonType[]].flat() as JsonType[];
  const items = schema["items"] as SchemaObject | undefined;
  const words = (annotation: string): readonly string[] => (schema[annotation] as string[] | undefined) ?? [];
  return {
    name,
    description: (schema["description"] as string | undefined) ?? "",
    type: types[0] ?? "string",
    isNullable: types.length > 1,
    isRequired,
    isOptional: types.length > 1 && !isRequired,
    format: schema["format"] as Property["format"],
    headers: words("x-header"),
    invertedHeaders: words("x-inverted-header"),
    spareHeaders: words("x-spare-header"),
    splits: words("x-split"),
    codeSplits: words("x-split-codes"),
    words: { true: words("x-true"), false: words("x-false"), none: words("x-none") },
    textForm: schema["x-text"] as Property["textForm"],
    known: words("x-known"),
    orObject: undefined,
    isConcealable: schema["x-concealable"] === true,
    boundsDay: schema["x-bounds-day"] as Property["boundsDay"],
    byFileName: (schema["x-file-name"] as Property["byFileName"] | undefined) ?? {},
    identifies: schema["x-identifies"] as Identity | undefined,
    isId: schema["x-compare"] === "guid",
    items: items && toProperty("item", items, false),
    properties: toProperties(schema),
  };
}

function undeclaredNames({
  keys,
  recognise,
  always,
  neverOnly,
  deleted,
  snapshotDate,
  snapshotPeriod,
  schema,
  properties,
}: Dataset): string[] {
  const known = new Set(properties.map(({ name }) => name));
  const named = [
    ...keys.flat(),
    ...recognise.flat(),
    ...always,
    neverOnly?.property,
    deleted?.property,
    deleted?.prefixed,
    ...(schema["required"] as string[]),
    snapshotDate,
    snapshotPeriod,
    ...Object.values((schema["properties"] as Record<string, SchemaObject>) ?? {}).map(
      (property) => property["x-or-object"] as string | undefined,
    ),
  ];
  return [...new Set(named.filter((name) => name !== undefined && !known.has(name)))] as string[];
}

/** Whether a record is one of a deleted object: it has a time of deletion, or a name that begins with its key. */
export function isDeletedRecord(
  { deleted, keys }: Dataset,
  record: Readonly<Record<string, unknown>>,
): boolean {
  if (deleted === undefined) return false;
  const time = record[deleted.property];
  if (time !== null && time !== undefined && !String(time).startsWith("0001-01-01")) return true;
  const [id, name] = [record[keys[0]?.[0] ?? ""], record[deleted.prefixed ?? ""]];
  if (typeof id !== "string" || typeof name !== "string") return false;
  const digits = id.toLowerCase().replaceAll(/[^0-9a-f]/g, "");
  return digits.length === 32 && name.toLowerCase().startsWith(digits);
}

/** What the name of a file says of a property: by the longest of the words for it that stands there. */
export function maybeValueByName(
  { byFileName }: Property,
  fileName: string,
): boolean | readonly string[] | undefined {
  const said = fileName.replace(/^.*\//s, "").toLowerCase();
  const words = Object.keys(byFileName).toSorted((left, right) => right.length - left.length);
  const word = words.find((each) => said.includes(each.toLowerCase()));
  return word === undefined ? undefined : byFileName[word];
}

/** The dataset of a name. Throws exit 2 for an unknown one. */
export function findDataset(datasets: ReadonlyMap<string, Dataset>, name: string): Dataset {
  const dataset = datasets.get(name);
  if (dataset) return dataset;
  const near = [...datasets.keys()].toSorted(
    (left, right) => likeness(right, name) - likeness(left, name),
  )[0];
  const hint = near !== undefined && likeness(near, name) >= 4 ? ` Did you mean ${near}?` : "";
  throw new CliError(`there is no dataset "${name}".${hint} \`m365-offline schemas\` lists them.`, {
    exitCode: exitCodes.usage,
  });
}

/** How many letters two names begin with alike. */
function likeness(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}
