import { join } from "node:path";
import { layouts, writeList, type Layout, type Listed } from "../handoff/layout.ts";
import { writeAside } from "./write-file.ts";

/** What stands in a bundle beside the outputs. */
interface Tags {
  readonly files: readonly (Listed & { readonly bytes: number })[];
  readonly tags: readonly { readonly path: string; readonly text: string }[];
  /** What a bag says of itself: the day that it is of, and of whom. */
  readonly date: string;
  readonly tenantId: string | undefined;
}

/** Writes what stands beside the outputs, and the checksums of all at last. Returns the bundle id. */
export async function writeTags(
  folder: string,
  layout: Layout,
  { files, tags, date, tenantId }: Tags,
): Promise<string> {
  const { lists, root } = layouts[layout];
  const listed: Listed[] = [];
  const write = async (path: string, text: string): Promise<string> => {
    const { sha256 } = await writeAside(join(folder, path), piecesOf(text));
    listed.push({ path, sha256 });
    return sha256;
  };
  for (const { path, text } of tags) await write(path, text);
  if (layout === "flat") return await write(root, writeList([...listed, ...files]));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const id = tenantId === undefined ? "" : `External-Identifier: ${tenantId}\n`;
  await write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  await write("bag-info.txt", `Bagging-Date: ${date}\n${id}Payload-Oxum: ${bytes}.${files.length}\n`);
  await write(lists[0] ?? "", writeList(files));
  return await write(root, writeList(listed));
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield text;
}
