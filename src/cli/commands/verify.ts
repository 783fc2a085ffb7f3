import type { Argv } from "yargs";
import { CliError, exitCodes } from "../../errors.ts";
import { escapeControls, toJson } from "../../escape.ts";
import type { Difference, Verified } from "../../handoff/verify.ts";
import { defineCommand, type GlobalArgs } from "../command.ts";
import { createOutput } from "../console.ts";
import { checkDay } from "../options.ts";

interface VerifyArgs extends GlobalArgs {
  dir: string;
  expect: string | undefined;
  requireComplete: boolean;
  maxAgeDays: number | undefined;
  on: string | undefined;
  content: boolean;
  sources: string | undefined;
  signers: string | undefined;
  identity: string | undefined;
}

function options(args: Argv): Argv {
  return args
    .positional("dir", { type: "string", demandOption: true, describe: "The folder of the bundle" })
    .option("expect", { type: "string", requiresArg: true, describe: "The bundle id that was announced" })
    .option("require-complete", {
      type: "boolean",
      default: false,
      describe: "A bundle of which a file is not Complete does not pass",
    })
    .option("max-age-days", {
      type: "number",
      requiresArg: true,
      implies: "on",
      describe: "How many days the bundle may be older than the day of --on",
    })
    .option("on", { type: "string", requiresArg: true, describe: "The day from which the age is counted" })
    .option("sources", {
      type: "string",
      requiresArg: true,
      describe: "A folder with the files that the bundle was made of, which are hashed again",
    })
    .option("signers", {
      type: "string",
      requiresArg: true,
      implies: "identity",
      describe: "A file of those who may sign (allowed_signers of OpenSSH)",
    })
    .option("identity", {
      type: "string",
      requiresArg: true,
      describe: "The name in it who must have signed",
    })
    .option("content", {
      type: "boolean",
      default: true,
      describe: "Look at rows and cells, too (--no-content: checksums alone)",
    })
    .example("$0 verify handoff --expect 1a2b…", "Is it the bundle that was announced, and whole?");
}

async function run(args: VerifyArgs): Promise<void> {
  checkDay(args.on, "--on");
  const words = createOutput(args.quiet);
  const { checkSignature, checkSources, verifyBundle } = await import("../../handoff/verify.ts");
  const verified = await verifyBundle(args.dir, args.content);
  const { bundleId, manifest } = verified;
  const { signers, identity = "" } = args;
  const signed = signers === undefined ? [] : checkSignature(args.dir, verified.root, { signers, identity });
  const isAsked = args.sources !== undefined && manifest !== undefined;
  const sources = isAsked ? await checkSources(args.sources ?? "", manifest) : [];
  const checks = [...verified.differences, ...signed, ...sources, ...judge(verified, args)];
  const verdict = checks.length === 0 ? "whole" : "differs";
  if (args.json) await words.data(`${toJson({ verdict, bundle_id: bundleId ?? null, checks }, 2)}\n`);
  else if (checks.length > 0) await words.text(checks.map((check) => `${describe(check)}\n`).join(""));
  else {
    const rows = manifest?.files.reduce((sum, file) => sum + file.rows, 0) ?? 0;
    const tenant =
      manifest?.tenant?.["tenant_name"] ?? manifest?.tenant?.["tenant_id"] ?? "a tenant without a name";
    await words.text(
      `Whole: ${manifest?.files.length ?? 0} files, ${rows} rows, ${escapeControls(String(tenant))} as of ${manifest?.as_of ?? "no day"}, bundle ${bundleId ?? ""}\n`,
    );
  }
  if (checks.length > 0)
    throw new CliError(`differences: ${checks.length}; do not upload this bundle`, {
      exitCode: exitCodes.incomplete,
    });
}

/** What was asked for besides being whole. */
function judge({ bundleId, manifest }: Verified, args: VerifyArgs): readonly Difference[] {
  const checks: Difference[] = [];
  if (args.expect !== undefined && args.expect.toLowerCase() !== bundleId)
    checks.push({ code: "id_differs", expected: args.expect, found: bundleId ?? "none" });
  if (args.requireComplete && manifest?.status !== "Complete")
    checks.push({ code: "not_complete", expected: "Complete", found: manifest?.status ?? "unknown" });
  if (args.maxAgeDays !== undefined) {
    const age = (Date.parse(args.on ?? "") - Date.parse(manifest?.as_of ?? "")) / 86_400_000;
    if (!(age <= args.maxAgeDays))
      checks.push({ code: "too_old", expected: `at most ${args.maxAgeDays} days`, found: `${age} days` });
  }
  return checks;
}

function describe({ code, file, expected, found }: Difference): string {
  const parts = [
    code,
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
  ];
  return escapeControls(`${file ?? "bundle"}: ${parts.join(", ")}`);
}

export const verifyCommand = defineCommand<VerifyArgs>({
  command: "verify <dir>",
  describe: "Compute a bundle anew and say all that differs, without a database",
  options,
  run,
});
