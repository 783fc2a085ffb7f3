import { escapeControls } from "../escape.ts";
import type { ManifestFile } from "../handoff/manifest.ts";
import type { formatTable } from "../outputs/format.ts";

/** What an export prints: its files and the id of its bundle. */
export function describeBundle(
  folder: string,
  files: readonly ManifestFile[],
  bundleId: string,
  format: typeof formatTable,
): string {
  const columns = [
    { name: "file", isNumber: false },
    { name: "rows", isNumber: true },
    { name: "bytes", isNumber: true },
    { name: "data", isNumber: false },
  ];
  const rows = files.map((file) => [file.file, file.rows, file.bytes, file.data_status]);
  return `Wrote ${files.length} files and manifest.json to ${escapeControls(folder)}.\n\n${format(columns, rows)}\nbundle ${bundleId}\n`;
}

/** One line where eyes are: what is handed on may be taken for all that there is. */
export function describeIncomplete(files: readonly Pick<ManifestFile, "data_status">[]): string {
  const counts = ["Not supplied", "Partial"].map((status) => ({
    status,
    count: files.filter((file) => file.data_status === status).length,
  }));
  const named = counts.filter(({ count }) => count > 0).map(({ status, count }) => `${count} ${status}`);
  return `warning: outputs that are not Complete: ${named.join(", ")}; see manifest.json (--require-complete refuses them)`;
}
