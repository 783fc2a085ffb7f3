import type { Diff } from "./diff.ts";
import { formatTable } from "./format.ts";
import { escapeControls } from "./terminal.ts";

/** The counts in one line, what is to be known of them, and a table of the changes of each subject. */
export function describeDiff({ tenant, from, to, counts, notes, changes }: Diff): string {
  const sums = counts.map((row) => `${titleOf(row["subject"])} ${sumUp(row)}`);
  const head = `${tenant ?? "Unnamed tenant"}, ${from} to ${to}: ${sums.join("; ")}\n`;
  const lines = notes.map(({ subject, note }) => `${titleOf(subject)}: ${String(note)}\n`);
  const tables = counts.map(({ subject }) =>
    writeTable(
      titleOf(subject),
      changes.filter((change) => change["subject"] === subject),
      { from, to },
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

function writeTable(title: string, changes: Diff["changes"], days: { from: string; to: string }): string {
  if (changes.length === 0) return "";
  const hasProducts = changes.some((change) => change["product_name"] !== null || change["sku_id"] !== null);
  const texts = [title, "user", ...(hasProducts ? ["product"] : []), "property", days.from, days.to];
  const rows = changes.map((change) => [
    change["change"],
    change["user_principal_name"] ?? change["user_id"],
    ...(hasProducts ? [change["product_name"] ?? change["sku_id"]] : []),
    change["property"] ?? "",
    change["before"] ?? "",
    change["after"] ?? "",
  ]);
  return formatTable(
    texts.map((name) => ({ name, isNumber: false })),
    rows,
  );
}
