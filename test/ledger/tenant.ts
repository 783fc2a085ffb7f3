import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, openOutputs, type FileReport } from "../../src/index.ts";
import { Workdir } from "../workdir.ts";

/** A database of a tenant, into which files are imported in this process, and what it answers. */
export class Tenant {
  readonly dir = new Workdir();
  readonly db = this.dir.file("tenant.duckdb");
  private imports = 0;

  async import(
    asOf: string,
    files: Readonly<Record<string, string | object>>,
  ): Promise<readonly FileReport[]> {
    const folder = `in-${(this.imports += 1)}`;
    for (const [name, content] of Object.entries(files)) this.dir.write(`${folder}/${name}`, content);
    return (await importFiles({ paths: [this.dir.file(folder)], db: this.db, asOf })).files;
  }

  async query(sql: string): Promise<Row[]> {
    const database = await openOutputs(this.db, {});
    const rows = await readRows(database.connection, sql);
    database.close();
    return rows;
  }

  /** Who holds a license, and how many the outputs say. */
  async people(): Promise<Row | undefined> {
    const [row] = await this.query(
      "select count(*)::int as users, count(*) filter (len(licenses) > 0)::int as licensed from users",
    );
    return row;
  }
}
