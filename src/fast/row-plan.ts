import type { Column } from "../columns.ts";
import type { Dataset } from "../dataset.ts";
import { sqlType, valueStructure } from "../ddl.ts";
import type { CsvShape } from "../recognise-csv.ts";
import { maybeCellReader, withConcealment, withMinimum, type ReadCell } from "./cells.ts";
import { planRecord, type Field } from "./plan.ts";
import type { ColumnKind, SheetColumn, SheetWriter } from "./sheet.ts";

export interface RowReaderOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly sheets: SheetWriter;
}

/** How a column is read. */
export interface FastColumn {
  readonly read: ReadCell;
  readonly isNullable: boolean;
  /** The place of the property in the dataset, and that of its cells in a sheet. */
  readonly index: number;
  readonly place: number;
}

/** How the rows of a file are read, and what was met in them. */
export interface RowState {
  readonly sheets: SheetWriter;
  readonly fileId: number;
  readonly columns: readonly (FastColumn | undefined)[];
  /** What stands in a sheet, in its order. */
  readonly stored: readonly SheetColumn[];
  readonly separator: number;
  /** The first heading. */
  readonly header: Buffer;
  /** The places of the properties that are null in the row, and of those that are concealed. */
  readonly nulls: number[];
  readonly concealed: number[];
  readonly totals: { rows: number; readonly nulls: number[]; readonly concealed: number[] };
  readonly batch: { bytes: Buffer | undefined; isGood: boolean };
}

/** Undefined where the columns say other things than the properties one by one. */
export function maybeRowState(
  { dataset, fileId, sheets }: RowReaderOptions,
  csv: CsvShape,
): RowState | undefined {
  const names = csv.columns.flatMap((column) => (column ? [column.property.name] : []));
  const isSimple = csv.columns.every((column) => column?.field === undefined);
  if (!isSimple || csv.columns.length < 2 || new Set(names).size < names.length) return undefined;
  const plan = planRecord(dataset.schema);
  if (plan.required.some((name) => !names.includes(name))) return undefined;
  const concealed: number[] = [];
  const stored: SheetColumn[] = [];
  const columns = csv.columns.map((column) => {
    if (column === undefined) return undefined;
    const index = dataset.properties.indexOf(column.property);
    const { property } = column;
    const field = plan.fields.get(property.name);
    const { kind, read } = toReader(column, field, () => concealed.push(index));
    stored.push({
      name: property.name,
      kind,
      sqlType: sqlType(property),
      structure: valueStructure(property),
      children: [],
    });
    return { read, isNullable: field?.isNullable === true, index, place: stored.length - 1 };
  });
  return {
    sheets,
    fileId,
    columns,
    stored,
    separator: csv.delimiter.charCodeAt(0),
    header: Buffer.from(csv.header[0] ?? ""),
    nulls: [],
    concealed,
    totals: { rows: 0, nulls: dataset.properties.map(() => 0), concealed: dataset.properties.map(() => 0) },
    batch: { bytes: undefined, isGood: false },
  };
}

interface Reader {
  readonly kind: ColumnKind;
  readonly read: ReadCell;
}

function toReader(
  { property, isInverted }: Column,
  field: Field | undefined,
  onConcealed: () => void,
): Reader {
  const plain = field && field.kind !== "any" ? maybeCellReader(property, isInverted) : undefined;
  if (plain === undefined || field === undefined) return { kind: "text", read: () => false };
  const { kind } = plain;
  const bounded = field.minimum > -Infinity ? withMinimum(plain.read, field.minimum) : plain.read;
  return { kind, read: property.isConcealable ? withConcealment(bounded, onConcealed) : bounded };
}
