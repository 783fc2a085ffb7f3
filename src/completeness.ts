import { groupBy } from "./group.ts";
import type { Recognition } from "./recognise.ts";
import type { Tally } from "./tally.ts";

export type Completeness = "Complete" | "Incomplete" | "Unknown";

/** Whether all of an export is there, as far as its files can tell, and why not. */
export interface Verdict {
  readonly completeness: Completeness;
  readonly reason: string | null;
}

export interface ReadFile {
  readonly recognition: Recognition;
  readonly tally: Tally;
}

/** The reason that a later import of the missing pages can lift. */
export const pagesMissing = "paging stopped before the last page";

/**
 * Judges each file, in order. Pages of one dataset in one folder belong together: of a state export one of them must
 * be the last page; of event exports, which may be several in one folder, the last file must hold one.
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
  if (recognition.wrapper === "error")
    return { completeness: "Incomplete", reason: "an error answer, no data" };
  if (!recognition.isReadable) return { completeness: "Unknown", reason: "the file was not read" };
  if (tally.isDamaged) return { completeness: "Incomplete", reason: "the file is cut or damaged" };
  if (tally.issues.list().some(({ code }) => code === "count_mismatch"))
    return { completeness: "Incomplete", reason: "it holds fewer records than it says" };
  if (recognition.wrapper === "csv" || recognition.wrapper === "objects")
    return { completeness: "Unknown", reason: "this kind of file does not show where it ends" };
  const pages = neighbours.filter(({ tally: { openPages, lastPages } }) => openPages + lastPages > 0);
  const mustClose = recognition.dataset?.kind === "event" ? pages.slice(-1) : pages;
  const isOpen =
    pages.length > 0 && pages.includes(file) && !mustClose.some((page) => page.tally.lastPages > 0);
  if (!isOpen) return { completeness: "Complete", reason: null };
  if (file === pages.at(-1)) tally.issues.add({ code: "next_link" });
  return { completeness: "Incomplete", reason: pagesMissing };
}

/** The verdict on several files together: as bad as the worst of them. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  for (const completeness of ["Incomplete", "Unknown"] as const) {
    const worst = verdicts.find((verdict) => verdict.completeness === completeness);
    if (worst) return worst;
  }
  return { completeness: "Complete", reason: null };
}
