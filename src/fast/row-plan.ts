import type { Column } from "../columns.ts";
import type { Dataset } from "../dataset.ts";
import type { PacketWriter } from "../packet.ts";
import type { CsvShape } from "../recognise-csv.ts";
import { maybeCellWriter, withConcealment, withMinimum, type WriteCell } from "./cells.ts";
import { planRecord, type Field } from "./plan.ts";

/** The most that a value adds to its cell: quotes, or a null. */
const valueBytes = 24;

export interface RowReaderOptions {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly writer: PacketWriter;
}

/** How a column is read. */
export interface FastColumn {
  /** The key with what stands before it. */
  readonly key: Buffer;
  readonly write: WriteCell;
  readonly isNullable: boolean;
  readonly index: number;
}

/** How the rows of a file are read, and what was met in them. */
export interface RowState {
  readonly writer: PacketWriter;
  readonly columns: readonly (FastColumn | undefined)[];
  readonly separator: number;
  /** What every record begins and ends with, and the most that keys and nulls add to it. */
  readonly prefix: Buffer;
  readonly suffix: Buffer;
  readonly extraBytes: number;
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
  { dataset, fileId, writer }: RowReaderOptions,
  csv: CsvShape,
): RowState | undefined {
  const names = csv.columns.flatMap((column) => (column ? [column.property.name] : []));
  const isSimple = csv.columns.every((column) => column?.field === undefined);
  if (!isSimple || csv.columns.length < 2 || new Set(names).size < names.length) return undefined;
  const plan = planRecord(dataset.schema);
  if (plan.required.some((name) => !names.includes(name))) return undefined;
  const concealed: number[] = [];
  const columns = csv.columns.map(
    (column) =>
      column && toFastColumn(dataset, column, { plan, onConcealed: (index) => concealed.push(index) }),
  );
  const missing = dataset.properties.filter(({ name }) => !names.includes(name));
  const prefix = Buffer.from(`{"source_file_id":${fileId},"record_number":`);
  const suffix = Buffer.from(`${missing.map(({ name }) => `,${JSON.stringify(name)}:null`).join("")}}`);
  const keyBytes = columns.reduce((sum, column) => sum + (column?.key.length ?? 0) + valueBytes, 0);
  return {
    writer,
    columns,
    separator: csv.delimiter.charCodeAt(0),
    prefix,
    suffix,
    extraBytes: prefix.length + suffix.length + keyBytes + valueBytes,
    header: Buffer.from(csv.header[0] ?? ""),
    nulls: [],
    concealed,
    totals: { rows: 0, nulls: dataset.properties.map(() => 0), concealed: dataset.properties.map(() => 0) },
    batch: { bytes: undefined, isGood: false },
  };
}

interface ColumnContext {
  readonly plan: Field;
  readonly onConcealed: (index: number) => void;
}

function toFastColumn(
  dataset: Dataset,
  { property, isInverted }: Column,
  { plan, onConcealed }: ColumnContext,
): FastColumn {
  const index = dataset.properties.indexOf(property);
  const field = plan.fields.get(property.name);
  const plain = field && field.kind !== "any" ? maybeCellWriter(property, isInverted) : undefined;
  const bounded = plain && field && field.minimum > -Infinity ? withMinimum(plain, field.minimum) : plain;
  const counted =
    bounded && property.isConcealable ? withConcealment(bounded, () => onConcealed(index)) : bounded;
  return {
    key: Buffer.from(`,${JSON.stringify(property.name)}:`),
    write: counted ?? (() => false),
    isNullable: property.isNullable,
    index,
  };
}
