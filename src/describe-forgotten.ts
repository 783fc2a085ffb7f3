import { countOf } from "./describe-files.ts";
import type { Wish } from "./forget-records.ts";
import type { ForgetResult } from "./forget.ts";
import { formatTable } from "./format.ts";
import type { Row } from "./database.ts";

const columns = [
  { name: "records", isNumber: true },
  { name: "date", isNumber: false },
  { name: "import", isNumber: true },
  { name: "dataset", isNumber: false },
  { name: "file", isNumber: false },
];

/** What went, one line a file below the line that sums it up. */
export function describeForgotten({ files }: ForgetResult, wish: Wish, isDryRun: boolean): string {
  if (files.length === 0)
    return `Nothing to forget: ${"before" in wish ? `nothing is of a day before ${wish.before}` : "the import has no files"}.\n`;
  const records = files.reduce((sum, file) => sum + Number(file["records_forgotten"]), 0);
  const whole = files.filter(({ is_whole: isWhole }) => isWhole).length;
  const partly = files.length - whole;
  const parts = [
    countOf(whole, "file"),
    ...(partly > 0 ? [`the old events of ${countOf(partly, "file")}`] : []),
  ];
  const verb = isDryRun ? "Would forget" : "Forgot";
  const rows = files.map((file) => [
    file["records_forgotten"],
    file["snapshot_date"],
    file["import_id"],
    file["dataset"],
    `${String(file["file_name"])}${file["is_whole"] ? "" : "  the rest stays"}`,
  ]);
  return `${verb} ${parts.join(" and ")}: ${countOf(records, "record")}.\n\n${formatTable(columns, rows)}`;
}

/** What follows from it: files that count again, events that went although another file had them, outputs that lose. */
export function describeRest(
  { elsewhere, revived, losses, newestDate, files }: ForgetResult,
  isDryRun: boolean,
): string[] {
  if (files.length === 0) return [];
  return [
    ...revived.map(
      (row) =>
        `notice: ${nameOf(row)} (import ${String(row["import_id"])}) counts again: what had replaced it is gone`,
    ),
    ...elsewhere.map(
      (row) =>
        `notice: ${countOf(Number(row["records"]), "event")} had been in ${nameOf(row)} too and went with the rest. To have them again: m365-offline import ${String(row["file_name"])} --as ${String(row["dataset"])}`,
    ),
    ...losses.map(
      (row) =>
        `notice: ${String(row["output"])} ${isDryRun ? "would be" : "is now"} ${String(row["data_status"])}: ${String(row["reasons"])}`,
    ),
    newestDate === null ? "notice: no data is left" : `The newest day in the data is ${newestDate}.`,
  ];
}

function nameOf(row: Row): string {
  const day = row["snapshot_date"] ? ` of ${String(row["snapshot_date"])}` : "";
  return `${String(row["file_name"])}${day}`;
}
