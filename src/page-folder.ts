import type { Recognition } from "./recognise.ts";
import type { Tally } from "./tally.ts";

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
export interface Folder {
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

export function describeFolder(all: readonly ReadFile[]): Folder {
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
