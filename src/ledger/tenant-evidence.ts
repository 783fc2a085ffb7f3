import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import type { Dataset, Identity, Property } from "../schema/dataset.ts";
import { quoteName } from "../schema/ddl.ts";

/** What one file, or the database, says of the tenant that it is of. */
export interface Evidence {
  /** Records with an object id or a UPN that can be compared, by the domain of the UPN; "" where there is an id alone. */
  readonly people: Map<string, number>;
  /** Those of them that are guests, who are told by their object ids alone. */
  readonly guests: Map<string, number>;
  /** The domains that an organization or domains export lists. */
  readonly domains: Set<string>;
  /** The ids of tenants that an organization or SKU export names. */
  readonly tenants: Set<string>;
  /** The tenants where the accounts of a sign-in log are, and those that are signed in to, with the records of each. */
  readonly homes: Map<string, number>;
  readonly resources: Map<string, number>;
  readonly subscriptions: Set<string>;
}

/** The files of one dataset whose records are looked at. */
export interface DatasetFiles {
  readonly dataset: Dataset;
  readonly files: readonly number[];
}

/** A file, and the number that all files have that are one in a comparison. */
export type Node = readonly [file: number, node: number];

/** Of a longer log the beginning says enough. */
const eventsRead = 100_000;

/** Whether the records of a dataset name people: users, registrations, reports on users, mailboxes, sign-ins. */
export function namesPeople(dataset: Dataset): boolean {
  return (
    dataset.kind !== "reference" && ["person", "upn"].some((identity) => has(dataset, identity as Identity))
  );
}

/** Whether the records of a dataset are licenses that were bought. */
export function listsLicenses(dataset: Dataset): boolean {
  return has(dataset, "subscription");
}

function has({ properties }: Dataset, identity: Identity): boolean {
  return properties.some((property) => valueSql(property, identity) !== undefined);
}

/** Reads what each file says of its tenant. */
export async function readEvidence(
  connection: DuckDBConnection,
  groups: readonly DatasetFiles[],
): Promise<Map<number, Evidence>> {
  const found = new Map<number, Evidence>();
  for (const { dataset, files } of groups) {
    for (const file of files) found.set(file, noEvidence());
    const queries = evidenceSql(dataset, files);
    if (queries.length === 0) continue;
    for (const row of await readRows(connection, queries.join(" union all "))) {
      const evidence = found.get(Number(row["source_file_id"]));
      if (evidence) take(evidence, String(row["said"]), [String(row["value"]), Number(row["records"])]);
    }
  }
  return found;
}

/** What nothing says. */
export function noEvidence(): Evidence {
  return {
    people: new Map(),
    guests: new Map(),
    domains: new Set(),
    tenants: new Set(),
    homes: new Map(),
    resources: new Map(),
    subscriptions: new Set(),
  };
}

function take(evidence: Evidence, said: string, [value, records]: readonly [string, number]): void {
  const target = evidence[said as keyof Evidence];
  if (said === "guests") take(evidence, "people", [value, records]);
  if (target instanceof Set) target.add(value);
  else target.set(value, (target.get(value) ?? 0) + records);
}

function evidenceSql(dataset: Dataset, files: readonly number[]): string[] {
  const counted = "count(*)::bigint as records";
  const people = namesPeople(dataset)
    ? [
        `select source_file_id, case when is_guest then 'guests' else 'people' end as said, coalesce(macros.name_key(split_part(upn, '@', -1)), '') as value, ${counted}
         from (${peopleSql(dataset, files)}) where id_key is not null or upn is not null group by all`,
      ]
    : [];
  const rest = (
    [
      ["domain", "domains", "macros.name_key(value)"],
      ["tenant", "tenants", guidSql("value")],
      // Where names are concealed, so is the name of the home tenant: 32 digits that would do for a GUID.
      [
        "home tenant",
        "homes",
        `case when not macros.is_concealed(value::varchar) then ${guidSql("value")} end`,
      ],
      ["resource tenant", "resources", guidSql("value")],
      ["subscription", "subscriptions", "macros.guid_key(value)"],
    ] as const
  ).flatMap(([identity, said, value]) =>
    valuesOf(dataset, identity).map(
      (column) => `select source_file_id, '${said}' as said, ${value} as value, ${counted}
        from (${columnSql(dataset, column, files)}) where ${value} is not null group by all`,
    ),
  );
  return [...people, ...rest, ...accountsSql(dataset, files)];
}

/** Where a SKU export has no account, its ids have: `<account>_<SKU>`. */
function accountsSql(dataset: Dataset, files: readonly number[]): string[] {
  const [account] = valuesOf(dataset, "tenant");
  const [id] = valuesOf(dataset, "tenant and SKU");
  if (account === undefined || id === undefined) return [];
  return [
    `select source_file_id, 'tenants' as said, unnest(list(distinct ${guidSql(`split_part(${id}, '_', 1)`)})) as value, count(*) as records
     from ${tableOf(dataset)} where source_file_id in (${files.join(", ")}) and contains(${id}, '_')
     group by source_file_id having count(${account}) = 0`,
  ];
}

/** The values of a column, but those of domains that nobody has verified. */
function columnSql(dataset: Dataset, column: string, files: readonly number[]): string {
  const [verified] = valuesOf(dataset, "verified");
  const exceptUnverified = verified === undefined ? "" : ` and ${verified} is not false`;
  return `select source_file_id, ${column} as value from ${tableOf(dataset)}
    where source_file_id in (${files.join(", ")})${exceptUnverified}${limitSql(dataset)}`;
}

function limitSql({ kind }: Dataset): string {
  return kind === "event" ? ` and record_number <= ${eventsRead}` : "";
}

function tableOf({ name }: Dataset): string {
  return `raw.${quoteName(name)}`;
}

/** A GUID in the one form of all; null where the text is none, or all zeros. */
function guidSql(text: string): string {
  return `macros.guid_key(try_cast(${text} as uuid)::varchar)`;
}

/**
 * The people of files by object id and UPN. A guest's UPN says where that guest is at home, and an account of another
 * tenant (a partner's operator, somebody in a shared channel) nothing of this one.
 */
function peopleSql(dataset: Dataset, files: readonly number[]): string {
  const [id = "null::varchar"] = valuesOf(dataset, "person");
  const [upn = "null::varchar"] = valuesOf(dataset, "upn");
  const [type] = valuesOf(dataset, "user type");
  const [home] = valuesOf(dataset, "home tenant");
  const where = `source_file_id in (${files.join(", ")})${limitSql(dataset)}`;
  const main = `select source_file_id, mode(lower(${home})) as main_home from ${tableOf(dataset)} where ${where} group by all`;
  const isMember = type === undefined ? "" : ` and lower(${type}) is distinct from 'guest'`;
  const isGuest = `coalesce(${type === undefined ? "" : `lower(${type}) = 'guest' or `}contains(lower(${upn}), '#ext#'), false)`;
  const isName = `contains(${upn}, '@') and not contains(lower(${upn}), '#ext#') and not contains(${upn}, '<')${isMember}`;
  return `select source_file_id, macros.guid_key(${id}) as id_key,
      case when ${isName} then trim(${upn}) end as upn, ${isGuest} as is_guest
    from ${tableOf(dataset)}${home === undefined ? "" : ` join (${main}) using (source_file_id)`}
    where ${where}${home === undefined ? "" : ` and (${home} is null or lower(${home}) = main_home)`}`;
}

/** The SQL expressions that give the values of one identity. */
function valuesOf({ properties }: Dataset, identity: Identity): string[] {
  return properties.flatMap((property) => valueSql(property, identity) ?? []);
}

function valueSql(property: Property, identity: Identity): string | undefined {
  const column = quoteName(property.name);
  if (property.identifies === identity) return property.format === "uuid" ? `${column}::varchar` : column;
  if (property.items?.identifies === identity) return `unnest(${column})`;
  const field = property.items?.properties.find(({ identifies }) => identifies === identity);
  return field && `unnest(list_transform(${column}, lambda item: item.${quoteName(field.name)}))`;
}

/** How many people two nodes share by object id, for those that are of different groups. */
export async function readSharedIds(
  connection: DuckDBConnection,
  groups: readonly DatasetFiles[],
  nodes: readonly (readonly [...Node, group: number])[],
): Promise<{ left: number; right: number; shared: number; lefts: number; rights: number }[]> {
  const ids = groups
    .filter(({ dataset }) => has(dataset, "person"))
    .map(
      ({ dataset, files }) =>
        `select source_file_id, id_key from (${peopleSql(dataset, files)}) where id_key is not null`,
    );
  if (ids.length === 0) return [];
  const rows = await readRows(
    connection,
    `with nodes(source_file_id, node, side) as (values ${nodes.map((node) => `(${node.join(", ")})`).join(", ")}),
     ids as materialized (select distinct node, side, id_key from (${ids.join(" union all ")}) join nodes using (source_file_id)),
     counts as (select node, count(*) as people from ids group by all)
     select l.node as "left", r.node as "right", count(*) as shared,
       any_value(lc.people) as lefts, any_value(rc.people) as rights
     from ids l join ids r on l.id_key = r.id_key and l.side < r.side
     join counts lc on lc.node = l.node join counts rc on rc.node = r.node
     group by all`,
  );
  return rows.map(({ left, right, shared, lefts, rights }) => ({
    left: Number(left),
    right: Number(right),
    shared: Number(shared),
    lefts: Number(lefts),
    rights: Number(rights),
  }));
}

/** Fewer UPNs than these may be names that were given to somebody else. */
const fewestUpns = 3;

/** The pairs of nodes that share three UPNs or more, of which most have other object ids. */
export async function readConflicts(
  connection: DuckDBConnection,
  groups: readonly DatasetFiles[],
  nodes: readonly Node[],
): Promise<{ left: number; right: number; shared: number }[]> {
  const pairs = groups
    .filter(({ dataset }) => has(dataset, "person") && has(dataset, "upn"))
    .map(
      ({ dataset, files }) =>
        `select source_file_id, macros.name_key(upn) as upn_key, id_key from (${peopleSql(dataset, files)})
         where upn is not null and id_key is not null`,
    );
  if (pairs.length === 0) return [];
  const all = pairs.join(" union all ");
  const [doubtful] = await readRows(
    connection,
    `select count(*) as upns from (select upn, min(id) <> max(id) as differs from (select hash(upn_key) as upn, hash(id_key) as id from (${all})) group by upn) where differs`,
  );
  if (Number(doubtful?.["upns"]) < fewestUpns) return [];
  const rows = await readRows(
    connection,
    `with nodes(source_file_id, node) as (values ${nodes.map((node) => `(${node.join(", ")})`).join(", ")}),
     pairs as materialized (select distinct node, upn_key, id_key from (${all}) join nodes using (source_file_id)),
     names as (
       select l.node as "left", r.node as "right", upn_key, bool_or(l.id_key = r.id_key) as is_same
       from pairs l join pairs r using (upn_key) where l.node < r.node group by all
     )
     select "left", "right", count(*) as shared from names group by all
     having count(*) >= ${fewestUpns} and 2 * count(*) filter (not is_same) > count(*) order by all`,
  );
  return rows.map(({ left, right, shared }) => ({
    left: Number(left),
    right: Number(right),
    shared: Number(shared),
  }));
}
