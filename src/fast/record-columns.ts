import type { Dataset, Property } from "../dataset.ts";
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
