import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseStrictly } from "lossless-json";
import { CliError, exitCodes, maybeErrorCode, messageOf } from "../errors.ts";
import { readBytes } from "../files.ts";
import { profileSchemaFile, profilesFolder } from "../paths.ts";
import { checkProfile, type Fault } from "./check.ts";
import { nearestWord, suggest } from "./nearest.ts";
import type { Profile } from "./profile.ts";

/** A profile, the bytes that it stands in, and their SHA-256. */
export interface ReadProfile {
  readonly profile: Profile;
  readonly text: string;
  readonly sha256: string;
}

const bytesAtMost = 1 << 20;

/** The names of the profiles that ship with the program. */
export function profileNames(): readonly string[] {
  return readdirSync(profilesFolder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .toSorted();
}

/** A profile that ships, by its name, or one of one's own, by its file. Throws exit 2 for one that is not sound. */
export function readProfile(given: string): ReadProfile {
  const names = profileNames();
  if (names.includes(given)) return readProfileFile(join(profilesFolder, `${given}.json`));
  if (/\.json$|[/\\]/i.test(given)) return readProfileFile(given);
  throw usage(
    `there is no profile ${given}. The profiles are: ${names.join(", ")}; one of your own is a file that ends with .json${nearTo(given, names)}`,
  );
}

function nearTo(given: string, names: readonly string[]): string {
  const near = nearestWord(given, names);
  return near === undefined ? "" : `. Did you mean ${near}?`;
}

/** A profile in a file; throws exit 2 with the place of the first fault. */
export function readProfileFile(path: string): ReadProfile {
  const bytes = readAll(path);
  const text = decode(path, bytes);
  const value = parse(path, text);
  const fault = findSchemaFault(value) ?? checkProfile(value as Profile);
  if (fault !== undefined)
    throw usage(`the profile ${path} is not sound: ${fault.pointer || "/"} ${fault.text}`);
  return { profile: value as Profile, text, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function readAll(path: string): Buffer {
  let stats;
  try {
    stats = statSync(path);
    if (stats.isFile() && stats.size <= bytesAtMost) return readBytes(path);
  } catch (error) {
    throw usage(`cannot read the profile ${path}: ${maybeErrorCode(error) ?? messageOf(error)}`, error);
  }
  const why = stats.isFile() ? `is larger than ${bytesAtMost} bytes` : "is not a file";
  throw usage(`${path} ${why}, so no profile`);
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw usage(`the profile ${path} is not written in UTF-8`, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    // Of a word that stands twice one would count in silence.
    parseStrictly(text);
    return JSON.parse(text);
  } catch (error) {
    throw usage(
      `the profile ${path} is not JSON: ${error instanceof RangeError ? "it is too deep" : messageOf(error)}`,
      error,
    );
  }
}

/** Sets what the schema says of what is left out. */
function findSchemaFault(value: unknown): Fault | undefined {
  const schema = JSON.parse(readBytes(profileSchemaFile).toString("utf8")) as object;
  const ajv = new Ajv2020({ strict: false, useDefaults: true, verbose: true, ownProperties: true });
  const validate = ajv.compile(schema);
  if (validate(value)) return undefined;
  const errors = validate.errors ?? [];
  // Of several ways to be right the one that was meant fails deepest.
  const [error] = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length);
  return error === undefined ? undefined : toFault(error);
}

function toFault({ instancePath: pointer, keyword, params, parentSchema, message }: ErrorObject): Fault {
  const given = params as Readonly<Record<string, unknown>>;
  if (keyword === "additionalProperties") {
    const word = String(given["additionalProperty"]);
    const known = (parentSchema as { properties?: object } | undefined)?.properties ?? {};
    return {
      pointer,
      text: `has an unknown word "${word.slice(0, 64)}"${suggest(word, Object.keys(known))}`,
    };
  }
  if (keyword === "enum") {
    const allowed = [given["allowedValues"]].flat().map((value) => JSON.stringify(value));
    return { pointer, text: `must be one of ${allowed.join(", ")}` };
  }
  return { pointer, text: message ?? "is not as the schema says" };
}

function usage(message: string, cause?: unknown): CliError {
  return new CliError(message, { exitCode: exitCodes.usage, cause });
}
