import { CliError, exitCodes } from "../errors.ts";
import type { Refusal } from "./counts.ts";
import { suggest } from "./nearest.ts";

/** What each reason for a refusal calls for. */
const cures: Readonly<Record<string, string>> = {
  "not-supplied": "import what the output needs (see status)",
  "guessed-day": "import again with --as-of DATE, or from a folder whose name is the day of the export",
  "empty-required":
    "complete the records where they are kept and export them anew, or make a profile that leaves such rows out",
  "repeated-key":
    "remove the repetition where the records are kept, or make a profile that leaves such rows out",
  "bad-value":
    "put the values right where the records are kept, or give words for them in a profile of your own",
  unmatched: "import the list that lacks them, or make a profile that leaves such rows out",
  "concealed-names":
    'clear "Display concealed user, group, and site names in all reports" in the admin center and export the reports again',
  "too-many-parts":
    "load by a host without that limit with a profile of your own, or give a larger --max-bytes",
  "row-too-long": "give a larger --max-bytes",
  "no-tenant": "import the organization export, or name the tenant with import --tenant NAME",
  "other-tenant": "give the earlier bundle of the same tenant to --follows",
  "older-than-earlier": "export what was imported last, or leave --follows out",
  "safe-cells": "leave --safe-cells out; a profile says what is done with formulas",
  "control-characters": "remove them where the records are kept, or let the profile remove them",
  formulas: "change such values where the records are kept, or let the profile keep them",
};

const incomplete = "incomplete-";

/** The codes that there are, but for those of single datasets. */
export const refusalCodes: readonly string[] = Object.keys(cures);

/** What no --accept changes: there is nothing to write, or what would be written is not what was asked for. */
const never = new Set(["not-supplied", "safe-cells", "row-too-long", "other-tenant"]);

/** The code for a dataset that is not as complete as a profile needs it. */
export function incompleteCode(dataset: string): string {
  return incomplete + dataset;
}

/** What is wrong with a code that is to be accepted; undefined where nothing is. */
export function findCodeFault(code: string): string | undefined {
  const known = refusalCodes.filter((each) => !never.has(each));
  if (known.includes(code) || (code.startsWith(incomplete) && code.length > incomplete.length))
    return undefined;
  if (never.has(code)) return `${code} cannot be accepted`;
  return `there is no code "${code}"${suggest(code, [...known, incompleteCode("users")])}`;
}

function cureOf(code: string): string {
  const dataset = code.slice(incomplete.length);
  return (
    cures[code] ??
    `export all of ${dataset} and import it, or say that it is whole: import FILE --complete ${dataset}`
  );
}

/** Throws exit 1 with all reasons but those that are accepted, which it returns. */
export function refuseUnlessAccepted(
  name: string,
  refusals: readonly Refusal[],
  accepted: ReadonlySet<string>,
): readonly Refusal[] {
  const isAccepted = ({ code }: Refusal): boolean => accepted.has(code) && !never.has(code);
  const open = refusals.filter((refusal) => !isAccepted(refusal));
  if (open.length === 0) return refusals;
  throw new CliError(`the profile ${name} refuses this export; nothing was written`, {
    exitCode: exitCodes.incomplete,
    lines: open.map(({ code, records, text }) => {
      const count = records === undefined ? "" : ` (${records} ${records === 1 ? "record" : "records"})`;
      const way = never.has(code) ? "" : `, or --accept ${code}`;
      return `${code}: ${text}${count}. To do: ${cureOf(code)}${way}`;
    }),
  });
}
