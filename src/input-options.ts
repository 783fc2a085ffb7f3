import type { Argv } from "yargs";
import type { DateOrder } from "./date-texts.ts";
import { CliError, exitCodes } from "./errors.ts";
import type { InputOptions } from "./input.ts";
import { checkDay } from "./options.ts";

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
  const { findFiles } = await import("./find-files.ts");
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

function toEncoding(label: string): string {
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
