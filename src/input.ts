import { expandArchives } from "./archive.ts";
import { loadDatasets, type Dataset } from "./dataset.ts";
import type { DateOrder } from "./date-texts.ts";
import type { Discovery } from "./discover.ts";
import { findDataset } from "./find-dataset.ts";
import { findFiles, type Finding } from "./find-files.ts";
import { hearSignals } from "./interrupt.ts";
import { recogniseFile, type Recognition } from "./recognise.ts";
import { expectSha256 } from "./sha256.ts";

/** What is to be read, and what the user says of it. */
export interface InputOptions extends Finding {
  readonly paths: readonly string[];
  /** What was found there, where that has been looked for. */
  readonly found?: Discovery;
  /** The dataset of all files. */
  readonly as?: string | undefined;
  /** Which number of a date with slashes is the day, where the files do not show it. */
  readonly dateOrder?: DateOrder | undefined;
  /** The zone of times that have none, an IANA name; UTC when left out. */
  readonly timeZone?: string | undefined;
  /** Every record is parsed and judged by ajv, none over its bytes. */
  readonly isSlow?: boolean | undefined;
  /** Show problems of records with their values; they never go into the database. */
  readonly showsValues?: boolean | undefined;
  /** Folders with schemas of one's own. */
  readonly schemas?: readonly string[] | undefined;
}

/** What was found to read. */
export interface Input {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly recognitions: readonly Recognition[];
  readonly passedOver: readonly string[];
  /** Whether there is anything at all to import: records, or an error answer as evidence. */
  readonly isUsable: boolean;
}

/** Discovers files, looks into archives and batches, and recognises what they hold. Throws exit 3 where there is no data file. */
export async function recogniseInput(options: InputOptions): Promise<Input> {
  const { paths, schemas, as, dateOrder, timeZone, isSlow, showsValues } = options;
  const datasets = loadDatasets(schemas);
  const found = options.found ?? findFiles(paths, options);
  const hints = {
    as: as === undefined ? undefined : findDataset(datasets, as),
    dateOrder,
    timeZone,
    isSlow,
    showsValues,
  };
  const { files, passedOver } = await expandArchives(found);
  const recognitions: Recognition[] = [];
  for (const file of files) {
    const parts = recogniseFile(file, datasets, hints);
    if (!options.isUnhashed) for (const part of parts) expectSha256(part.file);
    recognitions.push(...parts);
    // Signals are heard between files.
    await hearSignals();
  }
  const isUsable = recognitions.some(({ isReadable, wrapper }) => isReadable || wrapper === "error");
  return { datasets, recognitions, passedOver, isUsable };
}
