import type { Argv } from "yargs";
import { CliError, exitCodes } from "../../errors.ts";
import { escapeLines, toJson } from "../../escape.ts";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { createOutput } from "../console.ts";

interface ProfilesArgs extends GlobalArgs {
  name: string | undefined;
  check: string | undefined;
}

function options(args: Argv): Argv {
  return args
    .positional("name", { type: "string", describe: "The profile to print; default: list all" })
    .option("check", {
      type: "string",
      requiresArg: true,
      describe: "Say whether a profile of your own is sound, without a database",
    })
    .example("$0 profiles flexera > mine.json", "A profile to copy and change")
    .example("$0 profiles --check mine.json", "Is it sound?");
}

async function run({ name, check, json, quiet }: ProfilesArgs): Promise<void> {
  const output = createOutput(quiet);
  const { profileNames, readProfile, readProfileFile } = await import("../../profile/read.ts");
  if (name !== undefined && check !== undefined)
    throw new CliError("give the name of a profile or --check FILE, not both", { exitCode: exitCodes.usage });
  if (name !== undefined) {
    await output.data(escapeLines(readProfile(name).text));
    return;
  }
  const all = check === undefined ? profileNames().map(readProfile) : [readProfileFile(check)];
  const described = all.map(({ profile, sha256 }) => ({
    profile: profile.profile,
    version: profile.version,
    experimental: profile.experimental,
    format: profile.format,
    files: profile.files.map(({ file }) => file),
    description: profile.description ?? "",
    sha256,
  }));
  if (json) {
    await output.data(`${toJson(described, 2)}\n`);
    return;
  }
  const { fitTable } = await import("../../outputs/format.ts");
  const columns = ["profile", "version", "", "files"].map((title) => ({ name: title, isNumber: false }));
  const rows = described.map((each) => [
    each.profile,
    each.version,
    each.experimental ? "experimental" : "",
    each.files.join(", "),
  ]);
  await output.text(fitTable(columns, rows));
  if (check !== undefined) await output.text("The profile is sound.\n");
}

export const profilesCommand = defineCommand<ProfilesArgs>({
  command: "profiles [name]",
  describe: "List the hand-off profiles, print one, or check one of your own",
  options,
  run,
});
