import type { SchemaObject } from "ajv";
import { type ColumnKind, type SheetColumn, hasTexts, widthOf } from "../batch/record-batch.ts";
import { envelopeKeys } from "../parse/json-envelope.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import type { Address, Calls } from "./abi.ts";
import * as codes from "./assembly/kinds.ts";
import type { Machine } from "./instance.ts";

/** A property in a machine, with what is in it. */
export interface LaidField {
  readonly field: Address;
  readonly column: Address;
  readonly children: readonly LaidField[];
}

/** A property of the record. */
interface LaidProperty extends LaidField {
  readonly key: Address;
}

/** A dataset's plan in the memory of a machine. */
export interface LaidPlan {
  readonly table: Address;
  /** In the order of the dataset's properties. */
  readonly properties: readonly LaidProperty[];
  /** What the memory is where the plan stands, before a file is read. */
  readonly image: Buffer;
}

const kindCodes = {
  text: codes.kindText,
  uuid: codes.kindUuid,
  date: codes.kindDate,
  "date-time": codes.kindDateTime,
  integer: codes.kindInteger,
  number: codes.kindNumber,
  boolean: codes.kindBoolean,
  list: codes.kindList,
  object: codes.kindObject,
  any: codes.kindAny,
} as const satisfies Record<Field["kind"], number>;

/** How many keys that no property has may be met in a file: in a record, or in an object inside. */
const otherKeys = { record: 400, inside: 60 } as const;

const laid = new WeakMap<Machine, Map<Dataset, LaidPlan | "too large">>();

/** Lays the plan of a dataset down as if no file had been read by it; undefined where it is too large. */
export function maybePlan(machine: Machine, dataset: Dataset): LaidPlan | undefined {
  const plans = laid.get(machine) ?? new Map<Dataset, LaidPlan | "too large">();
  laid.set(machine, plans);
  const known = plans.get(dataset);
  if (known === "too large") return undefined;
  if (known === undefined) {
    const plan = layPlan(machine, dataset);
    plans.set(dataset, plan ?? "too large");
    return plan;
  }
  const { calls, bytes } = machine;
  const start = calls.planStart.value;
  bytes.set(known.image, start);
  calls.setTopOfPlan(start + known.image.length);
  return known;
}

function layPlan(machine: Machine, dataset: Dataset): LaidPlan | undefined {
  const { calls } = machine;
  const { plan, columns } = planOf(dataset);
  calls.clearPlan();
  try {
    const table = newTable(calls, plan, otherKeys.record);
    const properties = layProperties(machine, table, { field: plan, columns, isInList: false });
    for (const [index, { name, isConcealable }] of [...plan.fields.values()].entries()) {
      const { field, key } = properties[index] ?? { field: 0, key: 0 };
      calls.judge(key, false, envelopeKeys.test(name));
      if (isConcealable) calls.setConcealable(field);
    }
    const image = Buffer.from(machine.bytes.subarray(calls.planStart.value, calls.topOfPlan()));
    return { table, properties, image };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** An empty table for an object's keys; throws where the object must have one that is no property of it. */
function newTable(calls: Calls, { fields, required }: Field, others: number): Address {
  if (!required.every((name) => fields.has(name))) throw new RangeError("no such property");
  return there(calls.newTable(fields.size + others, others === otherKeys.record));
}

/** An object with the columns of its properties. */
interface Holder {
  readonly field: Field;
  readonly columns: readonly SheetColumn[];
  readonly isInList: boolean;
}

/** Lays the properties of an object down with their keys. */
function layProperties(
  machine: Machine,
  table: Address,
  { field, columns, isInList }: Holder,
): LaidProperty[] {
  const { calls } = machine;
  return [...field.fields.values()].map((inner, index) => {
    const property = layField(machine, inner, columnAt(columns, index), isInList);
    // Where the file will be read.
    const length = machine.bytes.write(`${JSON.stringify(inner.name)}:`, calls.inputStart.value, "utf8");
    const isRequired = field.required.includes(inner.name);
    return { ...property, key: there(calls.addField(table, property.field, length, isRequired)) };
  });
}

function layField(machine: Machine, field: Field, to: SheetColumn, isInList: boolean): LaidField {
  const { calls } = machine;
  const { isNullable, isFilled, minimum, items } = field;
  const kind = to.kind === "list" && items === undefined ? "any" : field.kind;
  const at = there(calls.newField(kindCodes[kind], isNullable, isFilled, minimum));
  const column = there(calls.addColumn(at, widthOf(to.kind), isInList, hasTexts(to.kind)));
  calls.setWeight(column, Math.max(weightOf(to), leastWeight));
  const table = kind === "object" ? newTable(calls, field, otherKeys.inside) : 0;
  const inner =
    kind === "list" && items ? layField(machine, items, columnAt(to.children, 0), true) : undefined;
  calls.setInner(at, table, inner?.field ?? 0);
  const properties =
    table === 0 ? [] : layProperties(machine, table, { field, columns: to.children, isInList });
  return { field: at, column, children: inner ? [inner] : properties };
}

/** Elements of lists count for so much at least: a sheet is full long before there is no place for one more. */
const leastWeight = 32;

/** The bytes of a value with those of what is in it, without the elements of lists. */
function weightOf({ kind, children }: SheetColumn): number {
  return widthOf(kind) + (kind === "object" ? children.reduce((sum, child) => sum + weightOf(child), 0) : 0);
}

function columnAt(columns: readonly SheetColumn[], index: number): SheetColumn {
  const column = columns[index];
  if (column === undefined) throw new RangeError("no such column");
  return column;
}

/** Throws where the machine had no memory for what should stand there. */
export function there(address: Address): Address {
  if (address === 0) throw new RangeError("the machine has no more memory");
  return address;
}

/** How the values of one property are checked over bytes; compiled from the JSON Schema that ajv gets. */
export interface Field {
  readonly name: string;
  readonly kind:
    | "text"
    | "uuid"
    | "date"
    | "date-time"
    | "integer"
    | "number"
    | "boolean"
    | "list"
    | "object"
    | "any";
  readonly isNullable: boolean;
  readonly isFilled: boolean;
  readonly minimum: number;
  readonly isConcealable: boolean;
  /** Of a list, what its items are; of an object, what it has. */
  readonly items: Field | undefined;
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly string[];
}

/** Keywords that say nothing of what is valid, beside those that are checked here. */
const silent = /^(x-.*|title|description|\$id|\$schema)$/;
const checked = new Set(["type", "format", "properties", "required", "items", "minLength", "minimum"]);

/** Keywords by which a null may be refused that the type allows. */
const ofNull = new Set(["enum", "const", "not", "allOf", "anyOf", "oneOf", "if", "$ref"]);

/** The plan of a record of a schema; any other rule in it makes its property a matter for the slow path. */
function planRecord(schema: SchemaObject): Field {
  const properties = Object.entries((schema["properties"] as Record<string, SchemaObject> | undefined) ?? {});
  const fields = properties.map(([name, value]) => planField(name, value));
  return { ...planField("", schema), fields: new Map(fields.map((field) => [field.name, field])) };
}

function planField(name: string, schema: SchemaObject): Field {
  const types = [schema["type"] as string | string[]].flat();
  const properties = Object.entries((schema["properties"] as Record<string, SchemaObject> | undefined) ?? {});
  const items = schema["items"] as SchemaObject | undefined;
  const minLength = (schema["minLength"] as number | undefined) ?? 0;
  const fields = new Map(properties.map(([key, value]) => [key, planField(key, value)]));
  return {
    name,
    kind: kindOf(schema, types),
    isNullable: types.includes("null") && Object.keys(schema).every((key) => !ofNull.has(key)),
    isFilled: minLength === 1,
    minimum: (schema["minimum"] as number | undefined) ?? -Infinity,
    isConcealable: schema["x-concealable"] === true,
    items: items && planField("", items),
    fields,
    required: (schema["required"] as string[] | undefined) ?? [],
  };
}

function kindOf(schema: SchemaObject, types: readonly string[]): Field["kind"] {
  const isKnown = Object.keys(schema).every((key) => checked.has(key) || silent.test(key));
  const isPlain = types.filter((type) => type !== "null").length === 1;
  const minLength = schema["minLength"] as number | undefined;
  if (!isKnown || !isPlain || (minLength !== undefined && minLength > 1)) return "any";
  const [type] = types;
  const { format } = schema as { format?: Field["kind"] };
  switch (type) {
    case "string":
      // Whether a text with a format is concealed is for the slow path to say.
      return schema["x-concealable"] === true && format ? "any" : (format ?? "text");
    case "integer":
    case "number":
    case "boolean":
      return format === undefined ? type : "any";
    case "array":
      return schema["items"] === undefined ? "any" : "list";
    case "object":
      return schema["properties"] === undefined ? "any" : "object";
    default:
      return "any";
  }
}

/** How the records of a dataset are read, and the columns that they fill. */
interface Plan {
  readonly plan: Field;
  readonly columns: readonly SheetColumn[];
}

const plans = new WeakMap<Dataset, Plan>();

/** The plan of a dataset's records; files of the same dataset have the same, and fill the same sheets. */
export function planOf(dataset: Dataset): Plan {
  const known = plans.get(dataset);
  if (known) return known;
  const made = { plan: planRecord(dataset.schema), columns: dataset.properties.map(toColumn) };
  plans.set(dataset, made);
  return made;
}

const kinds = {
  boolean: "truth",
  integer: "integer",
  number: "real",
  array: "list",
  object: "object",
} as const satisfies Partial<Record<Property["type"], ColumnKind>>;

const formats = { uuid: "uuid", date: "day", "date-time": "time", text: "text" } as const;

function toColumn(property: Property): SheetColumn {
  const { name, type, items, properties } = property;
  const kind = type === "string" ? formats[property.format ?? "text"] : kinds[type];
  const children = kind === "list" ? (items ? [items] : []) : properties;
  return {
    name,
    kind,
    children: children.map(toColumn),
  };
}
