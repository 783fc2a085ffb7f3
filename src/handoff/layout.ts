/** How a bundle lies in its folder: all files at the top, or a bag as of RFC 8493. */
export type Layout = "flat" | "bagit";

export const manifestName = "manifest.json";
export const packageName = "datapackage.json";
export const wordsName = "VERIFY.txt";

const payloadList = "manifest-sha256.txt";
const tagList = "tagmanifest-sha256.txt";

/** Where files lie in each layout, the lists with their checksums, and which of these stands for the bundle as a whole. */
export const layouts: Readonly<
  Record<Layout, { readonly payload: string; readonly lists: readonly string[]; readonly root: string }>
> = {
  flat: { payload: "", lists: [payloadList], root: payloadList },
  bagit: { payload: "data/", lists: [payloadList, tagList], root: tagList },
};

const signature = /^(?:tag)?manifest-sha256\.txt\.(?:sig|minisig|asc|p7s)$/;

/** Whether a file is a signature of a root file: it is made when the bundle is whole, and stands in no list. */
export function isSignature(name: string): boolean {
  return signature.test(name);
}

/** A file of a bundle and its checksum. */
export interface Listed {
  readonly path: string;
  readonly sha256: string;
}

/** The text that `sha256sum -c` takes, in the order of the bytes of the paths. */
export function writeList(files: readonly Listed[]): string {
  const sorted = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join("");
}

/** The files of such a text; undefined where it is none as we write it. */
export function maybeReadList(text: string): readonly Listed[] | undefined {
  if (!text.endsWith("\n")) return undefined;
  const files = text
    .slice(0, -1)
    .split("\n")
    .map((line) => /^([0-9a-f]{64}) {2}(.+)$/.exec(line))
    .flatMap((match) => (match ? [{ sha256: match[1] ?? "", path: match[2] ?? "" }] : []));
  return writeList(files) === text ? files : undefined;
}
