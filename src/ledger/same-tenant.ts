import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset } from "../schema/dataset.ts";
import { insertRows } from "./ledger.ts";
import { type Known, describePeople, readKnown, sampleTenant, total } from "./tenant-database.ts";
import {
  type DatasetFiles,
  type Evidence,
  listsLicenses,
  namesPeople,
  readConflicts,
  readEvidence,
  readSharedIds,
} from "./tenant-evidence.ts";

interface Comparing {
  readonly connection: DuckDBConnection;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly loads: readonly FileLoad[];
  readonly firstFile: number;
  /** SQL that gives tenant_id and tenant_name of the tenants that files from `$first_file` on name. */
  readonly candidatesSql: string;
  /** The user says that the files are of the tenant of the database. */
  readonly isSameTenant?: boolean | undefined;
  /** There is no database. */
  readonly isCheck?: boolean | undefined;
}

/** A file of this import, and what it says of its tenant. */
interface Candidate {
  readonly load: FileLoad;
  readonly dataset: Dataset;
  readonly evidence: Evidence;
}

interface Comparison extends Comparing {
  readonly known: Known;
  readonly candidates: readonly Candidate[];
  readonly groups: readonly DatasetFiles[];
}

/** Files that are of another tenant as it seems, and why: what is said of them behind what the database is. */
interface Doubt {
  readonly files: readonly FileLoad[];
  readonly why: string;
}

/**
 * Compares new files with the database and with each other. Returns the refusal (exit 4) where some are of another
 * tenant or cloud and nobody says that they belong together; writes into the ledger what was said.
 */
export async function compareTenants(comparing: Comparing): Promise<CliError | undefined> {
  const { connection, loads, isSameTenant = false } = comparing;
  const known = await readKnown(comparing);
  const own = [...groupBy(loads, ({ recognition }) => recognition.dataset)].flatMap(([dataset, files]) =>
    dataset ? [{ dataset, files: files.map(({ id }) => id) }] : [],
  );
  const found = await readEvidence(connection, own);
  const candidates = loads.flatMap((load): Candidate[] => {
    const evidence = found.get(load.id);
    const { dataset } = load.recognition;
    return evidence && dataset ? [{ load, dataset, evidence }] : [];
  });
  const comparison = { ...comparing, known, candidates, groups: [...known.groups, ...own] };
  const linked = await linkFiles(comparison);
  const doubts = [
    compareClouds(comparison),
    await compareIds(comparison),
    compareSample(comparison, linked),
    comparePeople(comparison, linked),
    await compareUpns(comparison),
  ].filter((doubt) => doubt !== undefined);
  const [doubt] = doubts;
  if (doubt && (!isSameTenant || isOfSample(comparison))) return toRefusal(comparison, doubt);
  if (!isSameTenant) nameUncompared(comparison, linked);
  const accepted = new Set(doubts.flatMap(({ files }) => files));
  const rows = loads.map((load) => ({
    source_file_id: load.id,
    graph_host: hostOf(load) ?? null,
    has_evidence: hasEvidence(found.get(load.id)),
    same_tenant: accepted.has(load),
  }));
  await insertRows(connection, "meta.file_tenants", rows);
  return undefined;
}

function hasEvidence(evidence: Evidence | undefined): boolean {
  return Object.values(evidence ?? {}).some(({ size }: { readonly size: number }) => size > 0);
}

/** An invented tenant is mixed with no real one, whatever the user says. */
function isOfSample({ known, candidates }: Comparison): boolean {
  return (
    known.tenantId === sampleTenant ||
    known.evidence.tenants.has(sampleTenant) ||
    candidates.some(({ evidence }) => evidence.tenants.has(sampleTenant))
  );
}

function toRefusal(comparison: Comparison, { files, why }: Doubt): CliError {
  const { known, isCheck = false } = comparison;
  const names = files.slice(0, 3).map(({ recognition }) => recognition.file.label);
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  const isNew = known.isEmpty && known.tenantId === null;
  const mixed = `the files are of more than one tenant: ${why}`;
  const found = isNew
    ? `${isCheck ? "" : "the database has nobody yet, and "}${mixed}`
    : `the database belongs to ${known.description}, but ${why}`;
  const accepting = isOfSample(comparison)
    ? " (--same-tenant does not go with the sample)"
    : "; or, for this one import, say with --same-tenant that these files belong to its tenant";
  const ways = `Keep one database per tenant: choose another with --db FILE${accepting}`;
  const message = `${found} (${names.join(", ")}${more}). ${ways}.${isCheck ? "" : " Nothing was imported."}`;
  return new CliError(message, { exitCode: exitCodes.database });
}

/** Names the lists of people that nothing could be compared of, or with nobody. */
function nameUncompared(comparison: Comparison, linked: Linked): void {
  const { candidates, known } = comparison;
  const alone = guestsAlone(comparison);
  const others = candidates.filter(({ load, evidence }) => !alone.has(load) && isTelling(evidence));
  const beside = new Set(others.map(({ load }) => linked(load.id)));
  for (const { load, dataset, evidence } of candidates) {
    if (!namesPeople(dataset) || load.tally.read === load.tally.rejected) continue;
    const isMute = evidence.people.size === 0;
    const isAlone = !known.isEmpty && linked(load.id) !== linked(0);
    const isFew = !isTelling(evidence) || !isTelling(known.evidence);
    const isApart = linked(load.id) !== linked(0) && !beside.has(linked(load.id));
    const isOfNobodys = alone.has(load) && isApart && (beside.size > 0 || !known.isEmpty);
    if (isMute || (isAlone && isFew) || isOfNobodys)
      load.tally.issues.add({ code: "tenant_not_compared", isMute });
  }
}

/** The host of the cloud that a file's context names; usage reports come from a service that may name another. */
function hostOf({ recognition }: FileLoad): string | undefined {
  const { kind, snapshotDate } = recognition.dataset ?? {};
  if (kind === "state" && snapshotDate !== undefined) return undefined;
  return /^https?:\/\/([^/:?#]+)/i.exec(recognition.context ?? "")?.[1]?.toLowerCase();
}

function compareClouds({ known, loads }: Comparison): Doubt | undefined {
  const hosts = known.hosts.size > 0 ? known.hosts : new Set(loads.map(hostOf).filter(Boolean).slice(0, 1));
  const files = loads.filter((load) => hostOf(load) !== undefined && !hosts.has(hostOf(load) ?? ""));
  const [file] = files;
  if (file === undefined) return undefined;
  return {
    files,
    why: `it is of the cloud of ${[...hosts].join(", ")}, and some files are of that of ${hostOf(file)}`,
  };
}

/** Holds the ids that exports name against each other: an organization has one, an export of SKUs those of its accounts. */
async function compareIds({
  connection,
  known,
  candidates,
  ...rest
}: Comparison): Promise<Doubt | undefined> {
  const { tenantId, evidence } = known;
  let ids = tenantId === null ? evidence.tenants : new Set([tenantId]);
  const files: FileLoad[] = [];
  const naming = candidates.filter((candidate) => candidate.evidence.tenants.size > 0);
  for (const { load, evidence: own } of naming.toSorted(
    (left, right) => left.evidence.tenants.size - right.evidence.tenants.size,
  )) {
    const both = new Set([...own.tenants].filter((id) => ids.size === 0 || ids.has(id)));
    if (both.size === 0) files.push(load);
    else ids = both;
  }
  if (files.length > 0) {
    const names = await readRows(connection, rest.candidatesSql, { first_file: rest.firstFile });
    const other = names.find((row) => !ids.has(String(row["tenant_id"])));
    const name = [other?.["tenant_name"], other?.["tenant_id"]].filter((part) => typeof part === "string");
    return { files, why: `the files are of tenant ${name.join(", ") || "with another id"}` };
  }
  const logs = candidates.filter(({ evidence: own }) => own.homes.size + own.resources.size > 0);
  const others = logs.filter((log) => ids.size > 0 && ![...ids].some((id) => belongs(log.evidence, id)));
  if (others.length === 0) return undefined;
  return { files: others.map(({ load }) => load), why: "there are sign-in logs of another tenant" };
}

/** A log is of a tenant that is signed in to at least once in it, or where most of its accounts are. */
function belongs({ homes, resources }: Evidence, id: string): boolean {
  return resources.has(id) || 2 * (homes.get(id) ?? 0) > total(homes);
}

/** Two lists of fewer people than these, known by object id alone, may have nobody in common. */
const fewestIds = 3;

/** Whether there is enough that people can be compared by. */
function isTelling({ people, domains, homes, resources }: Evidence): boolean {
  const isNamed = [...people.keys()].some((domain) => domain !== "");
  return isNamed || domains.size + homes.size + resources.size > 0 || total(people) >= fewestIds;
}

/** Gives the group of a file (of the database for 0): files of one group are of one tenant. */
type Linked = (file: number) => number;

/** Of a log that does not say where accounts are at home, a domain or people that are fewer than one in ten may be guests. */
const guestShare = 10;

/** Links what shares a domain of UPNs, a tenant, or people by object id. */
async function linkFiles(comparison: Comparison): Promise<Linked> {
  const { connection, known, candidates, groups } = comparison;
  const { linked, join } = createLinks();
  linkTokens(comparison, join);
  const peopled = candidates.filter(({ evidence }) => evidence.people.size > 0).map(({ load }) => load.id);
  const sides = new Set([...peopled, ...(known.evidence.people.size > 0 ? [0] : [])].map(linked));
  if (sides.size < 2) return linked;
  const loose = new Set(candidates.flatMap(({ load, dataset }) => (isLoose(dataset) ? load.id : [])));
  const nodes = nodesOf(comparison).map(([file, node]) => [file, node, linked(node)] as const);
  for (const { left, right, shared, lefts, rights } of await readSharedIds(connection, groups, nodes)) {
    const isFew = (node: number, people: number): boolean => loose.has(node) && guestShare * shared < people;
    if (!isFew(left, lefts) && !isFew(right, rights)) join(left, right);
  }
  return linked;
}

type Join = (left: number, right: number) => void;

/** Numbers that come together in groups, each named by its lowest. */
function createLinks(): { readonly linked: Linked; readonly join: Join } {
  const parents = new Map<number, number>();
  const linked: Linked = (file) => {
    const parent = parents.get(file) ?? file;
    return parent === file ? file : linked(parent);
  };
  const join: Join = (left, right) => {
    const [low, high] = [linked(left), linked(right)].toSorted((one, other) => one - other);
    if (low !== undefined && high !== undefined) parents.set(high, low);
  };
  return { linked, join };
}

/** Links files, and the database as 0, by what both say. */
function linkTokens({ known, candidates }: Comparison, join: Join): void {
  const first = new Map<string, number>();
  const give = (file: number, tokens: readonly string[]): void => {
    for (const token of tokens) {
      join(file, first.get(token) ?? file);
      first.set(token, first.get(token) ?? file);
    }
  };
  const ownId = known.tenantId === null ? [] : [known.tenantId];
  const ids = candidates.flatMap(({ evidence }) => [...evidence.tenants]);
  const named = new Set([...ids, ...known.evidence.tenants, ...ownId]);
  give(0, [...ownId.map((id) => `tenant ${id}`), ...tokensOf(known.evidence, named, false)]);
  for (const { load, dataset, evidence } of candidates) {
    // Pages that have object ids alone are parts of one list.
    const isUnnamed =
      evidence.people.size > 0 && [...evidence.people.keys()].every((domain) => domain === "");
    const list = isUnnamed && !isLoose(dataset) ? [`list ${dataset.name}`] : [];
    give(load.id, [...tokensOf(evidence, named, isLoose(dataset)), ...list]);
  }
}

function isLoose(dataset: Dataset): boolean {
  return dataset.kind === "event";
}

/** The files of the database are one, those of the import each one. */
function nodesOf({ groups, firstFile }: Comparison): (readonly [number, number])[] {
  return groups.flatMap(({ files }) => files.map((file) => [file, file < firstFile ? 0 : file] as const));
}

function tokensOf(evidence: Evidence, named: ReadonlySet<string>, isLog: boolean): string[] {
  const { people, domains, tenants, homes, resources } = evidence;
  const least = isLog && homes.size === 0 ? total(people) / guestShare : 0;
  const upnDomains = [...people].filter(([domain, records]) => domain !== "" && records >= least);
  const isNamed = [...named].filter((id) => belongs(evidence, id));
  const main = [...resources].toSorted(([, left], [, right]) => right - left)[0] ?? [...homes][0];
  return [
    ...upnDomains.map(([domain]) => `domain ${domain}`),
    ...[...domains].map((domain) => `domain ${domain}`),
    ...[...tenants, ...isNamed].map((id) => `tenant ${id}`),
    ...(main === undefined || named.size > 0 ? [] : [`tenant ${main[0]}`]),
  ];
}

/** A list of guests alone is told by their object ids: of those who have too few guests it may be or not. */
function isOfGuests({ people, guests, domains }: Evidence): boolean {
  return total(guests) > 0 && total(guests) === total(people) && domains.size === 0;
}

/** Lists of guests that can be compared with nobody: neither the database nor any other list has guests. */
function guestsAlone({ known, candidates }: Comparison): ReadonlySet<FileLoad> {
  const lists = candidates.filter(({ evidence }) => isOfGuests(evidence));
  const others = candidates.filter(({ evidence }) => !isOfGuests(evidence));
  const guests = others.reduce(
    (sum, { evidence }) => sum + total(evidence.guests),
    total(known.evidence.guests),
  );
  return new Set(guests < fewestIds ? lists.map(({ load }) => load) : []);
}

/** Everybody must be linked with the database, or with the largest group of the files where that has nobody. */
function comparePeople(comparison: Comparison, linked: Linked): Doubt | undefined {
  const { known, candidates } = comparison;
  const alone = guestsAlone(comparison);
  const telling = candidates.filter(({ load, evidence }) => isTelling(evidence) && !alone.has(load));
  const sizes = groupBy(telling, ({ load }) => linked(load.id));
  const sizeOf = (group: number): number =>
    (sizes.get(group) ?? []).reduce((sum, { evidence }) => sum + total(evidence.people), 0);
  const main = isTelling(known.evidence)
    ? linked(0)
    : [...sizes.keys()].toSorted((left, right) => sizeOf(right) - sizeOf(left))[0];
  const others = telling.filter(({ load }) => linked(load.id) !== main);
  const [other] = others;
  if (other === undefined) return undefined;
  const group = sizes.get(linked(other.load.id)) ?? [];
  const largest = group.toSorted(
    (left, right) => total(right.evidence.people) - total(left.evidence.people),
  )[0];
  const people = describePeople(largest?.evidence.people ?? new Map());
  const rest = isTelling(known.evidence) ? "it" : "the other files";
  return {
    files: others.map(({ load }) => load),
    why: `${people} among the files share no object id and no domain of user principal names with ${rest}`,
  };
}

/** Nothing of others comes to the sample: no licenses that it does not have; and the sample to nobody else. */
function compareSample({ known, candidates }: Comparison, linked: Linked): Doubt | undefined {
  const naming = candidates.filter(({ evidence }) => evidence.tenants.has(sampleTenant));
  const isSample = known.tenantId === sampleTenant;
  if (
    naming.length > 0 &&
    !isSample &&
    !known.isEmpty &&
    naming.every(({ load }) => linked(load.id) !== linked(0))
  )
    return { files: naming.map(({ load }) => load), why: "the files are the sample of this tool" };
  if (!isSample && naming.length === 0) return undefined;
  const own = new Set([
    ...known.evidence.subscriptions,
    ...naming.flatMap(({ evidence }) => [...evidence.subscriptions]),
  ]);
  const others = candidates.filter(
    ({ dataset, evidence }) =>
      listsLicenses(dataset) &&
      evidence.subscriptions.size > 0 &&
      own.size > 0 &&
      [...evidence.subscriptions].every((id) => !own.has(id)),
  );
  if (others.length === 0) return undefined;
  return {
    files: others.map(({ load }) => load),
    why: "there are licenses among the files that the sample does not have",
  };
}

/** The same names with other object ids are the people of a tenant that moved to another. */
async function compareUpns(comparison: Comparison): Promise<Doubt | undefined> {
  const { connection, groups, loads, firstFile } = comparison;
  const conflicts = await readConflicts(connection, groups, nodesOf(comparison));
  const ids = new Set(conflicts.map(({ right }) => right).filter((id) => id >= firstFile));
  const [conflict] = conflicts;
  if (conflict === undefined || ids.size === 0) return undefined;
  return {
    files: loads.filter(({ id }) => ids.has(id)),
    why: `${conflict.shared} user principal names of the files have mostly other object ids in it: migrated, or another tenant?`,
  };
}
