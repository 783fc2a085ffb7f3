import { afterAll, beforeAll } from "vitest";
import { createTally } from "../../src/batch/file-stats.ts";
import type { IssueCount } from "../../src/batch/issue-log.ts";
import { openScratch } from "../../src/database/scratch-database.ts";
import { recogniseInput } from "../../src/detect/input.ts";
import { groupBy } from "../../src/group-by.ts";
import { dateFiles, type FileDate } from "../../src/ledger/dates.ts";
import { createLoader, loadDataset, startTally, type FileLoad, type Loader } from "../../src/load/loader.ts";
import { Workdir } from "../workdir.ts";

/** Files by name: their content, and the day on which they were written (2026-10-31 where nothing is said). */
export type Files = Readonly<
  Record<string, string | object | readonly [content: string | object, written: string]>
>;

/** Long after all files of a test: nothing in them is of a later day. */
const later = new Date("2026-12-22T10:00:00Z");

export interface Said {
  readonly asOf?: string;
  readonly startedAt?: Date;
}

export interface Dated extends FileDate {
  readonly issues: readonly IssueCount[];
}

/** Writes files into folders of their own and asks the tool for their days: all of an import but its outputs. */
export class Dating {
  readonly dir = new Workdir();
  #folders = 0;
  #files = 0;
  #scratch: Awaited<ReturnType<typeof openScratch>> | undefined;
  #loader: Loader | undefined;

  constructor() {
    beforeAll(async () => {
      this.#scratch = await openScratch();
      this.#loader = createLoader(this.#scratch.connection);
    });
    afterAll(() => this.#scratch?.close());
  }

  /** Writes files into a new folder, whose name states nothing, and returns its path. */
  write(files: Files): string {
    this.#folders += 1;
    const root = `exports${"x".repeat(this.#folders)}`;
    for (const [name, file] of Object.entries(files)) {
      const [content, written] = Array.isArray(file)
        ? (file as [string | object, string])
        : [file, "2026-10-31"];
      this.dir.write(`${root}/${name}`, content, `${written}T08:00:00Z`);
    }
    return this.dir.file(root);
  }

  /** The day of each file by its path in the folder, and what is said of it. */
  async dates(folder: string, said: Said = {}): Promise<ReadonlyMap<string, Dated>> {
    const [connection, loader] = [this.#scratch?.connection, this.#loader];
    if (connection === undefined || loader === undefined) throw new Error("there is no database yet");
    const { recognitions } = await recogniseInput({ paths: [folder], isUnhashed: true });
    const firstFile = this.#files + 1;
    const loads = recognitions.map((recognition): FileLoad => {
      this.#files += 1;
      const tally = recognition.isReadable ? startTally(recognition) : createTally();
      return { id: this.#files, recognition, tally };
    });
    for (const [dataset, files] of groupBy(loads, ({ recognition }) => recognition.dataset))
      if (dataset) await loadDataset(loader, dataset, { files, onProgress: () => {} });
    const { asOf, startedAt = later } = said;
    const dates = await dateFiles({ connection, firstFile, asOf, startedAt }, loads);
    return new Map(
      [...dates].map(([{ recognition, tally }, date]) => [
        recognition.file.label.slice(folder.length + 1),
        { ...date, issues: tally.issues.list() },
      ]),
    );
  }

  /** The day and its source of the first file whose name has a part. */
  async date(files: Files, said?: Said, part = "subscribedSkus"): Promise<unknown[]> {
    const dates = await this.dates(this.write(files), said);
    const [, file] = [...dates].find(([name]) => name.includes(part)) ?? [];
    return [file?.date, file?.source];
  }
}
