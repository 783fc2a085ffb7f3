import { tmpdir } from "node:os";
import type { Argv, CommandModule } from "yargs";
import { CliError, exitCodes, maybeTooManyFiles } from "../errors.ts";
import { toEngineError } from "../database/errors.ts";
import { isOutOfMemory, memoryError } from "../database/memory.ts";

/** What every command takes. */
export interface GlobalArgs {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** One command: its words, its options, and what it does with them. */
export interface Command<Args extends GlobalArgs> {
  readonly command: string;
  /** False hides the command from the help. */
  readonly describe: string | false;
  readonly options: (args: Argv) => unknown;
  readonly run: (args: Args) => Promise<void>;
}

/** Options and arguments that may be given several times. */
const lists = new Set([
  "_",
  "path",
  "output",
  "subject",
  "schemas",
  "complete",
  "without-workload",
  "accept",
]);
const places = new Set(["db", "out", "file", "profile", "check"]);

/** Throws exit 2 for what yargs lets pass: an option twice that takes one value, and a file without a name. */
function checkGiven(args: object): void {
  for (const [name, value] of Object.entries(args)) {
    // An option has its name in camel case, too.
    if (/[A-Z]/.test(name)) continue;
    const isTwice =
      Array.isArray(value) && !lists.has(name) && value.some((each) => typeof each !== "boolean");
    const why = isTwice ? "was given more than once; give it once" : "needs the name of a file or folder";
    if (isTwice || (places.has(name) && value === ""))
      throw new CliError(`--${name} ${why}`, { exitCode: exitCodes.usage });
  }
}

/** Makes a command for yargs, which checks at run time that the options are those that `Args` says. */
export function defineCommand<Args extends GlobalArgs>({
  command,
  describe,
  options,
  run,
}: Command<Args>): CommandModule {
  const handler = async (args: object): Promise<void> => {
    checkGiven(args);
    try {
      await run(args as Args);
    } catch (error) {
      if (isOutOfMemory(error)) throw memoryError("for this; close other programs", error);
      // A damaged block is met wherever one reads.
      throw maybeTooManyFiles(error) ?? toEngineError(error, "db" in args ? String(args.db) : tmpdir());
    }
  };
  return { command, describe, builder: (args: Argv) => options(args) as Argv, handler };
}
