import type { Argv } from "yargs";
import { defineCommand } from "../command.ts";
import { toList, toParameters, withDatabase, withParameters, withSafeCells } from "../options.ts";
import type { ExportArgs } from "../export-args.ts";
import { describeBundle, describeIncomplete } from "../render-bundle.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";
import { CliError, exitCodes } from "../../errors.ts";
import { toJson } from "../../escape.ts";

function withProfile(args: Argv): Argv {
  return args
    .option("profile", {
      type: "string",
      default: "outputs",
      requiresArg: true,
      describe: "The files that another system takes: a profile by its name (see profiles), or FILE.json",
    })
    .option("accept", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "With a profile: the code of a reason that does not keep it from being written",
    })
    .option("max-bytes", {
      type: "number",
      requiresArg: true,
      describe: "With a profile: the most bytes of a file, which is divided into parts",
    })
    .option("follows", {
      type: "string",
      requiresArg: true,
      describe: "The bundle that was loaded before, which must be whole, of this tenant and not newer",
    });
}

function options(args: Argv): Argv {
  return withProfile(withSafeCells(withParameters(withDatabase(args))))
    .positional("output", { type: "string", array: true, describe: "The outputs to write; default: all" })
    .option("out", {
      type: "string",
      demandOption: true,
      requiresArg: true,
      describe: "The folder for the bundle: one that is not there yet, or empty",
    })
    .option("format", {
      choices: ["csv", "json", "ndjson"] as const,
      describe: "The format of the files; default: csv",
    })
    .option("layout", {
      choices: ["flat", "bagit"] as const,
      default: "flat" as const,
      describe: "All files at the top, or a bag (RFC 8493)",
    })
    .option("replace", {
      type: "boolean",
      default: false,
      describe: "Put this bundle in the place of an earlier one",
    })
    .option("require-complete", {
      type: "boolean",
      default: false,
      describe: "Write nothing, and end with 1, where an output is not Complete",
    })
    .example("$0 export --out handoff", "All outputs as CSV with a manifest")
    .example("$0 export license_summary users --out handoff --format json", "Two outputs as JSON")
    .example("$0 export --profile flexera --out handoff", "The files that Flexera One takes");
}

async function run(args: ExportArgs): Promise<void> {
  if (args.profile !== "outputs") {
    const { runProfileExport } = await import("../profile-export.ts");
    await runProfileExport(args);
    return;
  }
  const given = Object.entries({ accept: args.accept, "max-bytes": args.maxBytes });
  for (const [name, value] of given)
    if (value !== undefined) throw new CliError(`--${name} needs a --profile`, { exitCode: exitCodes.usage });
  const words = createOutput(args.quiet);
  const { exportOutputs } = await import("../../outputs/export.ts");
  const { describeFormulas, formatTable } = await import("../../outputs/format.ts");
  await withOutputs(args.db, toParameters(args), words, async (database) => {
    const { out, format = "csv", layout, safeCells } = args;
    const { files, formulaCells, bundleId, status } = await exportOutputs(database, {
      outputs: toList(args.output),
      folder: out,
      format,
      isSafe: safeCells,
      layout,
      replaces: args.replace,
      requiresComplete: args.requireComplete,
      follows: args.follows,
    });
    if (args.json) await words.data(`${toJson({ folder: out, bundle_id: bundleId, status, files }, 2)}\n`);
    else await words.text(describeBundle(out, files, bundleId, formatTable));
    if (status !== "Complete") words.words(describeIncomplete(files));
    if (formulaCells > 0) words.words(describeFormulas(formulaCells, safeCells));
  });
}

export const exportCommand = defineCommand<ExportArgs>({
  command: "export [output..]",
  describe: "Write the outputs as files with a manifest, for the upload pipeline",
  options,
  run,
});
