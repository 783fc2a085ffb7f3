import { layouts, type Layout } from "./layout.ts";

const uploading = `
6. Before an upload: "upload" in manifest.json says what each file is sent as, and "md5" what its
   Checksum header is. The files are not packed. Who packs one (gzip -n) takes its MD5 anew, of
   what is sent:

    gzip -n -k FILE && md5sum FILE.gz
`;

/** The text of VERIFY.txt: how to check a bundle, with and without this program; and what to know before an upload. */
export function writeWords(layout: Layout, isUploaded = false): string {
  const { lists, root } = layouts[layout];
  const checks = lists.map((list) => `    sha256sum -c ${list}`).join("\n");
  const names = lists.map((list) => `'${list}'`).join(", ");
  return `How to check this folder
========================

It was written by m365-offline export. What each file holds stands in manifest.json.
${root} stands for all of it: its own SHA-256 is the bundle id, which the export printed.

1. Is it the bundle that was announced? Compare the bundle id:

    sha256sum ${root}
    (Get-FileHash ${root} -Algorithm SHA256).Hash.ToLower()

2. Is every file as it was written? On Linux and macOS:

${checks}

   In PowerShell, which prints what differs:

    ${names} | ForEach-Object { Get-Content $_ } | ForEach-Object {
      $hash, $path = $_ -split '  ', 2
      if ((Get-FileHash $path -Algorithm SHA256).Hash -ne $hash) { "$path differs" } }

   Neither finds a file that was added.

3. With m365-offline, which finds that too, and needs no database and no network:

    m365-offline verify DIR --expect BUNDLE_ID

4. May it be loaded? In manifest.json "status" is that of the worst file; each file has its
   "data_status", with "reasons": Complete, Partial, or Not supplied.

5. Who released it? A signature, if there is one, is of ${root}:

    ssh-keygen -Y verify -f allowed_signers -I NAME -n m365-offline -s ${root}.sig < ${root}
${isUploaded ? uploading : ""}
Do not load a bundle of which any of these fails.
`;
}
