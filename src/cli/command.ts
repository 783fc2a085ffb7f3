import { tmpdir } from "node:os";
import type { Argv, CommandModule } from "yargs";
import { maybeTooManyFiles } from "../errors.ts";
import { toEngineError } from "../database/errors.ts";

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

/** Makes a command for yargs, which checks at run time that the options are those that `Args` says. */
export function defineCommand<Args extends GlobalArgs>({
  command,
  describe,
  options,
  run,
}: Command<Args>): CommandModule {
  const handler = async (args: object): Promise<void> => {
    try {
      await run(args as Args);
    } catch (error) {
      // A damaged block is met wherever one reads.
      throw maybeTooManyFiles(error) ?? toEngineError(error, "db" in args ? String(args.db) : tmpdir());
    }
  };
  return { command, describe, builder: (args: Argv) => options(args) as Argv, handler };
}
