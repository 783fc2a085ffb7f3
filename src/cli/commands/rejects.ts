import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { CliError, exitCodes } from "../../errors.ts";
import { toInput, withReading, type InputArgs } from "../options.ts";
import { interruption } from "../../signals.ts";
import { withDatabase } from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput, type Output } from "../console.ts";
import { toJson } from "../../escape.ts";

interface RejectsArgs extends GlobalArgs, Omit<InputArgs, "path" | "strict" | "asOf"> {
  db: string;
  action: "list" | "retry";
  path: string[] | undefined;
}

function options(args: Argv): Argv {
  return withReading(withDatabase(args))
    .positional("action", { choices: ["list", "retry"], default: "list", describe: "What to do" })
    .positional("path", { type: "string", array: true, describe: "The files to read again" })
    .example("$0 rejects", "The rejected records: where they are, why, and the cure")
    .example("$0 rejects retry exports", "Load those that pass now, after a new schema or version")
    .example("$0 rejects retry users.csv --encoding windows-1252", "… or with what was missing");
}

async function run(args: RejectsArgs): Promise<void> {
  const output = createOutput(args.quiet);
  if (args.action === "list") await list(output, args);
  else await retry(output, args);
}

async function list(output: Output, args: RejectsArgs): Promise<void> {
  if (args.path?.length)
    throw new CliError("rejects list takes no files; did you mean: rejects retry PATH…", {
      exitCode: exitCodes.usage,
    });
  if (args.showValues)
    throw new CliError("the database keeps no values; to see them: rejects retry PATH… --show-values", {
      exitCode: exitCodes.usage,
    });
  const { readRejects, writeRejects } = await import("../../outputs/rejects.ts");
  await withOutputs(args.db, {}, output, async (database) => {
    const rejects = await readRejects(database.connection);
    await output.data(args.json ? `${toJson(rejects, 2)}\n` : writeRejects(rejects));
  });
}

async function retry(output: Output, args: RejectsArgs): Promise<void> {
  const paths = args.path ?? [];
  if (paths.length === 0)
    throw new CliError("rejects retry needs the files: m365-offline rejects retry PATH…", {
      exitCode: exitCodes.usage,
    });
  const input = await toInput({ ...args, path: paths, asOf: undefined, strict: false });
  const { retryFiles } = await import("../../pipeline/import.ts");
  const { files, exitCode } = await retryFiles({ ...input, db: args.db, signal: interruption });
  process.exitCode = exitCode;
  if (args.json) {
    await output.data(`${toJson({ database: args.db, files, exit_code: exitCode }, 2)}\n`);
    return;
  }
  if (files.length === 0) {
    await output.data("Nothing to do: of none of these files does the database lack rejected records.\n");
    return;
  }
  const { describeFiles, describeIssues, describeTotal } = await import("../render-files.ts");
  await output.text(`${describeTotal(files, "Read again")}\n${describeFiles(files)}`);
  const issues = describeIssues(files, false);
  if (issues !== "") for (const line of `\n${issues.trimEnd()}`.split("\n")) output.words(line);
}

export const rejectsCommand = defineCommand<RejectsArgs>({
  command: "rejects [action] [path..]",
  describe: "List the rejected records, or read their files again",
  options,
  run,
});
