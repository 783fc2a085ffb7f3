import type { Argv } from "yargs";
import { defineCommand, type GlobalArgs } from "../command.ts";
import {
  toList,
  toParameters,
  withDatabase,
  withParameters,
  withSafeCells,
  type ParameterArgs,
} from "../options.ts";
import { withOutputs } from "../reading.ts";
import { createOutput } from "../console.ts";
import { escapeControls, toJson } from "../../escape.ts";

interface ExportArgs extends GlobalArgs, ParameterArgs {
  output: string[] | undefined;
  db: string;
  out: string;
  format: "csv" | "json" | "ndjson";
  layout: "flat" | "bagit";
  replace: boolean;
  requireComplete: boolean;
  safeCells: boolean;
}

function options(args: Argv): Argv {
  return withSafeCells(withParameters(withDatabase(args)))
    .positional("output", { type: "string", array: true, describe: "The outputs to write; default: all" })
    .option("out", {
      type: "string",
      demandOption: true,
      requiresArg: true,
      describe: "The folder for the bundle: one that is not there yet, or empty",
    })
    .option("format", {
      choices: ["csv", "json", "ndjson"] as const,
      default: "csv" as const,
      describe: "The format of the files",
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
    .example("$0 export license_summary users --out handoff --format json", "Two outputs as JSON");
}

async function run(args: ExportArgs): Promise<void> {
  const words = createOutput(args.quiet);
  const { exportOutputs } = await import("../../outputs/export.ts");
  const { describeFormulas, formatTable } = await import("../../outputs/format.ts");
  await withOutputs(args.db, toParameters(args), words, async (database) => {
    const { out, format, layout, safeCells } = args;
    const { files, formulaCells, bundleId, status } = await exportOutputs(database, {
      outputs: toList(args.output),
      folder: out,
      format,
      isSafe: safeCells,
      layout,
      replaces: args.replace,
      requiresComplete: args.requireComplete,
    });
    if (args.json) await words.data(`${toJson({ folder: out, bundle_id: bundleId, status, files }, 2)}\n`);
    else {
      const columns = [
        { name: "file", isNumber: false },
        { name: "rows", isNumber: true },
        { name: "bytes", isNumber: true },
        { name: "data", isNumber: false },
      ];
      const rows = files.map((file) => [file.file, file.rows, file.bytes, file.data_status]);
      await words.text(
        `Wrote ${files.length} files and manifest.json to ${escapeControls(out)}.\n\n${formatTable(columns, rows)}\nbundle ${bundleId}\n`,
      );
    }
    if (status !== "Complete") words.words(describeIncomplete(files));
    if (formulaCells > 0) words.words(describeFormulas(formulaCells, safeCells));
  });
}

/** One line where eyes are: what is handed on may be taken for all that there is. */
function describeIncomplete(files: readonly { readonly data_status: string }[]): string {
  const counts = ["Not supplied", "Partial"].map((status) => ({
    status,
    count: files.filter((file) => file.data_status === status).length,
  }));
  const named = counts.filter(({ count }) => count > 0).map(({ status, count }) => `${count} ${status}`);
  return `warning: outputs that are not Complete: ${named.join(", ")}; see manifest.json (--require-complete refuses them)`;
}

export const exportCommand = defineCommand<ExportArgs>({
  command: "export [output..]",
  describe: "Write the outputs as files with a manifest, for the upload pipeline",
  options,
  run,
});
