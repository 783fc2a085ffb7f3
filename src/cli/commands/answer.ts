import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { withMemory } from "../../database/memory.ts";
import { withDatabase } from "../options.ts";
import { toReadError } from "../reading.ts";
import { createOutput } from "../console.ts";

interface AnswerArgs extends GlobalArgs {
  readonly db: string;
}

function options(args: Argv): Argv {
  return withDatabase(args);
}

async function run(args: AnswerArgs): Promise<void> {
  const output = createOutput(args.quiet);
  await output.data(await withMemory(async (isSmall) => await writeIn(args.db, isSmall)));
}

async function writeIn(path: string, isSmall: boolean): Promise<string> {
  const { openOutputs } = await import("../../outputs/query.ts");
  const { writeScreen } = await import("../render-answer.ts");
  const database = await openOutputs(path, {}, isSmall);
  try {
    return await writeScreen(database.connection);
  } catch (error) {
    throw await toReadError(error, path, database);
  } finally {
    database.close();
  }
}

/** What `import` prints at its end, in little memory; not in the help. */
export const answerCommand = defineCommand<AnswerArgs>({ command: "answer", describe: false, options, run });
