import type { Cells } from "../database/cells.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import { settleForSql, withAside } from "../transform/as-of.ts";
import { readRows } from "../database/open.ts";
import { writeComplaints } from "../outputs/complaints.ts";
import { gatherFindings } from "../transform/findings.ts";
import { fitTable } from "../outputs/format.ts";
import { screenWidth, wrapText } from "../outputs/wrap.ts";
import { streamRows } from "../database/rows.ts";
import { escapeControls } from "../escape.ts";
import { readSql } from "../transform/models.ts";

const tables = ["licenses", "mfa", "activity"] as const;

/** The outputs that the answer reads, itself or through the views between. */
const answered = ["license_summary", "mfa_summary", "user_activity", "data_quality"];

/** What is printed after an import: the answer, and what keeps it from being complete. */
export async function writeScreen(connection: DuckDBConnection): Promise<string> {
  return await withAside(connection, answered, async () => {
    const gaps = await writeGaps(connection);
    const end = await countFindings(connection);
    const rest = [gaps, end].filter((part) => part !== "").join("");
    return `\n${await writeAnswer(connection)}${rest === "" ? "" : `\n${rest}`}`;
  });
}

/** One line on how much there is to know about the data, and where; "" when there is nothing. */
async function countFindings(connection: DuckDBConnection): Promise<string> {
  await gatherFindings(connection);
  const [counts = {}] = await readRows(connection, readSql("screens/finding_counts"));
  const parts = Object.entries(counts).filter(([, many]) => Number(many) > 0);
  if (parts.length === 0) return "";
  return toLines(
    `What was found in the data (${parts.map(([what, many]) => `${what}: ${String(many)}`).join(", ")}) and what to do: m365-offline status`,
  );
}

/** The license, MFA and activity answer on one screen; every heading and figure comes out of a view. */
async function writeAnswer(connection: DuckDBConnection): Promise<string> {
  const parts = [`${await writeTitle(connection)}${await writeHeadline(connection)}`];
  for (const table of tables) parts.push(await writeTable(connection, `screens/${table}`));
  return parts.filter((part) => part !== "").join("\n");
}

/** The outputs that are not complete, and the reasons; "" when all are. */
export async function writeGaps(connection: DuckDBConnection): Promise<string> {
  const statuses = await readRows(connection, readSql("screens/status"));
  if (statuses.length === 0) return "";
  const reasons = await readRows(connection, readSql("screens/reasons"));
  const lines = [
    ...statuses.flatMap((row) =>
      wrapText(escapeControls(`${String(row["data_status"])}: ${String(row["outputs"])}`)),
    ),
    "Because",
    ...reasons.flatMap(({ reason }) => wrapText(`  - ${escapeControls(String(reason))}`, undefined, "    ")),
  ];
  return `${lines.join("\n")}\n`;
}

/** What the database holds, how far each output can be trusted, and what was found in the data. */
export async function writeStatus(connection: DuckDBConnection): Promise<string> {
  await settleForSql(connection, "output_status data_quality mfa_summary");
  const parts = [`${await writeTitle(connection)}${await writeHeadline(connection)}`];
  for (const name of ["screens/snapshots", "screens/outputs"]) parts.push(await writeTable(connection, name));
  parts.push(await writeFindings(connection));
  return parts.filter((part) => part !== "").join("\n");
}

/** What was found in the data, the worst first, each with its remedy; "" when there is nothing. */
export async function writeFindings(
  connection: DuckDBConnection,
  name: "findings" | "check_findings" = "findings",
): Promise<string> {
  await gatherFindings(connection);
  const rows = await readRows(connection, readSql(`screens/${name}`));
  const complaints = rows.map(({ severity, dataset, what, cure }) => ({
    severity: String(severity),
    line: `${String(severity)}: ${String(dataset ?? "files")}: ${String(what)}`,
    cure: String(cure),
  }));
  return writeComplaints(complaints, screenWidth);
}

/** A line for each output in the SQL that is not complete. */
export async function writeGapNotes(connection: DuckDBConnection, sql: string): Promise<readonly string[]> {
  const rows = await readRows(connection, readSql("screens/notes"));
  const named = rows.filter(({ output }) => new RegExp(String.raw`\b${String(output)}\b`, "i").test(sql));
  return named.map(
    ({ output, data_status: status, reasons }) =>
      `note: ${String(output)} is ${String(status)}: ${String(reasons)}`,
  );
}

async function writeTitle(connection: DuckDBConnection): Promise<string> {
  const [title] = await readRows(connection, readSql("screens/title"));
  const { tenant, as_of: asOf, is_cut: isCut, users, licensed } = title ?? {};
  const least = isCut === true && users !== null ? "at least " : "";
  return toLines(
    `${String(tenant)}, as of ${String(asOf)}: ${least}${count(users, "users")}, ${count(licensed, "licensed")}`,
  );
}

/** What is known of MFA in a line or two: n of N, and of how many it is unknown. */
async function writeHeadline(connection: DuckDBConnection): Promise<string> {
  const rows = await readRows(connection, readSql("screens/mfa_headline"));
  return rows.map(({ line }) => toLines(String(line))).join("");
}

/** A sentence as lines that fit a screen. */
function toLines(text: string): string {
  return `${wrapText(escapeControls(text)).join("\n")}\n`;
}

function count(value: unknown, what: string): string {
  return value === null || value === undefined ? `${what} unknown` : `${String(value)} ${what}`;
}

async function writeTable(connection: DuckDBConnection, name: string): Promise<string> {
  const { columns, batches } = await streamRows(connection, readSql(name));
  const rows: Cells[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows.length === 0 ? "" : fitTable(columns, rows);
}
