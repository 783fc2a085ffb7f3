import { groupBy } from "../group-by.ts";
import { escapeControls } from "../escape.ts";
import { wrapText } from "./wrap.ts";

/** One thing that is wrong, in a line, and what to do about it; both may hold names out of files. */
export interface Complaint {
  readonly severity: string;
  readonly line: string;
  readonly cure: string;
}

/** Complaints with the same cure stand together, in the order of the first of them, and the cure once behind them; in lines of a width where one is told. */
export function writeComplaints(complaints: readonly Complaint[], width = Infinity): string {
  const groups = groupBy(complaints, ({ severity, cure }) => `${severity} ${cure}`);
  const lines = [...groups.values()].flatMap((group) => [
    ...group.flatMap(({ line }) => wrapText(escapeControls(line), width)),
    ...wrapText(`    ${escapeControls(group[0]?.cure ?? "")}`, width, "    "),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
