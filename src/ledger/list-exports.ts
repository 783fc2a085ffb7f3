import { groupBy } from "../group-by.ts";
import type { FileLoad } from "../load/loader.ts";

/** One export of a list: pages up to the last one in their folder, or a file that is no page. */
export interface ExportOfList {
  readonly files: readonly FileLoad[];
  /** Properties that it has in any record. */
  readonly properties: ReadonlySet<string>;
  /** Those that half of its records have, null included: what was asked for. */
  readonly selected: ReadonlySet<string>;
  readonly isCsv: boolean;
}

/** The exports that files of one dataset are, in their order. */
export function toExports(files: readonly FileLoad[]): ExportOfList[] {
  return [...groupBy(files, ({ recognition }) => recognition.file.folder).values()].flatMap((folder) => {
    const pages = folder.filter(({ tally }) => tally.openPages + tally.lastPages > 0);
    const others = folder.filter((file) => !pages.includes(file));
    return [...toChains(pages), ...others.map((file) => [file])].map(toExport);
  });
}

/** Pages follow each other up to a last one; where there is only one last page it may stand anywhere. */
function toChains(pages: readonly FileLoad[]): FileLoad[][] {
  const chains: FileLoad[][] = [];
  let left = pages.filter(({ tally }) => tally.lastPages > 0).length;
  let chain: FileLoad[] = [];
  for (const page of pages) {
    chain.push(page);
    if (page.tally.lastPages === 0) continue;
    left -= 1;
    if (left === 0) continue;
    chains.push(chain);
    chain = [];
  }
  return chain.length === 0 ? chains : [...chains, chain];
}

export function toExport(files: readonly FileLoad[]): ExportOfList {
  const counts = new Map<string, number>();
  for (const { property, present } of files.flatMap(({ tally }) => tally.properties))
    counts.set(property, (counts.get(property) ?? 0) + present);
  const records = files.reduce((sum, { tally }) => sum + tally.read - tally.rejected, 0);
  const namesFrom = (least: number): Set<string> =>
    new Set([...counts].filter(([, present]) => present >= least).map(([name]) => name));
  return {
    files,
    properties: namesFrom(1),
    selected: namesFrom(Math.max(1, records / 2)),
    isCsv: files.some(({ recognition }) => recognition.wrapper === "csv"),
  };
}

export function isWithin(names: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...names].every((name) => others.has(name));
}

/** Whether two exports were asked for the same properties. */
export function isAlike(one: ExportOfList, other: ExportOfList): boolean {
  return isWithin(one.selected, other.selected) && isWithin(other.selected, one.selected);
}
