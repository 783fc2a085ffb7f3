import { groupBy } from "./group.ts";
import type { Recognition } from "./recognise.ts";
import type { Tally } from "./tally.ts";

export type Completeness = "Complete" | "Incomplete" | "Unknown";

/** Whether all of an export is there, as far as its files can tell, and why not. */
export interface Verdict {
  readonly completeness: Completeness;
  readonly reason: string | null;
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
}

/** The reason that a later import of the missing pages can lift. */
export const pagesMissing = "paging stopped before the last page";

/** The page sizes that Graph gives by default or at most, where a bare list may be the first page only. */
const pageSizes = new Set([100, 999, 1000]);

/**
 * Judges each file, in order. Pages of one dataset in one folder belong together: of a state export one of them must
 * be the last page; of event exports, which may be several in one folder, each open page must be continued.
 */
export function judgeFiles(files: readonly ReadFile[]): Verdict[] {
  const folders = groupBy(files, (file) => folderKey(file));
  return files.map((file) => judgeFile(file, folders.get(folderKey(file)) ?? []));
}

function folderKey({ recognition: { dataset, file } }: ReadFile): string {
  return JSON.stringify([dataset?.name, file.folder]);
}

function judgeFile(file: ReadFile, neighbours: readonly ReadFile[]): Verdict {
  const { recognition, tally } = file;
  if (recognition.wrapper === "error") return incomplete("an error answer, no data");
  if (!recognition.isReadable) return { completeness: "Unknown", reason: "the file was not read" };
  const fault = maybeFault(tally);
  if (fault !== undefined) return incomplete(fault);
  const open = maybeOpenPage(file, neighbours);
  if (open) {
    if (open === file) tally.issues.add({ code: "next_link" });
    return incomplete(pagesMissing);
  }
  if (hasNumberGap(file, neighbours)) return incomplete("a number is missing among the files of its pages");
  if (isMiscounted(file, neighbours)) return incomplete("there are fewer or more records than it says");
  const doubt = maybeDoubt(file, neighbours);
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
  neighbours: readonly ReadFile[],
): string | undefined {
  if (wrapper === "csv" || wrapper === "objects" || tally.hubPages > 0)
    return "this kind of file does not show where it ends";
  if (tally.deltaPages > 0)
    return "an answer of a delta query does not say whether it is the first and whole one";
  if (tally.endsOpen && neighbours.at(-1)?.tally === tally && dataset?.kind !== "event")
    return "the last of its files has a next link, although another is the last page";
  const sizes = new Set(neighbours.map((neighbour) => neighbour.tally.read));
  const isList = wrapper === "array" || tally.listPages > 0;
  if (!isList || !pageSizes.has(tally.read) || sizes.size > 1) return undefined;
  tally.issues.add({ code: "maybe_one_page", records: tally.read });
  return `a bare list of exactly ${tally.read} records may be the first page of more`;
}

/** Whether a page that is alone, or the pages of one series, have another number of records than they say. */
function isMiscounted(file: ReadFile, neighbours: readonly ReadFile[]): boolean {
  const pages = pagesOf(neighbours);
  const isAlone = file.tally.openPages === 0 && file.tally.lastPages === 1;
  const isSeries = pages.reduce((sum, { tally }) => sum + tally.lastPages, 0) === 1;
  if (!pages.includes(file) || !(isAlone || isSeries)) return false;
  const series = isSeries ? pages : [file];
  const stated = series.map(({ tally }) => tally.stated).find((count) => count !== undefined);
  const found = series.reduce((sum, { tally }) => sum + tally.read, 0);
  if (stated === undefined || stated === found) return false;
  if (file === series.at(-1)) file.tally.issues.add({ code: "count_mismatch", stated, found });
  return true;
}

/** Whether the numbered page files of a state export lack a number between them: a page that was not carried along. */
function hasNumberGap(file: ReadFile, neighbours: readonly ReadFile[]): boolean {
  const pages = pagesOf(neighbours);
  if (!pages.includes(file) || file.recognition.dataset?.kind === "event") return false;
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

function pagesOf(files: readonly ReadFile[]): ReadFile[] {
  return files.filter(({ tally: { openPages, lastPages } }) => openPages + lastPages > 0);
}

/** The last of the pages that a file belongs to, where its next link is left and no file follows it. */
function maybeOpenPage(file: ReadFile, neighbours: readonly ReadFile[]): ReadFile | undefined {
  const pages = pagesOf(neighbours);
  if (!pages.includes(file)) return undefined;
  if (file.recognition.dataset?.kind !== "event")
    return pages.some((page) => page.tally.lastPages > 0) ? undefined : pages.at(-1);
  for (let at = pages.indexOf(file); ; at += 1) {
    const [page, next] = [pages[at], pages[at + 1]];
    if (!page?.tally.endsOpen) return undefined;
    if (next === undefined || !continues(page, next)) return page;
  }
}

/** Pages of a log go back in time, or forward where they were sorted so: one that jumps the other way is of another export. */
function continues({ times }: ReadFile, next: ReadFile): boolean {
  if (times === undefined || next.times === undefined) return true;
  if (times.first > times.last) return next.times.latest <= times.latest;
  return times.first === times.last || next.times.earliest >= times.earliest;
}

/** The verdict on several files together: as bad as the worst of them. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  for (const completeness of ["Incomplete", "Unknown"] as const) {
    const worst = verdicts.find((verdict) => verdict.completeness === completeness);
    if (worst) return worst;
  }
  return { completeness: "Complete", reason: null };
}
