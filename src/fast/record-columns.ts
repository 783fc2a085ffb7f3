import type { Dataset } from "../dataset.ts";
import { sqlType, valueStructure } from "../ddl.ts";
import { planRecord, type Field } from "./plan.ts";
import type { ColumnKind, SheetColumn } from "./sheet.ts";

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
  const plan = planRecord(dataset.schema);
  const made = { plan, columns: recordColumns(dataset, plan.fields) };
  plans.set(dataset, made);
  return made;
}

const kinds: Partial<Record<Field["kind"], ColumnKind>> = {
  date: "day",
  boolean: "truth",
  integer: "integer",
  text: "text",
  uuid: "text",
  "date-time": "text",
};

/** A column for every property of a dataset, in their order. */
function recordColumns(dataset: Dataset, fields: ReadonlyMap<string, Field>): readonly SheetColumn[] {
  return dataset.properties.map((property) => ({
    name: property.name,
    kind: kinds[fields.get(property.name)?.kind ?? "any"] ?? "json",
    sqlType: sqlType(property),
    structure: valueStructure(property),
  }));
}
