import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readRows, type Database, type Row } from "../database/open.ts";
import { CliError, exitCodes } from "../errors.ts";
import { removeFile } from "../files.ts";
import { findFollowRefusals, readFollowed, toFollows, type Follows } from "../handoff/follows.ts";
import { layouts, type Layout } from "../handoff/layout.ts";
import { worstOf, type ManifestFile, type Status } from "../handoff/manifest.ts";
import { writeFolder } from "../handoff/place.ts";
import { describeDatabase, type Described } from "../outputs/describe-bundle.ts";
import { refuseIncomplete, writeBundleTags } from "../outputs/export.ts";
import { readFindings } from "../outputs/status.ts";
import { withAside } from "../transform/as-of.ts";
import type { Filled, Refusal } from "./counts.ts";
import { describeProfileDialect, describeProfileFiles } from "./describe.ts";
import { findRefusals, outputsOfFile, planFiles, type FilePlan, type NotWritten } from "./plan.ts";
import type { Limits } from "./profile.ts";
import type { ReadProfile } from "./read.ts";
import { incompleteCode, refuseUnlessAccepted } from "./refusals.ts";
import { writeProfileFiles, type FileWritten } from "./write.ts";

/** An export by a profile. */
export interface ProfileExportOptions {
  readonly read: ReadProfile;
  readonly folder: string;
  readonly layout?: Layout;
  readonly replaces?: boolean;
  readonly requiresComplete?: boolean;
  readonly isSafe?: boolean;
  /** Codes of reasons that do not keep it from being written. */
  readonly accepted?: readonly string[];
  /** Instead of the profile's own. */
  readonly maxBytes?: number | undefined;
  /** The folder of an earlier bundle. */
  readonly follows?: string | undefined;
}

/** What was exported by a profile. */
export interface ProfileExported {
  readonly files: readonly ManifestFile[];
  readonly bundleId: string;
  readonly status: Status;
  readonly notWritten: readonly NotWritten[];
  readonly leftOut: readonly { readonly file: string; readonly reason: string; readonly rows: number }[];
  readonly filled: readonly (Filled & { readonly file: string })[];
}

/**
 * Writes the files of a profile, a manifest and checksums into a folder, which is made aside and then put in place as a
 * whole. Throws exit 1 with all reasons where the rules of the profile do not hold, and nothing is written.
 */
export async function exportByProfile(
  database: Database,
  options: ProfileExportOptions,
): Promise<ProfileExported> {
  const { connection } = database;
  const { folder, replaces = false, read } = options;
  const followed = options.follows === undefined ? undefined : await readFollowed(options.follows);
  return await writeFolder({ folder, replaces }, async (aside) => {
    const status = await readRows(connection, "from output_status");
    const isSupplied = (output: string): boolean =>
      status.some((row) => row["output"] === output && row["data_status"] !== "Not supplied");
    const plan = planFiles(read.profile, isSupplied);
    const outputs = [...new Set(plan.files.flatMap(outputsOfFile))];
    if (options.requiresComplete === true) refuseIncomplete(status, outputs);
    return await withAside(connection, [...outputs, "data_quality"], () =>
      writeBundle(database, { options, plan, outputs, aside, isSupplied, followed }),
    );
  });
}

interface Work {
  readonly options: ProfileExportOptions;
  readonly plan: FilePlan;
  readonly outputs: readonly string[];
  readonly aside: string;
  readonly isSupplied: (output: string) => boolean;
  readonly followed: Follows | undefined;
}

async function writeBundle({ connection }: Database, work: Work): Promise<ProfileExported> {
  const { options, plan, outputs, aside, isSupplied } = work;
  const { profile } = options.read;
  const payload = payloadOf(options);
  if (payload !== "") mkdirSync(join(aside, payload), { mode: 0o700 });
  const described = await describeDatabase(connection, outputs);
  const findings = await readFindings(connection);
  const asOf = String(described.head.as_of);
  const limits = findLimits(options);
  const folder = join(aside, payload);
  const written = await writeProfileFiles(plan.files, {
    connection,
    profile,
    asOf,
    isSupplied,
    folder,
    limits,
  });
  const found = await gatherRefusals(connection, work, { described, findings, written });
  const codes = new Set([...(options.accepted ?? []), ...(profile.accept ?? [])]);
  const accepted = refuseUnlessAccepted(profile.profile, found, codes);
  const { kept, dropped } = dropFullLoads(written, accepted, work);
  const notWritten = [...plan.notWritten, ...dropped];
  const files = describeProfileFiles(kept, {
    profile,
    payload,
    saidOf: described.saidOf,
    tenantId: described.head.tenant?.["tenant_id"],
    asOf,
    isSplit: limits !== undefined,
  });
  const manifest = {
    ...described.head,
    ...describeChoices(work, { files, accepted, notWritten, limits }),
    ...described.tail,
    findings,
    follows: toFollows(work.followed),
  };
  const bundleId = await writeBundleTags(aside, options.layout ?? "flat", manifest);
  return { files, bundleId, status: manifest.status, notWritten, ...gatherCounts(kept) };
}

/** Where the files of a profile lie in its bundle. */
function payloadOf({ layout = "flat", read: { profile } }: ProfileExportOptions): string {
  return layouts[layout].payload || (profile.folder === "data" ? "data/" : "");
}

interface Known {
  readonly described: Described;
  readonly findings: readonly Row[];
  readonly written: readonly FileWritten[];
}

async function gatherRefusals(
  connection: Database["connection"],
  { options, plan, outputs, followed }: Work,
  { described: { head, tail, saidOf }, findings, written }: Known,
): Promise<readonly Refusal[]> {
  const before = await findRefusals(connection, {
    profile: options.read.profile,
    isSafe: options.isSafe === true,
    snapshots: tail.snapshots,
    asOfRestsOn: head["as_of_rests_on"],
    findings,
    hasReason: (code) =>
      outputs.some((output) => saidOf(output).reasons.some((reason) => reason.code === code)),
  });
  return [
    ...plan.refusals,
    ...before,
    ...(followed === undefined ? [] : findFollowRefusals(followed, head)),
    ...written.flatMap(({ refusals }) => refusals),
  ];
}

interface Chosen {
  readonly files: readonly ManifestFile[];
  readonly accepted: readonly Refusal[];
  readonly notWritten: readonly NotWritten[];
  readonly limits: Limits | undefined;
}

/** What a manifest says between its head and its tail. */
function describeChoices({ options }: Work, { files, accepted, notWritten, limits }: Chosen) {
  const { read, layout = "flat", requiresComplete = false } = options;
  const { profile: name, version, experimental, format } = read.profile;
  return {
    profile: { name, version, sha256: read.sha256, experimental, not_written: notWritten },
    format,
    dialect: describeProfileDialect(read.profile),
    options: {
      safe_cells: false,
      layout,
      require_complete: requiresComplete,
      ...(limits?.max_bytes === undefined ? {} : { max_bytes: limits.max_bytes }),
      accepted,
    },
    marking: null,
    status: worstOf(files),
    usable: accepted.length === 0,
    files,
  };
}

/** Undefined where files are one each. */
function findLimits({ read: { profile }, maxBytes }: ProfileExportOptions): Limits | undefined {
  if (maxBytes === undefined) return profile.split;
  return { ...profile.split, max_bytes: maxBytes };
}

/** A full load takes for gone whom it does not have: of a list that lacks some, none is written. */
function dropFullLoads(
  written: readonly FileWritten[],
  accepted: readonly Refusal[],
  { options, aside }: Work,
): { readonly kept: readonly FileWritten[]; readonly dropped: readonly NotWritten[] } {
  const datasets = Object.keys(options.read.profile.needs.datasets ?? {});
  const lacking = datasets.filter((dataset) => accepted.some(({ code }) => code === incompleteCode(dataset)));
  const isFull = ({ rules }: FileWritten): boolean => lacking.length > 0 && rules.upload?.loadType === "full";
  for (const { parts } of written.filter(isFull))
    for (const { file } of parts) removeFile(join(aside, payloadOf(options), file));
  if (written.length > 0 && written.every(isFull))
    throw new CliError("a full load of an incomplete list is not written, and the profile has nothing else", {
      exitCode: exitCodes.incomplete,
    });
  return {
    kept: written.filter((file) => !isFull(file)),
    dropped: written.filter(isFull).map(({ rules: { file } }) => ({
      file,
      reason: `a full load of an incomplete list (${lacking.join(", ")}) deactivates whom it lacks`,
    })),
  };
}

function gatherCounts(files: readonly FileWritten[]): Pick<ProfileExported, "leftOut" | "filled"> {
  return {
    leftOut: files.flatMap(({ rules: { file }, counts }) =>
      counts.leftOut.map((each) => ({ file, ...each })),
    ),
    filled: files.flatMap(({ rules: { file }, counts }) => counts.filled.map((each) => ({ file, ...each }))),
  };
}
