import type { Argv } from "yargs";
import { CliError, exitCodes } from "./errors.ts";
import { isDate } from "./formats.ts";
import type { Parameters } from "./query.ts";
import { escapeControls } from "./terminal.ts";

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
    });
}

/** Checks what yargs cannot: days of the calendar and whole numbers. Throws exit 2. */
export function toParameters({ asOf, inactiveAfterDays, reclaimAfterDays }: ParameterArgs): Parameters {
  checkDay(asOf, "--as-of");
  checkDays(inactiveAfterDays, "--inactive-after-days");
  checkDays(reclaimAfterDays, "--reclaim-after-days");
  return { asOf, inactiveAfterDays, reclaimAfterDays };
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
