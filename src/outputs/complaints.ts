import { groupBy } from "../group-by.ts";
import { escapeControls } from "../escape.ts";

/** One thing that is wrong, in a line, and what to do about it; both may hold names out of files. */
export interface Complaint {
  readonly severity: string;
  readonly line: string;
  readonly cure: string;
}

/** Complaints with the same cure stand together, in the order of the first of them, and the cure once behind them. */
export function writeComplaints(complaints: readonly Complaint[]): string {
  const groups = groupBy(complaints, ({ severity, cure }) => `${severity} ${cure}`);
  const blocks = [...groups.values()].map(
    (group) =>
      `${group.map(({ line }) => `${escapeControls(line)}\n`).join("")}    ${escapeControls(group[0]?.cure ?? "")}\n`,
  );
  return blocks.join("");
}
