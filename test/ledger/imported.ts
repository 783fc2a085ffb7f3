import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, openOutputs, type FileReport } from "../../src/index.ts";
import type { Workdir } from "../workdir.ts";

/** What an import of some files left, and how to ask it. */
export interface ImportedFolder {
  readonly files: readonly FileReport[];
  readonly exitCode: number;
  readonly query: (sql: string) => Promise<Row[]>;
}

let folders = 0;

/** Imports files, by name with their content, in this process into a database of their own, or one of an earlier import. */
export async function importTexts(
  dir: Workdir,
  contents: Readonly<Record<string, string | object>>,
  db = dir.file(`${++folders}.duckdb`),
): Promise<ImportedFolder> {
  const folder = `exports-${++folders}`;
  for (const [name, content] of Object.entries(contents)) dir.write(`${folder}/${name}`, content);
  const { files, exitCode } = await importFiles({ paths: [dir.file(folder)], db, asOf: "2026-11-01" });
  return {
    files,
    exitCode,
    async query(sql) {
      const database = await openOutputs(db, {});
      try {
        return await readRows(database.connection, sql);
      } finally {
        database.close();
      }
    },
  };
}

/** The codes of the issues of a file by its name. */
export function issuesOf({ files }: ImportedFolder, name: string): readonly string[] {
  return files
    .filter(({ file }) => file.endsWith(name))
    .flatMap(({ issues }) => issues.map(({ code }) => code));
}
