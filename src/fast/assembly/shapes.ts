import { Cell, Word } from "./cells";
import { Field } from "./fields";
import { Table } from "./keys";
import { inputStart, takePlan } from "./memory";
import { Report } from "./rows";

// How TypeScript describes a report; 0 when there is no more memory.

/** A report with no columns, whose first heading lies at the start of the input. */
export function newReport(table: Table, separator: u8, length: usize): usize {
  const at = takePlan(offsetof<Report>());
  const heading = takePlan(length);
  if (at == 0 || heading == 0) return 0;
  const report = changetype<Report>(at);
  report.table = table;
  report.separator = separator;
  report.heading = heading;
  report.headingLength = length;
  memory.copy(heading, inputStart, length);
  return at;
}

/** A column more, which fills this property, or none. */
export function addCell(report: Report, field: usize, form: u8, isDoubtful: bool): usize {
  const at = takePlan(offsetof<Cell>());
  if (at == 0) return 0;
  const cell = changetype<Cell>(at);
  cell.field = changetype<Field | null>(field);
  cell.form = form;
  cell.isDoubtful = isDoubtful;
  if (field != 0) report.filled += 1;
  const last = report.lastCell;
  if (last) last.following = cell;
  else report.firstCell = cell;
  report.lastCell = cell;
  return at;
}

/** Gives a column the word that lies at the start of the input. */
export function addWord(cell: Cell, length: usize, meaning: u8): usize {
  const at = takePlan(offsetof<Word>());
  const text = takePlan(length);
  if (at == 0 || text == 0) return 0;
  const word = changetype<Word>(at);
  word.length = length;
  word.text = text;
  word.meaning = meaning;
  memory.copy(text, inputStart, length);
  word.following = cell.word;
  cell.word = word;
  return at;
}

export function setHasNone(cell: Cell): void {
  cell.hasNone = true;
}

/** Gives a list what each of 128 bytes does, as it lies at the start of the input. */
export function setSeparators(cell: Cell, isLoose: bool): usize {
  const at = takePlan(128);
  if (at == 0) return 0;
  memory.copy(at, inputStart, 128);
  cell.separators = at;
  cell.isLoose = isLoose;
  return at;
}
