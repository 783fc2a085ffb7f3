import type { Dataset } from "../dataset.ts";
import { envelopeKeys } from "../envelope.ts";
import type { Machine } from "../machine.ts";
import type { Address, Calls } from "./assembly/calls.ts";
import * as kinds from "./assembly/kinds.ts";
import type { Field } from "./plan.ts";
import { planOf } from "./record-columns.ts";
import { hasTexts, widthOf, type SheetColumn } from "./sheet.ts";

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

const kindOf = {
  text: kinds.kindText,
  uuid: kinds.kindUuid,
  date: kinds.kindDate,
  "date-time": kinds.kindDateTime,
  integer: kinds.kindInteger,
  number: kinds.kindNumber,
  boolean: kinds.kindBoolean,
  list: kinds.kindList,
  object: kinds.kindObject,
  any: kinds.kindAny,
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
  const at = there(calls.newField(kindOf[kind], isNullable, isFilled, minimum));
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
