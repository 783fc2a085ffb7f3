import { CliError, exitCodes } from "../errors.ts";
import type { DateOrder } from "../normalize/dates.ts";
import { type Dataset, findDataset, loadDatasets } from "../schema/dataset.ts";
import { hearSignals } from "../signals.ts";
import { expandArchives } from "../source/archive.ts";
import { type Discovery, discoverFiles } from "../source/discover.ts";
import { expectSha256 } from "../source/hash.ts";
import { recogniseFile } from "./detect.ts";
import type { Recognition } from "./detection.ts";

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

/** What is said of files before they are looked for. */
export interface Finding {
  /** The encoding of files that are not UTF-8 and have no byte order mark, as TextDecoder names it. */
  readonly encoding?: string | undefined;
  /** The SHA-256 of what is found is made where it is asked for, and not from now on. */
  readonly isUnhashed?: boolean | undefined;
}

/** Finds the files behind paths, which are hashed from now on. Throws exit 3 where there is no data file. */
export function findFiles(
  paths: readonly string[],
  { encoding, isUnhashed = false }: Finding = {},
): Discovery {
  const found = discoverFiles(paths, encoding);
  if (found.files.length === 0)
    throw new CliError(
      `there is no data file (.json, .ndjson, .jsonl, .csv, also as .gz or .zip) in ${paths.join(", ")}`,
      { exitCode: exitCodes.noInput },
    );
  // Of an archive the files in it are hashed; what else has another name than its own is hashed for nothing.
  if (isUnhashed) return found;
  for (const file of found.files) if (!/\.zip$/i.test(file.name) && !file.problem) expectSha256(file);
  return found;
}
