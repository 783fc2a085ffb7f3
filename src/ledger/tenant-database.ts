import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { groupBy } from "../group-by.ts";
import type { Dataset } from "../schema/dataset.ts";
import {
  type DatasetFiles,
  type Evidence,
  listsLicenses,
  namesPeople,
  noEvidence,
  readEvidence,
} from "./tenant-evidence.ts";

/** The id of the invented tenant of `samples`. */
export const sampleTenant = "518b93ed-619a-4b95-a7d1-74ede5a7d18d";

/** What a database says of the tenant that it is of. */
export interface Known {
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  /** The evidence of its latest files; those that came by --same-tenant give people, but no domains. */
  readonly evidence: Evidence;
  readonly groups: readonly DatasetFiles[];
  readonly hosts: ReadonlySet<string>;
  /** Whether there are people or licenses in it at all. */
  readonly isEmpty: boolean;
  /** What it is, for messages. */
  readonly description: string;
}

interface Reading {
  readonly connection: DuckDBConnection;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly firstFile: number;
}

/** A snapshot may be an export of few; the one before it has more people. */
const snapshotsRead = 2;

/** Reads what is known of the tenant of a database before the files from `firstFile` on. */
export async function readKnown({ connection, datasets, firstFile }: Reading): Promise<Known> {
  const [tenant] = await readRows(
    connection,
    "select lower(tenant_id) as tenant_id, tenant_name from meta.tenant",
  );
  const rows = await readRows(
    connection,
    `select files.source_file_id, files.dataset, coalesce(tenants.same_tenant, false) as is_accepted, tenants.graph_host,
       dense_rank() over (
         partition by files.dataset, is_accepted
         order by snapshots.superseded_by is not null, snapshots.snapshot_date desc nulls last, files.snapshot_id desc
       ) as place
     from meta.source_files as files
     join meta.snapshots as snapshots using (snapshot_id)
     left join meta.file_tenants as tenants using (source_file_id)
     where files.source_file_id < ${firstFile}
       and tenants.has_evidence is distinct from false`,
  );
  const latest = rows.filter((row) => Number(row["place"]) <= snapshotsRead);
  const groups = toGroups(latest, datasets);
  const found = await readEvidence(connection, groups);
  const evidence = noEvidence();
  for (const row of latest) {
    const file = found.get(Number(row["source_file_id"]));
    if (file) add(evidence, file, row["is_accepted"] === true);
  }
  const known = {
    tenantId: text(tenant?.["tenant_id"]),
    tenantName: text(tenant?.["tenant_name"]),
    evidence,
    groups,
    hosts: new Set(
      rows.flatMap((row) => (row["is_accepted"] === true ? [] : (text(row["graph_host"]) ?? []))),
    ),
    isEmpty: !(await holdsPeople(connection, datasets, firstFile)),
  };
  return { ...known, description: await describe(connection, known, newestUsers(latest, found, datasets)) };
}

async function holdsPeople(
  connection: DuckDBConnection,
  datasets: ReadonlyMap<string, Dataset>,
  firstFile: number,
): Promise<boolean> {
  const rows = await readRows(
    connection,
    `select distinct dataset from meta.source_files
     where source_file_id < ${firstFile} and snapshot_id is not null and records_loaded > 0`,
  );
  return rows.some((row) => {
    const dataset = datasets.get(String(row["dataset"]));
    return dataset !== undefined && (namesPeople(dataset) || listsLicenses(dataset));
  });
}

function toGroups(rows: readonly Row[], datasets: ReadonlyMap<string, Dataset>): DatasetFiles[] {
  return [...groupBy(rows, (row) => String(row["dataset"]))].flatMap(([name, files]) => {
    const dataset = datasets.get(name);
    return dataset ? [{ dataset, files: files.map((row) => Number(row["source_file_id"])) }] : [];
  });
}

/** Who came by --same-tenant belongs to the tenant; what else has that domain, tenant or subscription does not. */
function add(sum: Evidence, file: Evidence, isAccepted: boolean): void {
  for (const [domain, records] of file.people) {
    const counted = isAccepted ? "" : domain;
    sum.people.set(counted, (sum.people.get(counted) ?? 0) + records);
  }
  for (const [value, records] of file.guests) sum.guests.set(value, (sum.guests.get(value) ?? 0) + records);
  if (isAccepted) return;
  for (const said of ["domains", "tenants", "subscriptions"] as const)
    for (const value of file[said]) sum[said].add(value);
  for (const said of ["homes", "resources"] as const)
    for (const [value, records] of file[said]) sum[said].set(value, (sum[said].get(value) ?? 0) + records);
}

/** The people of the largest list of the newest snapshots, by domain; a log has sign-ins, and says no number. */
function newestUsers(
  rows: readonly Row[],
  found: ReadonlyMap<number, Evidence>,
  datasets: ReadonlyMap<string, Dataset>,
): ReadonlyMap<string, number> {
  const newest = rows.filter((row) => Number(row["place"]) === 1 && row["is_accepted"] !== true);
  const lists = [...groupBy(newest, (row) => String(row["dataset"]))].map(([dataset, files]) => {
    const sum = noEvidence();
    for (const row of files) add(sum, found.get(Number(row["source_file_id"])) ?? sum, false);
    const isLog = datasets.get(dataset)?.kind === "event";
    return { people: sum.people, size: isLog ? 0 : total(sum.people) };
  });
  const [largest] = lists.toSorted((left, right) => right.size - left.size);
  return largest?.people ?? new Map();
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The sum of what is counted. */
export function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

async function describe(
  connection: DuckDBConnection,
  { tenantId, tenantName, isEmpty }: Omit<Known, "description">,
  users: ReadonlyMap<string, number>,
): Promise<string> {
  const sample = tenantId === sampleTenant ? ", the sample of this tool" : "";
  if (tenantId !== null || tenantName !== null)
    return `tenant ${[tenantName, tenantId].filter((part) => part !== null).join(", ")}${sample}`;
  const [row] = await readRows(connection, "select max(finished_at)::date::varchar as day from meta.imports");
  const day = text(row?.["day"]);
  const parts = [describePeople(users), ...(day === null ? [] : [`imported on ${day}`])];
  return isEmpty && users.size === 0 ? "no tenant yet" : `an unnamed tenant (${parts.join(", ")})`;
}

/** How many users a list has, and the domain that most of them have. */
export function describePeople(people: ReadonlyMap<string, number>): string {
  const [domain] = [...people]
    .filter(([name]) => name !== "")
    .toSorted(([, left], [, right]) => right - left);
  const count = total(people);
  if (count === 0) return "users without comparable names";
  return `${count} ${count === 1 ? "user" : "users"}${domain === undefined ? "" : ` of ${domain[0]}`}`;
}
