import type { Row } from "../database/open.ts";
import { escapeControls } from "../escape.ts";
import type { Wish } from "../ledger/forget.ts";
import type { Diff } from "../outputs/diff.ts";
import { formatTable } from "../outputs/format.ts";
import type { Words } from "../outputs/words.ts";
import type { ForgetResult } from "../pipeline/forget.ts";
import { countOf } from "./render-files.ts";

/** The counts in one line, what is to be known of them, and a table of the changes of each subject. */
export function describeDiff({ tenant, from, to, counts, notes, changes }: Diff, words: Words): string {
  const sums = counts.map((row) => `${titleOf(row["subject"])} ${sumUp(row)}`);
  const head = `${tenant ?? "Unnamed tenant"}, ${from} to ${to}: ${sums.join("; ")}\n`;
  const lines = notes.map(({ subject, note }) => `${titleOf(subject)}: ${String(note)}\n`);
  const tables = counts.map(({ subject }) =>
    writeTable(
      titleOf(subject),
      changes.filter((change) => change["subject"] === subject),
      { from, to, words },
    ),
  );
  const parts = [
    escapeControls(head.trimEnd()) +
      "\n" +
      lines.map((line) => `${escapeControls(line.trimEnd())}\n`).join(""),
  ];
  return [...parts, ...tables.filter((table) => table !== "")].join("\n");
}

function titleOf(subject: unknown): string {
  return subject === "mfa" ? "MFA" : String(subject);
}

function sumUp(row: Diff["counts"][number]): string {
  if (row["is_compared"] !== true) return "not compared";
  const parts = ["gained", "lost", "changed"].flatMap((name) =>
    Number(row[name]) > 0 ? `${String(row[name])} ${name}` : [],
  );
  const isDoubtful = Number(row["gained_withheld"]) + Number(row["lost_withheld"]) > 0;
  return parts.join(", ") || (isDoubtful ? "no known change" : "no change");
}

interface Telling {
  readonly from: string;
  readonly to: string;
  readonly words: Words;
}

function writeTable(title: string, changes: Diff["changes"], { from, to, words }: Telling): string {
  if (changes.length === 0) return "";
  const hasProducts = changes.some((change) => change["product_name"] !== null || change["sku_id"] !== null);
  const texts = [title, "user", ...(hasProducts ? ["product"] : []), "property", from, to];
  const rows = changes.map((change) => [
    change["change"],
    change["user_principal_name"] ?? change["user_id"],
    ...(hasProducts ? [change["product_name"] ?? change["sku_id"]] : []),
    change["property"] ?? "",
    words(change["before"], change) ?? "",
    words(change["after"], change) ?? "",
  ]);
  return formatTable(
    texts.map((name) => ({ name, isNumber: false })),
    rows,
  );
}

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
