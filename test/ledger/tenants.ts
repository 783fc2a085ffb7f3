import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, openOutputs, type ImportOptions, type ImportResult } from "../../src/index.ts";
import { page, type Workdir } from "../workdir.ts";

/** A number as a GUID. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** The SKU that everybody has. */
export const sku = "00000000-0000-4000-8000-0000000000e3";

/** A user of one license; the properties given replace those of everybody. */
export function user(number: number, more: Row = {}): Row {
  return {
    id: guid(number),
    userPrincipalName: `user${number}@contoso.example`,
    displayName: `User ${number}`,
    accountEnabled: true,
    userType: "Member",
    createdDateTime: "2024-01-01T00:00:00Z",
    assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
    ...more,
  };
}

/** Users by their numbers, from one to the other. */
export function users(from: number, to: number, more: Row = {}): Row[] {
  return Array.from({ length: to - from + 1 }, (_, index) => user(from + index, more));
}

export const usersPage = (value: readonly Row[], more: Row = {}): object => page("users", value, more);

/** A page that another one follows. */
export const openPage = (value: readonly Row[]): object =>
  usersPage(value, { "@odata.nextLink": "https://graph.microsoft.us/v1.0/users?$skiptoken=x" });

/** What an import comes to, file by file: status, completeness and the codes of its issues but those of dates. */
export function told({ files, exitCode }: ImportResult): unknown[] {
  const lines = files.map(({ file, status, completeness, records_loaded: loaded, issues }) => {
    const codes = issues.map(({ code }) => code).filter((code) => code !== "date_guessed");
    const path = file.split(/[\\/]/).slice(-2).join("/");
    return [path, status, completeness, loaded, ...codes].join(" ");
  });
  return [exitCode, ...lines];
}

export interface Tenant {
  readonly import: (paths: readonly string[], more?: Partial<ImportOptions>) => Promise<ImportResult>;
  readonly query: (sql: string) => Promise<Row[]>;
}

/** A database of its own in a folder, imported into and asked in this process. */
export function tenantIn(dir: Workdir, name = "tenant"): Tenant {
  const db = dir.file(`${name}.duckdb`);
  return {
    import: async (paths, more = {}) =>
      await importFiles({ paths: paths.map((path) => dir.file(path)), db, ...more }),
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
