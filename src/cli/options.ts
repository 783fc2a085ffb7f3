import type { Argv } from "yargs";
import type { InputOptions } from "../detect/input.ts";
import { CliError, exitCodes } from "../errors.ts";
import { escapeControls } from "../escape.ts";
import type { DateOrder } from "../normalize/dates.ts";
import type { Parameters } from "../outputs/query.ts";
import { isDate } from "../schema/formats.ts";

const defaultDatabase = process.env["M365_OFFLINE_DB"] || "tenant.duckdb";

/** `--db`, for every command that needs a database. */
export function withDatabase(args: Argv): Argv {
  return args.option("db", {
    type: "string",
    default: defaultDatabase,
    defaultDescription: JSON.stringify(escapeControls(defaultDatabase)),
    requiresArg: true,
    describe: "The database file (or M365_OFFLINE_DB)",
  });
}

export interface ThresholdArgs {
  inactiveAfterDays: number | undefined;
  reclaimAfterDays: number | undefined;
  withoutWorkload: string[] | undefined;
}

export interface ParameterArgs extends ThresholdArgs {
  asOf: string | undefined;
}

/** The parameters of the outputs, for every command that reads them. */
export function withParameters(args: Argv): Argv {
  return withThresholds(
    args.option("as-of", {
      type: "string",
      requiresArg: true,
      describe: "Read the outputs as of this day (YYYY-MM-DD); default: the newest in the data",
    }),
  );
}

/** The parameters of the outputs but the day. */
export function withThresholds(args: Argv): Argv {
  return args
    .option("inactive-after-days", {
      type: "number",
      requiresArg: true,
      describe: "Days without activity until a user is Inactive; default: 30",
    })
    .option("reclaim-after-days", {
      type: "number",
      requiresArg: true,
      describe: "Days without activity until a license is reclaimable; default: 90",
    })
    .option("without-workload", {
      type: "string",
      array: true,
      requiresArg: true,
      choices: workloadNames,
      coerce: (names: readonly string[]) => names.map(toWorkload),
      describe: "A workload that your cloud has no report on, so that nobody needs one; may be repeated",
    });
}

/** The workloads that may be left out. Skype for Business, which was retired, always is. */
const workloadNames = ["Exchange", "OneDrive", "SharePoint", "Teams", "Yammer", "Skype"] as const;

/** The name in its own spelling, in whatever case it is given. */
function toWorkload(name: string): string {
  return workloadNames.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

/** Checks what yargs cannot: days of the calendar and whole numbers. Throws exit 2. */
export function toParameters({
  asOf,
  inactiveAfterDays,
  reclaimAfterDays,
  withoutWorkload,
}: ParameterArgs): Parameters {
  checkDay(asOf, "--as-of");
  checkDays(inactiveAfterDays, "--inactive-after-days");
  checkDays(reclaimAfterDays, "--reclaim-after-days");
  const withoutWorkloads = withoutWorkload?.length ? withoutWorkload : undefined;
  return { asOf, inactiveAfterDays, reclaimAfterDays, withoutWorkloads };
}

export function checkDay(day: string | undefined, option: string): void {
  if (day === undefined || isDate(day)) return;
  throw new CliError(`${option} takes a day as YYYY-MM-DD`, { exitCode: exitCodes.usage });
}

function checkDays(days: number | undefined, option: string): void {
  if (days === undefined || (Number.isSafeInteger(days) && days >= 0 && days <= 36500)) return;
  throw new CliError(`${option} takes a whole number of days`, { exitCode: exitCodes.usage });
}

/** A list option as yargs gives it: nothing, one or several. */
export function toList(value: readonly string[] | undefined): readonly string[] {
  return value ?? [];
}

/** `--safe-cells`, for the commands that write CSV. */
export function withSafeCells(args: Argv): Argv {
  return args.option("safe-cells", {
    type: "boolean",
    default: false,
    describe: "CSV: put an apostrophe before cells that a spreadsheet would run as formulas",
  });
}

/** PATH… and how to read it, as yargs gives it. */
export interface InputArgs {
  path: string[];
  as: string | undefined;
  asOf: string | undefined;
  schemas: string[] | undefined;
  strict: boolean;
  encoding: string | undefined;
  dateOrder: DateOrder | undefined;
  timeZone: string | undefined;
  fastPath: boolean;
  showValues: boolean;
}

const text = { type: "string", requiresArg: true } as const;

/** PATH… and how to read it, for the commands that take exports in. */
export function withInput(args: Argv): Argv {
  return withReading(args)
    .positional("path", { type: "string", array: true, demandOption: true, describe: "Files and folders" })
    .option("as-of", { ...text, describe: "The day (YYYY-MM-DD) that files are of which do not say it" })
    .option("strict", {
      type: "boolean",
      default: false,
      describe: "Refuse a file as a whole when one of its records is rejected",
    });
}

/** How files are to be read. */
export function withReading(args: Argv): Argv {
  return args
    .option("as", { ...text, describe: "The dataset of all given files, where recognition needs help" })
    .option("encoding", {
      ...text,
      describe: "What files are written in that are not UTF-8 and have no mark, for example windows-1252",
    })
    .option("date-order", {
      ...text,
      choices: ["day-first", "month-first"],
      describe: "How to read 3/4/2026 where no date of the file shows it",
    })
    .option("time-zone", {
      ...text,
      describe: "The zone of times that have none, for example Europe/Berlin; default: UTC",
    })
    .option("fast-path", {
      type: "boolean",
      default: true,
      describe: "Read plain records straight from their bytes (--no-fast-path: parse each one)",
    })
    .option("show-values", {
      type: "boolean",
      default: false,
      describe: "Show the values that are wrong: personal data on your screen, never in the database",
    })
    .option("schemas", {
      ...text,
      array: true,
      describe: "A folder with schemas of your own, added to the built-in ones",
    });
}

interface Input extends InputOptions {
  readonly asOf: string | undefined;
  readonly isStrict: boolean;
}

/**
 * Checks what yargs cannot: days, labels of encodings, names of zones; throws exit 2. Then it looks for the files, before
 * the program that imports them is loaded: their SHA-256 takes longest of all where the processor has no instructions
 * for it. Where it is not needed nothing is hashed. Throws exit 3 where there is no file.
 */
export async function toInput(args: InputArgs, isUnhashed = false): Promise<Input> {
  checkDay(args.asOf, "--as-of");
  const encoding = args.encoding === undefined ? undefined : toEncoding(args.encoding);
  const timeZone = args.timeZone === undefined ? undefined : toTimeZone(args.timeZone);
  const { findFiles } = await import("../detect/input.ts");
  return {
    paths: args.path,
    isUnhashed,
    found: findFiles(args.path, { encoding, isUnhashed }),
    as: args.as,
    asOf: args.asOf,
    schemas: args.schemas ?? [],
    isStrict: args.strict,
    encoding,
    dateOrder: args.dateOrder,
    timeZone,
    isSlow: !args.fastPath,
    showsValues: args.showValues,
  };
}

/** The label of an encoding as TextDecoder has it; throws exit 2 for one that it does not know. */
export function toEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw unknownEncoding(label);
  }
}

function unknownEncoding(label: string): CliError {
  return new CliError(
    `--encoding does not know "${label}". Some that it knows: windows-1252, windows-1250, gb18030, utf-16le`,
    { exitCode: exitCodes.usage },
  );
}

function toTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new CliError(`--time-zone does not know "${name}". It takes names such as Europe/Berlin or UTC`, {
      exitCode: exitCodes.usage,
    });
  }
}
