import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { orderFiles } from "./check.ts";
import type { Refusal } from "./counts.ts";
import { outputsOf, sectionsOf, type FileRules, type Profile } from "./profile.ts";
import { incompleteCode } from "./refusals.ts";

/** A file that is not written, and why. */
export interface NotWritten {
  readonly file: string;
  readonly reason: string;
}

/** The files that can be written, in the order in which they are made. */
export interface FilePlan {
  readonly files: readonly FileRules[];
  readonly notWritten: readonly NotWritten[];
  readonly refusals: readonly Refusal[];
}

/** All outputs that the rows of a file are made of. */
export function outputsOfFile(file: FileRules): readonly string[] {
  return [...new Set(sectionsOf(file).flatMap(outputsOf))];
}

/** Finds which files of a profile can be written of the outputs that there are; those that must be, and cannot, are refused. */
export function planFiles({ files }: Profile, isSupplied: (output: string) => boolean): FilePlan {
  const possible: FileRules[] = [];
  const notWritten: NotWritten[] = [];
  const refusals: Refusal[] = [];
  for (const file of orderFiles(files) ?? []) {
    const missing = outputsOfFile(file).filter((output) => !isSupplied(output));
    const lost = (file.relations ?? []).find(
      ({ file: name }) => !possible.some((other) => other.file === name),
    );
    if (missing.length === 0 && lost === undefined) {
      possible.push(file);
      continue;
    }
    const reason =
      missing.length > 0 ? `${missing.join(", ")} is Not supplied` : `${lost?.file ?? ""} is not written`;
    notWritten.push({ file: file.file, reason });
    if (file.must === true)
      refusals.push({ code: "not-supplied", text: `${file.file} cannot be written: ${reason}` });
    else if (missing.length === 0)
      refusals.push({ code: "unmatched", text: `${file.file} cannot be held against ${reason}` });
  }
  if (possible.length === 0 && refusals.length === 0)
    refusals.push({ code: "not-supplied", text: "no file of the profile can be written" });
  return { files: possible, notWritten, refusals };
}

/** What is asked of the data before any row is read. */
export interface Asked {
  readonly profile: Profile;
  readonly isSafe: boolean;
  readonly snapshots: readonly Row[];
  readonly asOfRestsOn: unknown;
  readonly findings: readonly Row[];
  /** Whether a status of the outputs that are read has this reason. */
  readonly hasReason: (code: string) => boolean;
}

/** What speaks against an export by a profile, whatever its rows are. */
export async function findRefusals(connection: DuckDBConnection, asked: Asked): Promise<readonly Refusal[]> {
  const { profile, isSafe, asOfRestsOn, findings, hasReason } = asked;
  const refusals = findIncomplete(asked);
  if (profile.needs.as_of_rests_on?.not.includes(String(asOfRestsOn)) === true)
    refusals.push({
      code: "guessed-day",
      text: `the day of the data rests on ${String(asOfRestsOn)} alone, which is a guess`,
    });
  if (hasReason("concealed")) {
    const records = countConcealed(findings);
    refusals.push({ code: "concealed-names", records, text: "reports conceal the names of users" });
  }
  const tenants = await readRows(connection, "select tenant_name from meta.tenant");
  if (tenants.length > 1)
    refusals.push({ code: "no-tenant", text: `the database has ${tenants.length} tenants` });
  if (!tenants.some((row) => row["tenant_name"] !== null))
    refusals.push({ code: "no-tenant", text: "nothing names the tenant" });
  if (isSafe)
    refusals.push({ code: "safe-cells", text: "--safe-cells changes values that a profile is to hand on" });
  return refusals;
}

/** Each property of a report that is concealed is a finding of its own. */
function countConcealed(findings: readonly Row[]): number {
  const most = new Map<unknown, number>();
  for (const { finding, dataset, affected_records: records } of findings)
    if (finding === "concealed_names") most.set(dataset, Math.max(most.get(dataset) ?? 0, Number(records)));
  return [...most.values()].reduce((sum, records) => sum + records, 0);
}

function findIncomplete({ profile, snapshots }: Asked): Refusal[] {
  return Object.entries(profile.needs.datasets ?? {}).flatMap(([dataset, allowed]) => {
    const snapshot = snapshots.find((row) => row["dataset"] === dataset);
    if (snapshot === undefined || allowed.includes(String(snapshot["completeness"]))) return [];
    const records = Number(snapshot["records_loaded"]);
    return [
      { code: incompleteCode(dataset), records, text: `${dataset} is ${String(snapshot["completeness"])}` },
    ];
  });
}
