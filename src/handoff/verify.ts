import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { CliError, exitCodes, maybeErrorCode } from "../errors.ts";
import { readBytes, streamBytes } from "../files.ts";
import { manifestSchemaFile } from "../paths.ts";
import { isSignature, layouts, manifestName, maybeReadList, packageName, wordsName } from "./layout.ts";
import { manifestVersion, worstOf, type Manifest } from "./manifest.ts";
import { toPackage } from "./package.ts";
import { findSignatureFault } from "./ssh-signature.ts";
import { checkContents } from "./verify-content.ts";

/** What differs, by a code that stays; never a value out of a record. */
export interface Difference {
  readonly code: string;
  readonly file?: string;
  readonly expected?: string;
  readonly found?: string;
}

export interface Verified {
  readonly bundleId: string | undefined;
  /** The file that stands for the bundle, and is signed. */
  readonly root: string;
  readonly differences: readonly Difference[];
  /** Undefined where it is none. */
  readonly manifest: Manifest | undefined;
}

const bagTags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"];
/** No list or manifest of ours comes near that. */
const bytesAtMost = 1 << 26;
const safeName = /^(?:data\/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/**
 * Computes a bundle anew from its own bytes and says all that differs; what is in it is taken for hostile. Throws exit 3
 * where there is no bundle, or one of a newer version, and exit 5 where it cannot be read.
 */
export async function verifyBundle(folder: string, hasContent = true): Promise<Verified> {
  return await orSay(folder, verify(folder, hasContent));
}

async function orSay<Result>(folder: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const code = maybeErrorCode(error);
    if (error instanceof CliError || code === undefined || code.startsWith("ERR_")) throw error;
    throw new CliError(`cannot read ${folder}: ${code}`, { exitCode: exitCodes.output, cause: error });
  }
}

async function verify(folder: string, hasContent: boolean): Promise<Verified> {
  const differences: Difference[] = [];
  const say = (difference: Difference): void => void differences.push(difference);
  const there = listFiles(folder, say);
  const layout = there.has(layouts.bagit.root) ? layouts.bagit : layouts.flat;
  if (!there.has(manifestName) && !there.has(layout.root))
    throw new CliError(`there is no bundle in ${folder}: it has no ${manifestName}`, {
      exitCode: exitCodes.noInput,
    });
  const listed = new Map<string, string>();
  for (const list of layout.lists) {
    const files = there.has(list) ? maybeReadList(readSmall(folder, list, there, say)) : [];
    if (files === undefined) say({ code: "list_differs", file: list, found: "no list of checksums" });
    for (const { path, sha256 } of files ?? []) listed.set(path, sha256);
  }
  for (const path of there.keys())
    if (!listed.has(path) && path !== layout.root && !isSignature(path))
      say({ code: "extra_file", file: path });
  const hashes = new Map<string, string>();
  for (const path of [...listed.keys(), layout.root]) {
    const expected = listed.get(path);
    if (!there.has(path)) say({ code: safeName.test(path) ? "missing_file" : "unsafe_name", file: path });
    else hashes.set(path, await hashOf(join(folder, path)));
    const found = hashes.get(path);
    if (expected !== undefined && found !== undefined && found !== expected)
      say({ code: "sha256_differs", file: path, expected, found });
  }
  const manifest = there.has(manifestName)
    ? readManifest(readSmall(folder, manifestName, there, say), say)
    : undefined;
  if (manifest !== undefined) {
    compare(manifest, { there, listed, hashes }, say);
    comparePackage(folder, manifest, there, say);
    // What is not the file that was written says nothing more of what was written.
    if (hasContent && differences.length === 0)
      for (const difference of await checkContents(folder, manifest)) say(difference);
  }
  return { bundleId: hashes.get(layout.root), root: layout.root, differences, manifest };
}

/** Whether the root file is signed by whom it is to be. Throws exit 5 where the file of signers cannot be read. */
export function checkSignature(
  folder: string,
  root: string,
  { signers, identity }: { readonly signers: string; readonly identity: string },
): readonly Difference[] {
  const file = `${root}.sig`;
  const stats = lstatSync(join(folder, file), { throwIfNoEntry: false });
  const isThere =
    stats?.isFile() === true && lstatSync(join(folder, root), { throwIfNoEntry: false })?.isFile() === true;
  if (!isThere || stats.size > 1 << 16) return [{ code: "signature_missing", file }];
  try {
    const code = findSignatureFault(
      readBytes(join(folder, root)),
      readBytes(join(folder, file)).toString("latin1"),
      { signers: readBytes(signers).toString("utf8"), identity },
    );
    return code === undefined ? [] : [{ code, file }];
  } catch (error) {
    throw new CliError(`cannot read ${signers}: ${maybeErrorCode(error) ?? ""}`, {
      exitCode: exitCodes.output,
      cause: error,
    });
  }
}

/** Whether the files that a bundle was made of are those in a folder, by their SHA-256. Throws exit 5. */
export async function checkSources(
  folder: string,
  manifest: Pick<Manifest, "sources">,
): Promise<readonly Difference[]> {
  return await orSay(folder, findSources(folder, manifest));
}

async function findSources(
  folder: string,
  { sources }: Pick<Manifest, "sources">,
): Promise<readonly Difference[]> {
  const found = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      found.set(entry.name, [
        ...(found.get(entry.name) ?? []),
        await hashOf(join(entry.parentPath, entry.name)),
      ]);
  const all = new Set([...found.values()].flat());
  return sources
    .filter(({ sha256 }) => !all.has(String(sha256)))
    .map(({ file_name: name }) => ({
      code: found.has(String(name)) ? "source_differs" : "source_missing",
      file: String(name),
    }));
}

type Say = (difference: Difference) => void;
type There = ReadonlyMap<string, number>;

/** Files and their sizes; no link is followed, and no folder but that of a bag. */
function listFiles(folder: string, say: Say): There {
  const files = new Map<string, number>();
  const look = (path: string): void => {
    for (const name of readdirSync(join(folder, path)).toSorted()) {
      const stats = lstatSync(join(folder, path + name));
      const file = path + name;
      if (stats.isDirectory() && `${file}/` === layouts.bagit.payload) look(layouts.bagit.payload);
      else if (stats.isFile() && safeName.test(file)) files.set(file, stats.size);
      else say({ code: stats.isFile() ? "unsafe_name" : "extra_file", file });
    }
  };
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true && stats?.isSymbolicLink() !== true)
    throw new CliError(`there is no folder ${folder}`, { exitCode: exitCodes.noInput });
  look("");
  return files;
}

function readSmall(folder: string, path: string, there: There, say: Say): string {
  if ((there.get(path) ?? 0) <= bytesAtMost) return readBytes(join(folder, path)).toString("utf8");
  say({
    code: "bytes_differ",
    file: path,
    expected: `at most ${bytesAtMost}`,
    found: String(there.get(path)),
  });
  return "";
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of streamBytes(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function readManifest(text: string, say: Say): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    say({ code: "list_differs", file: manifestName, found: "no JSON" });
    return undefined;
  }
  const version = (value as { manifest_version?: unknown } | null)?.manifest_version;
  if (typeof version === "string" && /^\d{1,9}$/.test(version) && Number(version) > Number(manifestVersion))
    throw new CliError(
      `the bundle has version ${version}, which is newer than this program knows (${manifestVersion})`,
      {
        exitCode: exitCodes.noInput,
      },
    );
  const schema = JSON.parse(readBytes(manifestSchemaFile).toString("utf8")) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  if (validate(value)) return value as Manifest;
  const [error] = validate.errors ?? [];
  say({
    code: "list_differs",
    file: manifestName,
    expected: "as its schema says",
    found: error?.schemaPath ?? "",
  });
  return undefined;
}

interface Seen {
  readonly there: There;
  readonly listed: ReadonlyMap<string, string>;
  readonly hashes: ReadonlyMap<string, string>;
}

/** Whether the manifest and the lists speak of the same files, and these are as it says. */
function compare(manifest: Manifest, { there, listed, hashes }: Seen, say: Say): void {
  const { files, format, options, status, profile } = manifest;
  const { payload } = layouts[options.layout];
  const tags = options.layout === "bagit" ? bagTags : [];
  const packages = format === "csv" ? [packageName] : [];
  const due = new Set([...files.map(({ file }) => file), manifestName, wordsName, ...tags, ...packages]);
  for (const path of listed.keys())
    if (!due.has(path)) say({ code: "list_differs", file: path, expected: "in manifest.json" });
  for (const path of due)
    if (!listed.has(path)) say({ code: "list_differs", file: path, expected: "a checksum", found: "none" });
  if (due.size !== files.length + 2 + tags.length + packages.length)
    say({ code: "list_differs", file: manifestName, found: "a file twice" });
  for (const { file, bytes, sha256 } of files) {
    if (!file.startsWith(payload)) say({ code: "list_differs", file, expected: `in ${payload}` });
    const size = there.get(file);
    if (size === undefined) continue;
    if (size !== bytes) say({ code: "bytes_differ", file, expected: String(bytes), found: String(size) });
    const found = hashes.get(file);
    if (found !== undefined && found !== sha256)
      say({ code: "sha256_differs", file, expected: sha256, found });
  }
  const worst = worstOf(files);
  // What a profile lets pass is usable by its rules.
  const isUsable = profile === null ? worst === "Complete" : (options.accepted ?? []).length === 0;
  if (status !== worst || manifest.usable !== isUsable)
    say({ code: "list_differs", file: manifestName, expected: worst, found: status });
}

function comparePackage(folder: string, manifest: Manifest, there: There, say: Say): void {
  if (!there.has(packageName)) return;
  let found: unknown;
  try {
    found = JSON.parse(readSmall(folder, packageName, there, say));
  } catch {
    found = undefined;
  }
  if (!isDeepStrictEqual(found, JSON.parse(JSON.stringify(toPackage(manifest)))))
    say({ code: "list_differs", file: packageName, expected: "what manifest.json says" });
}
