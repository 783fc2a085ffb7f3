import type { Tally } from "../batch/file-stats.ts";
import type { Recognition } from "../detect/detection.ts";
import { groupBy } from "../group-by.ts";

export type Completeness = "Complete" | "Incomplete" | "Unknown";

/** Whether all of an export is there, as far as its files can tell, and why not. */
export interface Verdict {
  readonly completeness: Completeness;
  readonly reason: string | null;
}

/** The reason that a later import of the missing pages can lift. */
export const pagesMissing = "paging stopped before the last page";

/** The reason of a list that was suspected partial before its other pages came. */
export const pagesCame = "suspected partial before, no longer";

/** The page sizes that Graph gives by default or at most, where a bare list may be the first page only. */
const pageSizes = new Set([100, 999, 1000]);

/**
 * Judges each file, in order. Pages of one dataset in one folder belong together: of a state export one of them must
 * be the last page; of event exports, which may be several in one folder, each open page must be continued.
 */
export function judgeFiles(files: readonly ReadFile[]): Verdict[] {
  const folders = [...groupBy(files, (file) => folderKey(file))].map(
    ([key, neighbours]) => [key, describeFolder(neighbours)] as const,
  );
  const folderOf = new Map(folders);
  return files.map((file) => judgeFile(file, folderOf.get(folderKey(file)) ?? describeFolder([file])));
}

function folderKey({ recognition: { dataset, file } }: ReadFile): string {
  return JSON.stringify([dataset?.name, file.folder]);
}

function judgeFile(file: ReadFile, folder: Folder): Verdict {
  const { recognition, tally } = file;
  if (recognition.wrapper === "error") return incomplete("an error answer, no data");
  if (!recognition.isReadable) return { completeness: "Unknown", reason: "the file was not read" };
  if (file.isRefused) return incomplete("it was refused");
  const fault = maybeFault(tally);
  if (fault !== undefined) return incomplete(fault);
  const page = folder.pages.get(file);
  const open = page?.openEnd;
  if (open) {
    if (open === file) tally.issues.add({ code: "next_link" });
    return incomplete(pagesMissing);
  }
  if (page && folder.lacksPage) return incomplete("one of its pages was refused");
  if (page && folder.hasNumberGap) return incomplete("a number is missing among the files of its pages");
  if (page && isMiscounted(file, folder)) return incomplete("there are fewer or more records than it says");
  const doubt = maybeDoubt(file, folder);
  return doubt === undefined
    ? { completeness: "Complete", reason: null }
    : { completeness: "Unknown", reason: doubt };
}

function incomplete(reason: string): Verdict {
  return { completeness: "Incomplete", reason };
}

/** What shows that a file does not have all that it should. */
function maybeFault(tally: Tally): string | undefined {
  const codes = new Set(tally.issues.list().map(({ code }) => code));
  if (tally.isDamaged) return "the file is cut or damaged";
  if (tally.isUnended || codes.has("unended")) {
    if (tally.isUnended) tally.issues.add({ code: "unended" });
    return "the file does not end with a line end, so it may have been cut";
  }
  if (tally.listFault !== undefined) return tally.listFault;
  if (tally.isOther) return "a page of it says that it is something else";
  if (tally.answers > 0) return "an error answer stands among its pages";
  if (codes.has("removed")) {
    tally.issues.add({ code: "changes_only" });
    return "it is an answer of a delta query and has only what changed";
  }
  return undefined;
}

/** What leaves it open whether all is there. */
function maybeDoubt(
  { recognition: { wrapper, dataset }, tally }: ReadFile,
  { last, sizes }: Folder,
): string | undefined {
  if (wrapper === "csv" || wrapper === "objects" || tally.hubPages > 0)
    return "this kind of file does not show where it ends";
  if (tally.deltaPages > 0)
    return "an answer of a delta query does not say whether it is the first and whole one";
  if (tally.endsOpen && last?.tally === tally && dataset?.kind !== "event")
    return "the last of its files has a next link, although another is the last page";
  const isList = wrapper === "array" || tally.listPages > 0;
  if (!isList || !pageSizes.has(tally.read) || sizes.size > 1) return undefined;
  tally.issues.add({ code: "maybe_one_page", records: tally.read });
  return `a bare list of exactly ${tally.read} records may be the first page of more`;
}

/** Whether a page that is alone, or the pages of one series, have another number of records than they say. */
function isMiscounted(file: ReadFile, { series }: Folder): boolean {
  const isAlone = file.tally.openPages === 0 && file.tally.lastPages === 1;
  if (!isAlone && !series) return false;
  const stated = series ? series.stated : file.tally.stated;
  const found = series ? series.found : file.tally.read;
  if (stated === undefined || stated === found) return false;
  if (!series || file === series.last) file.tally.issues.add({ code: "count_mismatch", stated, found });
  return true;
}

/** The verdict on a file of which the user says that it is whole: it settles what the file leaves open, not what it shows. */
export function stateWhole(verdict: Verdict, isStated = false): Verdict {
  if (!isStated || verdict.completeness !== "Unknown") return verdict;
  return { completeness: "Complete", reason: statedWhole };
}

/** Why a file is Complete that does not show it. */
export const statedWhole = "said to be whole (--complete)";

/** The verdict on several files together: as bad as the worst of them. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  for (const completeness of ["Incomplete", "Unknown"] as const) {
    const worst = verdicts.find((verdict) => verdict.completeness === completeness);
    if (worst) return worst;
  }
  return { completeness: "Complete", reason: null };
}

/** Of the events in a file: the times of the first and last record, and the earliest and latest of all. */
export interface EventTimes {
  readonly first: string;
  readonly last: string;
  readonly earliest: string;
  readonly latest: string;
}

export interface ReadFile {
  readonly recognition: Recognition;
  readonly tally: Tally;
  readonly times?: EventTimes | undefined;
  /** Nothing of it was taken. */
  readonly isRefused?: boolean | undefined;
}

/** What the files of one dataset in one folder are together; found out once, however many they are. */
interface Folder {
  readonly last: ReadFile | undefined;
  /** How many records the files have. */
  readonly sizes: ReadonlySet<number>;
  /** Those that are pages; with the last of what each belongs to where its next link is left and no file follows it. */
  readonly pages: ReadonlyMap<ReadFile, { readonly openEnd: ReadFile | undefined }>;
  /** The numbered page files of a state export lack a number between them: a page that was not carried along. */
  readonly hasNumberGap: boolean;
  /** A page with a next link was refused. */
  readonly lacksPage: boolean;
  /** The records that its pages say and have, where they are one series. */
  readonly series: Series | undefined;
}

interface Series {
  readonly stated: number | undefined;
  readonly found: number;
  readonly last: ReadFile | undefined;
}

function describeFolder(all: readonly ReadFile[]): Folder {
  const files = all.filter(({ isRefused }) => !isRefused);
  const pages = files.filter(({ tally: { openPages, lastPages } }) => openPages + lastPages > 0);
  const isEvent = files[0]?.recognition.dataset?.kind === "event";
  const openEnd = openEndOf(pages);
  const openEnds = isEvent ? openEndsOf(pages) : pages.map(() => openEnd);
  return {
    last: files.at(-1),
    sizes: new Set(files.map(({ tally }) => tally.read)),
    pages: new Map(pages.map((page, index) => [page, { openEnd: openEnds[index] }])),
    hasNumberGap: !isEvent && hasNumberGap(pages),
    lacksPage: all.some(({ isRefused, tally }) => isRefused === true && tally.openPages > 0),
    series: maybeSeries(pages),
  };
}

function maybeSeries(pages: readonly ReadFile[]): Series | undefined {
  if (pages.reduce((sum, { tally }) => sum + tally.lastPages, 0) !== 1) return undefined;
  return {
    stated: pages.map(({ tally }) => tally.stated).find((count) => count !== undefined),
    found: pages.reduce((sum, { tally }) => sum + tally.read, 0),
    last: pages.at(-1),
  };
}

function hasNumberGap(pages: readonly ReadFile[]): boolean {
  if (!pages.some(({ tally }) => tally.openPages > 0)) return false;
  const parts = pages.map(({ recognition }) =>
    /^(.*?\D)(\d{1,5})((?:\.[a-z]+)*)$/i.exec(recognition.file.name),
  );
  const [first] = parts;
  // The number at the end of a day is no number of a page.
  if (!first || /(?:19|20)\d\d[-_.]?(?:\d\d[-_.]?)?$/.test(first[1] ?? "")) return false;
  if (parts.some((part) => part?.[1] !== first[1] || part?.[3] !== first[3])) return false;
  const numbers = [...new Set(parts.map((part) => Number(part?.[2])))].toSorted((one, two) => one - two);
  const [lowest = 0] = numbers;
  // Pages are counted from 0 or 1: where 2 is the lowest, the first is missing.
  return (numbers.at(-1) ?? 0) - (lowest === 2 ? 1 : lowest) + 1 > numbers.length;
}

/** Of a state export one page must be the last. */
function openEndOf(pages: readonly ReadFile[]): ReadFile | undefined {
  return pages.some((page) => page.tally.lastPages > 0) ? undefined : pages.at(-1);
}

/** Of event exports, which may be several, each open page must be continued. */
function openEndsOf(pages: readonly ReadFile[]): (ReadFile | undefined)[] {
  const ends: (ReadFile | undefined)[] = [];
  for (let at = pages.length - 1; at >= 0; at -= 1) {
    const [page, next] = [pages[at], pages[at + 1]];
    if (!page?.tally.endsOpen) ends[at] = undefined;
    else ends[at] = next && continues(page, next) ? ends[at + 1] : page;
  }
  return ends;
}

/** Pages of a log go back in time, or forward where they were sorted so: one that jumps the other way is of another export. */
function continues({ times }: ReadFile, next: ReadFile): boolean {
  if (times === undefined || next.times === undefined) return true;
  if (times.first > times.last) return next.times.latest <= times.latest;
  return times.first === times.last || next.times.earliest >= times.earliest;
}
