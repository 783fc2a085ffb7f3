import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CliError, exitCodes } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset } from "../schema/dataset.ts";
import type { InputFile } from "../source/discover.ts";
import { readRecordDays, readStatedDates, type RecordDays, type Stated } from "./day-evidence.ts";
import { toExports } from "./list-exports.ts";
import { contradict, foldersUpTo, readFolders, readFolderName, readPortalName } from "./name-days.ts";
import type { NamedTime } from "./name-days.ts";

/**
 * Who says of which day a file is: the file itself, `--as-of`, its name, its folder's name, another list of the
 * directory; `bound`: times inside records, its own or (where the time of writing is out of their reach) those beside it;
 * the time of writing, which is a guess. Events say theirs by their records.
 */
type DateSource =
  | "file"
  | "as_of"
  | "file_name"
  | "folder_name"
  | "other_file"
  | "bound"
  | "modified_time"
  | "records";

/** The day that a file's data is of (YYYY-MM-DD), and who says so. */
export interface FileDate {
  readonly date: string | null;
  readonly source: DateSource;
  readonly period: number | null;
  /** Of events: the day of the first one. */
  readonly first?: string | null;
  /** What the nearest folder's name states; a month alone gives order and no day. */
  readonly named?: NamedTime | undefined;
}

interface Dating {
  readonly connection: DuckDBConnection;
  readonly firstFile: number;
  readonly asOf?: string | undefined;
  /** When the import began: nothing was exported later. */
  readonly startedAt: Date;
}

/** The time of writing counts so many days from the newest time in the records beside it. */
const guessDays = 7;
/** Evidence so many days apart agrees: zones, and exports that take a night. */
const agreedDays = 2;

/** Dates files by the first evidence that there is; says where evidence contradicts itself and where a day is a guess. */
export async function dateFiles(
  dating: Dating,
  loads: readonly FileLoad[],
): Promise<Map<FileLoad, FileDate>> {
  const files = await readEvidence(dating, loads);
  const scene: Scene = {
    asOf: dating.asOf,
    today: toDay(dating.startedAt.getTime()),
    lists: groupBy(
      files.filter(({ dataset, told }) => dataset.isDirectory && told !== undefined),
      ({ file }) => file.folder,
    ),
    reach: createReach(files),
  };
  return new Map(
    files.map((file) => {
      const date = dateFile(file, scene);
      if (file.dataset.kind !== "reference") sayContradiction(file, { date, scene });
      return [file.load, date];
    }),
  );
}

/** What is known of a file's day before files are compared. */
interface Dated {
  readonly load: FileLoad;
  readonly file: InputFile;
  readonly dataset: Dataset;
  readonly stated: Stated | undefined;
  /** What the file says itself. */
  readonly own: string | undefined;
  /** That, or the day in its name. */
  readonly told: string | undefined;
  readonly portal: string | undefined;
  readonly named: NamedTime | undefined;
  readonly days: RecordDays;
  /** When it was written, or the last page of its export. */
  readonly written: string;
}

interface Scene {
  readonly asOf: string | undefined;
  readonly today: string;
  /** Lists of the directory that say their day, by folder. */
  readonly lists: ReadonlyMap<string, readonly Dated[]>;
  readonly reach: (file: Dated) => string | undefined;
}

async function readEvidence(
  { connection, firstFile, startedAt }: Dating,
  loads: readonly FileLoad[],
): Promise<Dated[]> {
  const files: Dated[] = [];
  // A clock or a zone may be a day off.
  const limit = toDay(startedAt.getTime() + 86_400_000);
  for (const [dataset, group] of groupBy(loads, ({ recognition }) => recognition.dataset)) {
    if (dataset === undefined) continue;
    const dates = await readStatedDates(connection, dataset, firstFile);
    const days = await readRecordDays(connection, dataset, { firstFile, limit });
    for (const neighbours of groupBy(group, ({ recognition }) => recognition.file.folder).values())
      files.push(...describeFolder(dataset, neighbours, { dates, days, startedAt }));
  }
  return files;
}

interface InRecords {
  readonly dates: ReadonlyMap<number, Stated>;
  readonly days: ReadonlyMap<number, RecordDays>;
  readonly startedAt: Date;
}

function portalOf({ recognition }: FileLoad): string | undefined {
  return readPortalName(recognition.file.name);
}

/** The files of one dataset in one folder; pages of one export are of one day: that of the newest of them. */
function describeFolder(
  dataset: Dataset,
  neighbours: readonly FileLoad[],
  { dates, days, startedAt }: InRecords,
): Dated[] {
  const describe = (loads: readonly FileLoad[]): Together => ({
    stated: loads
      .flatMap(({ id }) => dates.get(id) ?? [])
      .reduce<Stated | undefined>((best, one) => (best && best.date >= one.date ? best : one), undefined),
    days: newestDays(loads.flatMap(({ id }) => days.get(id) ?? [])),
    written: loads.reduce((time, { recognition }) => Math.max(time, recognition.file.modifiedAt), -Infinity),
  });
  const exports = dataset.kind === "state" ? toExports(neighbours).map(({ files }) => files) : [];
  const exportOf = new Map(
    exports.flatMap((files) => {
      const together = describe(files);
      return files.map((load) => [load, together] as const);
    }),
  );
  const byPortal = groupBy(neighbours, portalOf);
  const bounds = new Map([...byPortal].map(([portal, files]) => [portal, describe(files).days]));
  return neighbours.map((load): Dated => {
    const { file } = load.recognition;
    const together = exportOf.get(load) ?? describe([load]);
    const own = together.stated?.date ?? load.tally.statedDay;
    const portal = portalOf(load);
    return {
      load,
      file,
      dataset,
      own,
      portal,
      stated: together.stated,
      told: own ?? portal,
      named: readFolders(file.root, file.folder),
      // Parts of one list are of one day, whose bound is that of all; a name that states another day is of another list.
      days: own === undefined ? (bounds.get(portal) ?? together.days) : together.days,
      written: toDay(Math.min(startedAt.getTime(), together.written)),
    };
  });
}

interface Together extends Pick<Dated, "stated" | "days"> {
  readonly written: number;
}

function newestDays(days: readonly RecordDays[]): RecordDays {
  const of = (pick: (day: RecordDays) => string | undefined): string | undefined => newestOf(days.map(pick));
  return { near: of(({ near }) => near), floor: of(({ floor }) => floor), any: of(({ any }) => any) };
}

function dateFile(file: Dated, scene: Scene): FileDate {
  const { dataset, stated, own, named } = file;
  const period = stated?.period ?? null;
  if (dataset.kind === "event")
    return { date: stated?.date ?? null, first: stated?.first ?? null, source: "records", period, named };
  // A report is of one day; registrations state a time each.
  const stating = dataset.properties.find(({ name }) => name === dataset.snapshotDate);
  if (stating?.format === "date" && stated && stated.first !== stated.date)
    file.load.tally.issues.add({ code: "several_refresh_dates" });
  if (own !== undefined) return { date: own, source: "file", period, named };
  const said = firstOf([
    [scene.asOf, "as_of"],
    [file.portal, "file_name"],
    [named?.day, "folder_name"],
    [listBeside(file, scene)?.told, "other_file"],
  ]);
  if (said === undefined) return { ...guess(file, scene), period, named };
  const { floor } = file.days;
  const isTooOld =
    dataset.kind === "state" && floor !== undefined && daysBetween(said.date, floor) > agreedDays;
  return { ...(isTooOld ? { date: floor, source: "bound" } : said), period, named };
}

function firstOf(
  evidence: readonly (readonly [string | undefined, DateSource])[],
): { readonly date: string; readonly source: DateSource } | undefined {
  const [first] = evidence.flatMap(([date, source]) => (date === undefined ? [] : [{ date, source }]));
  return first;
}

/** The time of writing where the times in records beside the file bear it out, else the newest of these. */
function guess(file: Dated, { reach, today }: Scene): { readonly date: string; readonly source: DateSource } {
  const { load, dataset, days, written } = file;
  const newest = reach(file);
  const isBorneOut = newest === undefined || (written >= newest && daysBetween(newest, written) <= guessDays);
  const day = isBorneOut ? written : newest;
  const bounded = days.floor !== undefined && days.floor > day ? days.floor : day;
  const date = bounded > today ? today : bounded;
  const source = date === written ? "modified_time" : "bound";
  if (dataset.kind === "state") load.tally.issues.add({ code: "date_guessed", date, written });
  return { date, source };
}

/** The list of the directory that says its day, in the file's folder or else the nearest above; the newest of several. */
function listBeside({ file, dataset, named }: Dated, { lists }: Scene): Dated | undefined {
  let isOutside = false;
  for (const folder of foldersUpTo(file.root, file.folder)) {
    const beside = (lists.get(folder) ?? []).filter((list) => list.dataset !== dataset);
    const [newest] = beside.toSorted((one, other) => ((one.told ?? "") < (other.told ?? "") ? 1 : -1));
    // Above the folder of a month a list may be of another.
    const isOfMonth = !isOutside || newest?.told?.slice(0, 7) === named?.month;
    if (newest !== undefined && isOfMonth) return newest;
    isOutside ||= readFolderName(basename(folder)) !== undefined;
  }
  return undefined;
}

/**
 * Finds the newest time that reaches near the day of a file: the refresh date of a report or a time inside records, in
 * the file's folder and below it; where these say nothing, in the nearest folder above, up to the one whose name states
 * a time. Folders whose names state another one say nothing.
 */
function createReach(files: readonly Dated[]): Scene["reach"] {
  const folders = [...groupBy(files, ({ file }) => file.folder)].map(([folder, group]) => ({
    folder,
    near: newestOf(group.map(({ days }) => days.near)),
  }));
  const known = new Map<string, string | undefined>();
  const reachIn = (level: string, named: NamedTime | undefined, isAbove: boolean): string | undefined => {
    const key = JSON.stringify([level, named, isAbove]);
    if (!known.has(key)) {
      const inside = folders.filter(
        ({ folder, near }) => near !== undefined && isBeside(folder, level, { named, isAbove }),
      );
      known.set(key, newestOf(inside.map(({ near }) => near)));
    }
    return known.get(key);
  };
  return ({ file, named }) => {
    for (const level of foldersUpTo(file.root, file.folder)) {
      const newest = reachIn(level, named, level !== file.folder);
      if (newest !== undefined || readFolderName(basename(level)) !== undefined) return newest;
    }
    return undefined;
  };
}

interface Side {
  readonly named: NamedTime | undefined;
  /** The level lies above the file's folder. */
  readonly isAbove: boolean;
}

function isBeside(folder: string, level: string, { named, isAbove }: Side): boolean {
  if (folder === level) return true;
  if (!folder.startsWith(level) || !/[\\/]$/.test(folder.slice(0, level.length + 1))) return false;
  const times = foldersUpTo(level, folder)
    .slice(0, -1)
    .flatMap((place) => readFolderName(basename(place)) ?? []);
  return times.every((time) => (named === undefined ? !isAbove : !contradict(time, named)));
}

/** Says where the evidence on a file's day is more than two days apart. */
function sayContradiction(
  file: Dated,
  { date: { date, source }, scene }: { readonly date: FileDate; readonly scene: Scene },
): void {
  const { dataset, named, portal, own, days, load } = file;
  const claims: [what: string, day: string][] = [];
  const claim = (what: string, day: string | undefined): void => {
    if (day !== undefined) claims.push([what, day]);
  };
  // A report and a log are older than their export: the days that they state only bound it.
  if (dataset.isDirectory) claim("its records", own);
  claim("--as-of", scene.asOf);
  claim("its name", portal);
  claim("its folder's name", named?.day);
  if (dataset.kind === "state" && dataset.snapshotDate === undefined)
    claim("another list beside it", listBeside(file, scene)?.told);
  const sorted = claims.toSorted(([, one], [, other]) => (one < other ? -1 : 1));
  const [oldest] = sorted;
  const youngest = sorted.at(-1);
  const floor = days.any;
  const bottom = oldest?.[1] ?? (source === "bound" || source === "modified_time" ? date : null) ?? undefined;
  const isBelow = bottom !== undefined && floor !== undefined && daysBetween(bottom, floor) > agreedDays;
  const isApart = oldest && youngest && daysBetween(oldest[1], youngest[1]) > agreedDays;
  if (!isBelow && !isApart) return;
  const said = sorted.map(([what, day]) => `${what} ${day}`);
  if (isBelow) said.push(`times in its records ${floor}`);
  if (oldest === undefined) said.unshift(`the clock of this computer ${scene.today}`);
  load.tally.issues.add({ code: "date_contradicted", date: date ?? "", evidence: said });
}

/** Refuses `--as-of` for folders that state another day, or more than one month. Throws exit 2. */
export function checkAsOf(asOf: string | undefined, files: readonly InputFile[]): void {
  if (asOf === undefined) return;
  const fail = (what: string): never => {
    throw new CliError(
      `--as-of ${asOf} cannot hold for all that was given: ${what}. Leave --as-of out, or import each folder by itself.`,
      { exitCode: exitCodes.usage },
    );
  };
  const folders = new Map(files.map(({ root, folder }) => [folder, root]));
  const months = new Map<string, string>();
  for (const [folder, root] of folders)
    for (const place of foldersUpTo(root, folder)) {
      const named = readFolderName(basename(place));
      if (named?.day !== undefined && named.day !== asOf)
        fail(`the name of the folder ${basename(place)} states another day`);
      if (named !== undefined) months.set(named.month, basename(place));
    }
  if (months.size > 1) fail(`the folders ${[...months.values()].join(", ")} are of more than one month`);
}

function newestOf(days: readonly (string | undefined)[]): string | undefined {
  return days.reduce<string | undefined>(
    (best, day) => (best === undefined || (day !== undefined && day > best) ? day : best),
    undefined,
  );
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** How many days the second is behind the first. */
function daysBetween(first: string, second: string): number {
  return (Date.parse(second) - Date.parse(first)) / 86_400_000;
}
