import type { Dataset } from "../dataset.ts";
import { envelopeKeys } from "../envelope.ts";
import type { Machine } from "../machine.ts";
import type { Address, Calls } from "./assembly/calls.ts";
import * as kinds from "./assembly/kinds.ts";
import type { Field } from "./plan.ts";
import { planOf } from "./record-columns.ts";

/** A property of the record in a machine. */
interface LaidProperty {
  readonly field: Address;
  readonly key: Address;
  readonly column: Address;
  readonly hasTexts: boolean;
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
    const fields = [...plan.fields.values()];
    const table = newTable(calls, plan, otherKeys.record);
    const properties = fields.map((field, index) => {
      const { at, key } = addKey(machine, table, field, plan);
      calls.judge(key, false, envelopeKeys.test(field.name));
      const { kind } = columns[index] ?? { kind: "json" };
      const hasTexts = kind === "text" || kind === "json";
      return { field: at, key, hasTexts, column: there(calls.addColumn(at, hasTexts, field.isConcealable)) };
    });
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

function layField(machine: Machine, field: Field): Address {
  const { calls } = machine;
  const { kind, isNullable, isFilled, minimum, items } = field;
  const at = there(calls.newField(kindOf[kind], isNullable, isFilled, minimum));
  const table = kind === "object" ? newTable(calls, field, otherKeys.inside) : 0;
  for (const inner of table === 0 ? [] : field.fields.values()) addKey(machine, table, inner, field);
  calls.setInner(at, table, items ? layField(machine, items) : 0);
  return at;
}

/** Lays a property of an object down with its key. */
function addKey(
  machine: Machine,
  table: Address,
  field: Field,
  holder: Field,
): { at: Address; key: Address } {
  const { calls } = machine;
  const at = layField(machine, field);
  // Where the file will be read.
  const length = machine.bytes.write(`${JSON.stringify(field.name)}:`, calls.inputStart.value, "utf8");
  const key = there(calls.addField(table, at, length, holder.required.includes(field.name)));
  return { at, key };
}

function there(address: Address): Address {
  if (address === 0) throw new RangeError("the machine has no more memory");
  return address;
}
