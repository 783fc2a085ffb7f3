import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { writeComplaints } from "./complaints.ts";
import { escapeControls } from "../escape.ts";
import { readSql } from "../transform/models.ts";

/** What was rejected: exact counts by file, and the records that the ledger names. */
export interface Rejects {
  readonly files: readonly Row[];
  readonly records: readonly Row[];
}

export async function readRejects(connection: DuckDBConnection): Promise<Rejects> {
  return {
    files: await readRows(connection, readSql("screens/reject_counts")),
    records: await readRows(connection, readSql("screens/rejects")),
  };
}

/** One line a record, the cure once behind the lines that it is for. */
export function writeRejects({ files, records }: Rejects): string {
  if (files.length === 0) return "No record was rejected.\n";
  return files.map((file) => writeFile(file, records)).join("\n");
}

function writeFile(file: Row, records: readonly Row[]): string {
  const { rejected, named, message: refusal, cure: refusalCure } = file;
  const isCut = refusal === null && Number(named) < Number(rejected);
  const cut = isCut ? `, the first ${String(named)} of them` : "";
  const own = records.filter((record) => record["source_file_id"] === file["source_file_id"]);
  const complaints = own.map(({ record, at_byte: at, message, cure }) => ({
    severity: "error",
    line: `  record ${String(record)} at byte ${String(at)}: ${String(message)}`,
    cure: String(cure ?? ""),
  }));
  if (refusal !== null)
    complaints.unshift({
      severity: "error",
      line: `  all of them: the file ${String(refusal)}`,
      cure: String(refusalCure),
    });
  const head = `${String(file["file"])} (${String(file["dataset"])}): ${String(rejected)} rejected${cut}`;
  return `${escapeControls(head)}\n${writeComplaints(complaints)}`;
}
