import { CliError, exitCodes } from "../errors.ts";
import { escapeControls, toJson } from "../escape.ts";
import type { ProfileExported } from "../profile/export.ts";
import { createOutput } from "./console.ts";
import type { ExportArgs } from "./export-args.ts";
import { toList, toParameters } from "./options.ts";
import { withOutputs } from "./reading.ts";
import { describeBundle, describeIncomplete } from "./render-bundle.ts";

/** Runs an export by a profile, and says what was left out and filled in. Throws exit 2 for options that do not go together. */
export async function runProfileExport(args: ExportArgs): Promise<void> {
  const words = createOutput(args.quiet);
  const { exportByProfile } = await import("../profile/export.ts");
  const { readProfile } = await import("../profile/read.ts");
  const { formatTable } = await import("../outputs/format.ts");
  const { findCodeFault } = await import("../profile/refusals.ts");
  const read = readProfile(args.profile);
  const { profile } = read;
  const accepted = toList(args.accept);
  const fault = findFault(args) ?? accepted.map(findCodeFault).find((each) => each !== undefined);
  if (fault !== undefined) throw usage(fault);
  if (args.maxBytes !== undefined && profile.format === "json")
    throw usage(`--max-bytes cannot divide JSON, which the profile ${profile.profile} writes`);
  await withOutputs(args.db, toParameters(args), words, async (database) => {
    const exported = await exportByProfile(database, {
      read,
      folder: args.out,
      layout: args.layout,
      replaces: args.replace,
      requiresComplete: args.requireComplete,
      isSafe: args.safeCells,
      accepted,
      maxBytes: args.maxBytes,
      follows: args.follows,
    });
    const { files, bundleId, status, notWritten, leftOut, filled } = exported;
    if (args.json)
      await words.data(
        `${toJson({ folder: args.out, bundle_id: bundleId, status, files, not_written: notWritten, left_out: leftOut, filled }, 2)}\n`,
      );
    else await words.text(describeBundle(args.out, files, bundleId, formatTable));
    if (profile.experimental)
      words.words(
        `warning: the profile ${profile.profile} is experimental: no import by the system that it is for has been seen yet`,
      );
    if (status !== "Complete") words.words(describeIncomplete(files));
    for (const line of describeCounts(exported)) words.words(escapeControls(line));
  });
}

function findFault(args: ExportArgs): string | undefined {
  if (toList(args.output).length > 0) return "a profile names its outputs itself; leave them out";
  if (args.format !== undefined) return "a profile has a format itself; leave --format out";
  const { maxBytes } = args;
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes > 0))
    return "--max-bytes takes a whole number of bytes";
  return undefined;
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage });
}

/** A line for each kind of what is not as it is in the data. */
function describeCounts({ notWritten, leftOut, filled }: ProfileExported): readonly string[] {
  return [
    ...notWritten.map(({ file, reason }) => `notice: ${file} is not written: ${reason}`),
    ...leftOut.map(({ file, reason, rows }) => `notice: ${file}: rows left out: ${rows} (${reason})`),
    ...filled.map(
      ({ file, column, rule, rows }) => `notice: ${file}: ${column} filled in: ${rows} (${rule})`,
    ),
  ];
}
