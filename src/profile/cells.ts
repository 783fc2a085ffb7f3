import type { Cells } from "../database/cells.ts";
import { isFormula } from "../outputs/format.ts";
import type { Noted } from "./counts.ts";
import { compileDate, maybeFormatNumber } from "./forms.ts";
import { sourcesOf, type ColumnRules, type Profile, type TextRules } from "./profile.ts";

/** A value of a file that is written by a profile. */
export type Cell = string | number | boolean | null | readonly string[];

/** Makes the cell of a column of a row of an output. */
export type CellMaker = (row: Cells, noted: Noted) => Cell;

/** What columns are made in. */
export interface Making {
  readonly profile: Profile;
  /** The place of a column of the output in its rows. */
  readonly indexOf: (source: string) => number;
  readonly isSupplied: (output: string) => boolean;
  /** The values that a column collects from another output, by what they match. */
  readonly collected: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

type Step = (cell: Cell, noted: Noted) => Cell;

/** Makes the maker of a column: its value, then its words, its form, what stands in for nothing, and how texts are treated. */
export function compileColumn(column: ColumnRules, making: Making): CellMaker {
  const { to, supplied_by: supplier } = column;
  if (supplier !== undefined && !making.isSupplied(supplier))
    return (_, noted) => {
      noted.fills.push([to, `empty, ${supplier} is Not supplied`]);
      return null;
    };
  const take = takeValue(column, making);
  const steps = [
    mapWords(column),
    makeForm(column, making.profile),
    standIn(column),
    treatText(to, making.profile.text ?? {}),
    checkText(column),
  ].filter((step) => step !== undefined);
  return (row, noted) => steps.reduce((cell, step) => step(cell, noted), take(row, noted));
}

/** Whether nothing is there. */
export function isBlank(cell: unknown): boolean {
  return cell === null || cell === undefined || cell === "";
}

function takeValue(column: ColumnRules, { indexOf, collected }: Making): CellMaker {
  const { to, constant, collect } = column;
  if (constant !== undefined) return () => constant;
  const sources = sourcesOf(column).map((name) => ({ name, index: indexOf(name) }));
  const [first] = sources;
  if (collect !== undefined) {
    const values = collected.get(to);
    return (row) => values?.get(String(row[first?.index ?? 0])) ?? [];
  }
  return (row, noted) => {
    const found = sources.find(({ index }) => !isBlank(row[index])) ?? first;
    const value = row[found?.index ?? 0] as Cell;
    if (found !== first && found !== undefined) noted.fills.push([to, `from ${found.name}`]);
    return value;
  };
}

function mapWords({ to, values, otherwise = "refuse" }: ColumnRules): Step | undefined {
  if (values === undefined) return undefined;
  const words = new Map(Object.entries(values));
  return (cell, noted) => {
    if (cell === null) return null;
    const word = words.get(String(cell));
    if (word !== undefined) return word;
    if (otherwise === "refuse")
      noted.faults.push(["bad-value", `${to} has a value that the profile has no word for`]);
    return otherwise === "empty" ? null : cell;
  };
}

function makeForm(column: ColumnRules, { format }: Profile): Step | undefined {
  const { to, list, date, number } = column;
  if (date !== undefined) {
    const write = compileDate(date);
    return (cell, noted) => {
      if (isBlank(cell)) return null;
      const text = write(cell);
      if (text === undefined) noted.faults.push(["bad-value", `${to} is no day or time`]);
      return text ?? cell;
    };
  }
  if (list !== undefined) return makeList(list);
  if (number === undefined) return undefined;
  const { decimals, min = -Infinity, max = Infinity } = number;
  return (cell, noted) => {
    if (isBlank(cell)) return null;
    const text = maybeFormatNumber(cell, decimals);
    if (text === undefined) {
      noted.faults.push(["bad-value", `${to} is no number`]);
      return cell;
    }
    if (Number(text) > max) noted.faults.push(["bad-value", `${to} is more than ${max}`]);
    const isLow = Number(text) < min;
    if (isLow) noted.fills.push([to, `at least ${min}`]);
    const written = isLow ? String(min) : text;
    return format !== "csv" && String(Number(written)) === written ? Number(written) : written;
  };
}

/** Outputs have their lists in one text, with semicolons between. */
function makeList(list: NonNullable<ColumnRules["list"]>): Step {
  return (cell) => {
    if (cell === null) return null;
    const items = String(cell)
      .split(";")
      .map((item) => item.trim())
      .filter((item) => item !== "");
    return list === "array" ? items : items.join(list.separator);
  };
}

function standIn({ to, default: value }: ColumnRules): Step | undefined {
  if (value === undefined) return undefined;
  return (cell, noted) => {
    if (!isBlank(cell)) return cell;
    noted.fills.push([to, "default"]);
    return value;
  };
}

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f]/;
const allControls = new RegExp(controls, "g");

function treatText(
  to: string,
  { controls: rule = "remove", formulas = "keep", normalise = "none" }: TextRules,
): Step {
  const treat = (text: string, noted: Noted): string => {
    let treated = normalise === "nfc" ? text.normalize("NFC") : text;
    if (rule !== "keep" && controls.test(treated)) {
      if (rule === "refuse") noted.faults.push(["control-characters", `${to} has control characters`]);
      else {
        noted.fills.push([to, "control characters removed"]);
        treated = treated.replaceAll(allControls, "");
      }
    }
    if (formulas === "keep" || !isFormula(treated)) return treated;
    if (formulas === "refuse")
      noted.faults.push(["formulas", `${to} begins like a formula of a spreadsheet`]);
    else noted.fills.push([to, "apostrophe before a formula"]);
    return formulas === "apostrophe" ? `'${treated}` : treated;
  };
  return (cell, noted) => {
    if (typeof cell === "string") return treat(cell, noted);
    return Array.isArray(cell) ? (cell as readonly string[]).map((item) => treat(item, noted)) : cell;
  };
}

const patterns = {
  email: /^[^\s@]+@[^\s@]+$/,
  guid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
} as const;

function checkText({ to, pattern, max_length: longest }: ColumnRules): Step | undefined {
  if (pattern === undefined && longest === undefined) return undefined;
  return (cell, noted) => {
    if (isBlank(cell)) return cell;
    const text = String(cell);
    if (pattern !== undefined && !patterns[pattern].test(text))
      noted.faults.push(["bad-value", `${to} is no ${pattern}`]);
    if (longest !== undefined && Array.from(text).length > longest)
      noted.faults.push(["bad-value", `${to} is longer than ${longest} characters`]);
    return cell;
  };
}
