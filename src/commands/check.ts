import type { Argv } from "yargs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { describeFiles, describeIssues, describeTotal } from "../describe-files.ts";
import { interruption } from "../interrupt.ts";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { toInput, withInput, type InputArgs } from "../input-options.ts";
import { createOutput } from "../output.ts";

interface CheckArgs extends GlobalArgs, InputArgs {}

function options(args: Argv): Argv {
  return withInput(args).example("$0 check exports", "What each file is, what is wrong, what is missing");
}

async function run(args: CheckArgs): Promise<void> {
  const input = toInput(args);
  const output = createOutput(args.quiet);
  const { checkFiles } = await import("../pipeline.ts");
  const { readOutputStatus } = await import("../status.ts");
  const { writeGaps } = await import("../report.ts");
  let gaps = "";
  let outputs: unknown;
  const inspect = async (connection: DuckDBConnection): Promise<void> => {
    gaps = await writeGaps(connection);
    outputs = await readOutputStatus(connection);
  };
  const result = await checkFiles({
    ...input,
    inspect,
    signal: interruption,
  });
  process.exitCode = result.exitCode;
  for (const file of result.passedOver)
    output.words(`notice: ${file} is no data file and would be passed over`);
  if (args.json) {
    const { files, passedOver } = result;
    await output.data(
      `${JSON.stringify({ files, passed_over: passedOver, outputs, exit_code: process.exitCode }, null, 2)}\n`,
    );
    return;
  }
  await output.data(`${describeTotal(result.files, "Checked")}\n${describeFiles(result.files)}`);
  const issues = describeIssues(result.files, true);
  if (issues !== "") await output.data(`\n${issues}`);
  await output.data(
    gaps === "" ? "\nEvery output would be complete.\n" : `\nOutputs that would not be complete:\n${gaps}`,
  );
}

export const checkCommand = defineCommand<CheckArgs>({
  command: "check <path..>",
  describe: "Say what files are, what is wrong and what is missing, without a database",
  options,
  run,
});
