import { closeSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { basename } from "node:path/posix";
import { fromFdPromise, getFileNameLowLevel, type Entry, type ZipFile } from "yauzl";
import { isDataName, type Discovery, type InputFile } from "./discover.ts";
import { maybeErrorCode } from "../errors.ts";
import { openFile } from "../files.ts";
import type { Issue } from "../issues.ts";
import { toUnreadable } from "./damage.ts";

/** The most entries of an archive that are looked at: an export has hundreds. */
const maxEntries = 10_000;

/** The most that all entries may say that they expand to: 4 GiB, or 200 times the archive. */
const freeBytes = 2 ** 32;
const maxRatio = 200;

const deflate = 8;
const stored = 0;

/** Each zip archive replaced by the data files in it, which stay packed where they are; no name in it ever becomes a path. */
export async function expandArchives({ files, passedOver }: Discovery): Promise<Discovery> {
  const expanded: InputFile[] = [];
  const left = [...passedOver];
  for (const file of files)
    if (isZip(file)) expanded.push(...(await listEntries(file, left)));
    else expanded.push(file);
  return { files: expanded, passedOver: left };
}

function isZip({ path }: InputFile): boolean {
  let descriptor: number | undefined;
  const head = Buffer.alloc(4);
  try {
    descriptor = openFile(path, "r");
    readSync(descriptor, head);
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return head.equals(Buffer.from("PK\x03\x04")) || head.equals(Buffer.from("PK\x05\x06"));
}

async function listEntries(archive: InputFile, passedOver: string[]): Promise<InputFile[]> {
  const fail = (problem: Issue): InputFile[] => [{ ...archive, problem }];
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(archive.path);
    if (zip.entryCount > maxEntries) return fail({ code: "archive_limit", limit: `${maxEntries} files` });
    const files: InputFile[] = [];
    const limit = Math.max(freeBytes, archive.bytes * maxRatio);
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      const name = entryName(entry);
      total += entry.uncompressedSize;
      if (total > limit) return fail({ code: "archive_limit", limit: `${Math.round(limit / 2 ** 20)} MiB` });
      if (isDataName(basename(name))) files.push(await toInputFile(archive, zip, { entry, name }));
      else if (!name.endsWith("/")) passedOver.push(`${archive.label}/${name}`);
    }
    return files.length === 0 ? fail({ code: "archive_empty" }) : files;
  } catch (error) {
    return fail(maybeErrorCode(error) === undefined ? { code: "archive_damage" } : toUnreadable(error));
  } finally {
    zip?.close();
  }
}

async function openZip(path: string): Promise<ZipFile> {
  const descriptor = openFile(path, "r");
  try {
    return await fromFdPromise(descriptor, { decodeStrings: false, autoClose: false });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function entryName({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** The folders that an entry says it lies in; none of them leads out of the archive. */
function foldersOf(name: string): string[] {
  return name
    .split(/[\\/]/)
    .slice(0, -1)
    .filter((part) => !/^\.*$/.test(part));
}

interface Named {
  readonly entry: Entry;
  readonly name: string;
}

async function toInputFile(archive: InputFile, zip: ZipFile, { entry, name }: Named): Promise<InputFile> {
  const file = {
    ...archive,
    label: `${archive.label}/${name}`,
    name: `${archive.name}/${basename(name)}`,
    folder: [resolve(archive.path), ...foldersOf(name)].join("/"),
    bytes: entry.uncompressedSize,
    modifiedAt: entry.getLastModDate().getTime(),
  };
  if (entry.isEncrypted()) return { ...file, problem: { code: "archive_locked" } };
  if (entry.compressionMethod !== deflate && entry.compressionMethod !== stored)
    return { ...file, problem: { code: "archive_method" } };
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const zipEntry = {
    start: fileDataStart,
    packedBytes: entry.compressedSize,
    isDeflated: entry.compressionMethod === deflate,
    bytes: entry.uncompressedSize,
    checksum: entry.crc32,
  };
  return { ...file, zip: zipEntry };
}
