import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { toList, toParameters, withDatabase, withParameters, type ParameterArgs } from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";
import { toJson } from "../../escape.ts";

interface ExplainArgs extends GlobalArgs, ParameterArgs {
  user: string;
  db: string;
  output: string[] | undefined;
  sku: string | undefined;
}

function options(args: Argv): Argv {
  return withParameters(withDatabase(args))
    .positional("user", {
      type: "string",
      demandOption: true,
      describe: "Object id, user principal name (of today or earlier) or mail address",
    })
    .option("output", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "Only the figures of these outputs",
    })
    .option("sku", {
      type: "string",
      requiresArg: true,
      describe: "Only the license of this SKU: id, part number or product name",
    })
    .example("$0 explain zoe@contoso.example", "Every figure of a user, and where it comes from")
    .example("$0 explain zoe@contoso.example --output user_activity --json", "One output, for a script");
}

async function run(args: ExplainArgs): Promise<void> {
  const output = createOutput(args.quiet);
  const { explainUser } = await import("../../outputs/explain.ts");
  const { readWords } = await import("../../outputs/words.ts");
  const { writeExplanation } = await import("../render-explain.ts");
  await withOutputs(args.db, toParameters(args), output, async (database) => {
    const { user: name, sku } = args;
    const explanation = await explainUser(database.connection, { name, outputs: toList(args.output), sku });
    const text = args.json
      ? `${toJson(explanation, 2)}\n`
      : writeExplanation(explanation, await readWords(database.connection));
    await output.data(text);
  });
}

export const explainCommand = defineCommand<ExplainArgs>({
  command: "explain <user>",
  describe: "Say where every figure of a user comes from: file, record, rule",
  options,
  run,
});
