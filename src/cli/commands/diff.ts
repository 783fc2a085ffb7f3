import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { exitCodes } from "../../errors.ts";
import type { DiffSubject } from "../../outputs/diff.ts";
import {
  checkDay,
  toList,
  toParameters,
  withDatabase,
  withThresholds,
  type ThresholdArgs,
} from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";
import { toJson } from "../../escape.ts";

interface DiffArgs extends GlobalArgs, ThresholdArgs {
  subject: DiffSubject[] | undefined;
  db: string;
  from: string;
  to: string | undefined;
}

const subjects = ["licenses", "users", "mfa", "activity"] as const satisfies readonly DiffSubject[];

function options(args: Argv): Argv {
  return withThresholds(withDatabase(args))
    .positional("subject", { array: true, choices: subjects, describe: "What to compare; default: all" })
    .option("from", {
      type: "string",
      demandOption: true,
      requiresArg: true,
      describe: "The earlier day (YYYY-MM-DD)",
    })
    .option("to", {
      type: "string",
      requiresArg: true,
      describe: "The later day (YYYY-MM-DD); default: the newest in the data",
    })
    .example("$0 diff --from 2026-10-01 --to 2026-11-01", "What changed in that month")
    .example("$0 diff licenses mfa --from 2026-10-01", "Licenses and MFA, up to the newest day");
}

async function run(args: DiffArgs): Promise<void> {
  const output = createOutput(args.quiet);
  const { from, to } = args;
  checkDay(from, "--from");
  checkDay(to, "--to");
  const chosen = toList(args.subject);
  const { readDiff } = await import("../../outputs/diff.ts");
  const { readWords } = await import("../../outputs/words.ts");
  const { describeDiff } = await import("../render-diff.ts");
  await withOutputs(args.db, toParameters({ ...args, asOf: undefined }), output, async (database) => {
    const of = subjects.filter((subject) => chosen.length === 0 || chosen.includes(subject));
    const diff = await readDiff(database.connection, { from, to }, of);
    await output.data(
      args.json
        ? `${toJson({ database: args.db, ...diff, exit_code: exitCodes.ok }, 2)}\n`
        : describeDiff(diff, await readWords(database.connection)),
    );
  });
}

export const diffCommand = defineCommand<DiffArgs>({
  command: "diff [subject..]",
  describe: "Say what changed between two days",
  options,
  run,
});
