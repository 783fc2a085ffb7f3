import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { toParameters, withDatabase, withParameters, type ParameterArgs } from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";
import { toJson } from "../../escape.ts";

interface StatusArgs extends GlobalArgs, ParameterArgs {
  db: string;
}

function options(args: Argv): Argv {
  return withParameters(withDatabase(args)).example(
    "$0 status",
    "What is there, and how far it can be trusted",
  );
}

async function run(args: StatusArgs): Promise<void> {
  const output = createOutput(args.quiet);
  const { readStatus } = await import("../../outputs/status.ts");
  const { writeStatus } = await import("../render-answer.ts");
  await withOutputs(args.db, toParameters(args), output, async (database) => {
    const { connection } = database;
    const text = args.json ? `${toJson(await readStatus(connection), 2)}\n` : await writeStatus(connection);
    await output.data(text);
  });
}

export const statusCommand = defineCommand<StatusArgs>({
  command: "status",
  describe: "Say what the database holds and how far each output can be trusted",
  options,
  run,
});
