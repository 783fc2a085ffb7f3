import type { Argv } from "yargs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { interruption } from "../../signals.ts";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { toInput, withInput, type InputArgs } from "../options.ts";
import { createOutput } from "../console.ts";
import type { ImportResult } from "../../pipeline/import.ts";
import { toJson } from "../../escape.ts";

interface CheckArgs extends GlobalArgs, InputArgs {}

function options(args: Argv): Argv {
  return withInput(args).example("$0 check exports", "What each file is, what is wrong, what is missing");
}

async function run(args: CheckArgs): Promise<void> {
  const input = await toInput(args, true);
  const output = createOutput(args.quiet);
  const { checkFiles } = await import("../../pipeline/import.ts");
  const { settleForSql } = await import("../../transform/as-of.ts");
  let answer: Answer | undefined;
  const result = await checkFiles({
    ...input,
    inspect: async (connection) => {
      await settleForSql(connection, "output_status data_quality");
      answer = args.json ? await answerInJson(connection) : await answerInText(connection);
    },
    signal: interruption,
  });
  process.exitCode = result.exitCode;
  for (const file of result.passedOver)
    output.words(`notice: ${file} is no data file and would be passed over`);
  if (answer) await output.data(answer(result));
  if (result.refusal)
    output.words(`error: an import of these files would be refused: ${result.refusal.message}`);
}

/** What is said of the files, once the data in them was looked at. */
type Answer = (result: ImportResult) => string;

async function answerInJson(connection: DuckDBConnection): Promise<Answer> {
  const { readFindings, readOutputStatus } = await import("../../outputs/status.ts");
  const outputs = await readOutputStatus(connection);
  const findings = await readFindings(connection);
  return ({ files, passedOver, exitCode, refusal }) =>
    `${toJson({ files, passed_over: passedOver, outputs, findings, refusal: refusal?.message ?? null, exit_code: exitCode }, 2)}\n`;
}

async function answerInText(connection: DuckDBConnection): Promise<Answer> {
  const { writeFindings, writeGaps } = await import("../render-answer.ts");
  const { describeFiles, describeIssues, describeTotal } = await import("../render-files.ts");
  const gaps = await writeGaps(connection);
  const found = await writeFindings(connection, "check_findings");
  return ({ files }) => {
    const parts = [
      `${describeTotal(files, "Checked")}\n${describeFiles(files)}`,
      describeIssues(files, true),
      gaps === "" ? "Every output would be complete.\n" : `Outputs that would not be complete:\n${gaps}`,
      found === "" ? "" : `Found in the data:\n${found}`,
    ];
    return parts.filter((part) => part !== "").join("\n");
  };
}

export const checkCommand = defineCommand<CheckArgs>({
  command: "check <path..>",
  describe: "Say what files are, what is wrong and what is missing, without a database",
  options,
  run,
});
