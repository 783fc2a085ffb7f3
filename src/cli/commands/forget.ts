import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { CliError, exitCodes } from "../../errors.ts";
import type { Wish } from "../../ledger/forget.ts";
import { interruption } from "../../signals.ts";
import { checkDay, toList, withDatabase } from "../options.ts";
import { createOutput } from "../console.ts";
import { toJson } from "../../escape.ts";

interface ForgetArgs extends GlobalArgs {
  db: string;
  import: number | undefined;
  before: string | undefined;
  schemas: string[] | undefined;
  dryRun: boolean;
}

function options(args: Argv): Argv {
  return withDatabase(args)
    .option("import", { type: "number", requiresArg: true, describe: "Forget all files of this import" })
    .option("before", {
      type: "string",
      requiresArg: true,
      describe: "Forget all exports and events of days before this one (YYYY-MM-DD)",
    })
    .option("schemas", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "A folder with schemas of your own, where there is data of theirs",
    })
    .option("dry-run", { type: "boolean", default: false, describe: "Say what would go, and change nothing" })
    .example("$0 forget --import 2", "Undo an import; status and meta.imports name them")
    .example("$0 forget --before 2025-11-01 --dry-run", "What would go of what is older");
}

async function run(args: ForgetArgs): Promise<void> {
  const output = createOutput(args.quiet);
  const wish = toWish(args);
  const { forget } = await import("../../pipeline/forget.ts");
  const { describeForgotten, describeRest } = await import("../render-diff.ts");
  const { db, schemas, dryRun: isDryRun } = args;
  const result = await forget({ db, wish, schemas: toList(schemas), isDryRun, signal: interruption });
  if (args.json) {
    const { files, elsewhere, revived, losses, newestDate } = result;
    const answer = {
      database: db,
      is_dry_run: isDryRun,
      files,
      events_elsewhere: elsewhere,
      count_again: revived,
      losses,
      newest_date: newestDate,
      exit_code: exitCodes.ok,
    };
    await output.data(`${toJson(answer, 2)}\n`);
    return;
  }
  await output.text(describeForgotten(result, wish, isDryRun));
  for (const line of describeRest(result, args.dryRun)) output.words(line);
}

function toWish({ import: importId, before }: ForgetArgs): Wish {
  checkDay(before, "--before");
  if (importId !== undefined && before !== undefined)
    throw usage("give --import N or --before DATE, not both");
  if (before !== undefined) return { before };
  if (importId === undefined) throw usage("say what to forget: --import N or --before DATE");
  if (!Number.isSafeInteger(importId)) throw usage("--import takes the number of an import");
  return { importId };
}

function usage(text: string): CliError {
  return new CliError(text, { exitCode: exitCodes.usage });
}

export const forgetCommand = defineCommand<ForgetArgs>({
  command: "forget",
  describe: "Remove an import, or what is older than a day",
  options,
  run,
});
