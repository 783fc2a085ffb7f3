import type { Column } from "../schema/header-map.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import type { CsvShape } from "../detect/csv.ts";
import type { Address } from "./abi.ts";
import * as kinds from "./assembly/kinds.ts";
import { there } from "./compile-json.ts";
import type { Field } from "./compile-json.ts";
import { planOf } from "./compile-json.ts";
import type { Session } from "./session.ts";

const forms = { bytes: kinds.formBytes, duration: kinds.formDuration } as const;

/** Lays the columns of a report down; undefined where they say other things than the properties one by one. */
export function maybeReport(session: Session, dataset: Dataset, csv: CsvShape): Address | undefined {
  const filled = csv.columns.flatMap((column) => (column ? [column.property] : []));
  const isSimple = csv.columns.every(
    (column) => column?.field === undefined && column?.property.orObject === undefined,
  );
  if (!isSimple || csv.columns.length < 2 || new Set(filled).size < filled.length) return undefined;
  const names = new Set(filled.map(({ name }) => name));
  if (planOf(dataset).plan.required.some((name) => !names.has(name))) return undefined;
  try {
    return layReport(session, dataset, csv);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function layReport(session: Session, dataset: Dataset, csv: CsvShape): Address {
  const { machine, plan } = session;
  const { calls } = machine;
  const heading = put(session, csv.header[0] ?? "");
  const report = there(calls.newReport(plan.table, csv.delimiter.charCodeAt(0), heading));
  for (const column of csv.columns) {
    if (column === undefined) {
      there(calls.addCell(report, 0, kinds.formDigits, false));
      continue;
    }
    const { property } = column;
    const { field = 0 } = plan.properties[dataset.properties.indexOf(property)] ?? {};
    const form = property.textForm ? forms[property.textForm] : kinds.formDigits;
    const isReadable = isPlain(property, planOf(dataset).plan.fields.get(property.name));
    const cell = there(calls.addCell(report, there(field), form, !isReadable));
    for (const [word, meaning] of wordsOf(column)) there(calls.addWord(cell, put(session, word), meaning));
    if (property.words.none.length > 0) calls.setHasNone(cell);
    if (isReadable && property.type === "array") laySeparators(session, cell, property);
  }
  return report;
}

/** Puts a text where the file will be read; returns its bytes. */
function put({ machine }: Session, text: string): number {
  return machine.bytes.write(text, machine.calls.inputStart.value, "utf8");
}

/** Whether the machine can read the cells of a property that are not empty. */
function isPlain(property: Property, field: Field | undefined): boolean {
  if (field === undefined || field.kind === "any" || field.kind === "object") return false;
  if (property.isConcealable && field.kind !== "text") return false;
  if (field.kind !== "list") return true;
  const { items, splits, codeSplits } = property;
  if (codeSplits.some((split) => !/^[\n\x21-\x7e]$/.test(split))) return false;
  const isOfTexts = field.items?.kind === "text" && items?.words.none.length === 0;
  return isOfTexts && splits.every((split) => isSeparator(split, splits));
}

/** One sign, or one with a space behind it where that is nothing else than the sign. */
function isSeparator(split: string, splits: readonly string[]): boolean {
  if (/^[\x21-\x7e]$/.test(split)) return true;
  return /^[\x21-\x7e] $/.test(split) && splits.includes(split.charAt(0)) && isLoose(splits);
}

/** Of a plus with a space behind it nobody knows whether it stands in a name. */
function isLoose(splits: readonly string[]): boolean {
  return !splits.includes("+");
}

/** The slow path compares words with what trimming leaves of a cell: no other can ever be met. */
function isTrimmed(word: string): boolean {
  return word === word.trim() && word.isWellFormed();
}

/** The words of a column, of which the slow path looks at those for none first. */
function wordsOf({ property, isInverted }: Column): Map<string, number> {
  const { words, type } = property;
  const meanings = new Map<string, number>();
  const add = (texts: readonly string[], meaning: number): void => {
    for (const text of texts) if (isTrimmed(text) && !meanings.has(text)) meanings.set(text, meaning);
  };
  add(words.none, kinds.meansNone);
  if (type !== "boolean") return meanings;
  const [isTrue, isFalse] = isInverted
    ? [kinds.meansFalse, kinds.meansTrue]
    : [kinds.meansTrue, kinds.meansFalse];
  add(words.true, isTrue);
  add(words.false, isFalse);
  add(["True", "true", "Yes"], isTrue);
  add(["False", "false", "No"], isFalse);
  return meanings;
}

/** Says of each byte what it does in a list. */
function laySeparators({ machine }: Session, cell: Address, { splits, codeSplits }: Property): void {
  const does = new Uint8Array(128);
  // Whether all parts are codes is for the slow path.
  for (const split of codeSplits) does[split.charCodeAt(0)] = kinds.raisesDoubt;
  for (const split of splits)
    does[split.charCodeAt(0)] = splits.includes(`${split.charAt(0)} `) ? kinds.takesSpace : kinds.separates;
  machine.bytes.set(does, machine.calls.inputStart.value);
  there(machine.calls.setSeparators(cell, isLoose(splits)));
}
