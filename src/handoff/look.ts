import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { readBytes } from "../files.ts";
import { isSignature, layouts, manifestName, maybeReadList, type Listed } from "./layout.ts";

/** What stands where a bundle is to be written. */
export type Found =
  | { readonly kind: "absent" }
  | { readonly kind: "file" }
  | { readonly kind: "empty"; readonly mode: number }
  | { readonly kind: "bundle"; readonly id: string }
  /** Names of what is no part of a bundle, or is missing in one. */
  | { readonly kind: "other"; readonly strangers: readonly string[] };

/** Looks at a folder: a bundle is one when each file that its lists name is there, and nothing else but signatures. */
export function lookAt(folder: string): Found {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: "absent" };
  if (!stats.isDirectory()) return { kind: "file" };
  const names = readdirSync(folder).toSorted();
  if (names.length === 0) return { kind: "empty", mode: stats.mode & 0o777 };
  const layout = Object.values(layouts).findLast(({ root }) => names.includes(root));
  if (layout === undefined || !names.includes(manifestName)) return { kind: "other", strangers: names };
  const lists = layout.lists.map((list) => readList(join(folder, list)));
  const listed = new Set([...lists.flat().map(({ path }) => path), layout.root]);
  const there = listFiles(folder);
  const strangers = [
    ...there.filter((path) => !listed.has(path) && !isSignature(path)),
    ...[...listed].filter((path) => !there.includes(path)),
  ];
  if (strangers.length > 0) return { kind: "other", strangers };
  const id = createHash("sha256")
    .update(readBytes(join(folder, layout.root)))
    .digest("hex");
  return { kind: "bundle", id };
}

function readList(path: string): readonly Listed[] {
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return (isFile ? maybeReadList(readBytes(path).toString("utf8")) : undefined) ?? [];
}

/** The paths of all that is in a folder but folders of ours, with `/` between. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    const isPayloadFolder = entry.isDirectory() && `${path}/` === layouts.bagit.payload;
    return isPayloadFolder ? [] : [path];
  });
}
