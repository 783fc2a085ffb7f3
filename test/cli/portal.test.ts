import { rmSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { Workdir } from "../workdir.ts";

describe("lists of the portals, beside the exports of Graph of the same tenant and day", () => {
  let dir: Workdir;
  const importInto = (name: string, ...paths: string[]): unknown[] => {
    const { status, files } = dir.import(...paths, "--as-of", "2026-11-01", "--db", `${name}.duckdb`);
    return [status, files.reduce((sum, file) => sum + file.records_rejected, 0)];
  };
  const ask = (name: string, sql: string): unknown[] => dir.query(sql, "--db", `${name}.duckdb`);

  beforeAll(() => {
    dir = new Workdir();
    dir.sample("contoso-portal");
    expect(importInto("graph", dir.sample("contoso"))).toEqual([0, 0]);
    expect(importInto("lists", "contoso-portal/lists")).toEqual([0, 0]);
    const older = "credentialUserRegistrationDetails.json";
    rmSync(dir.file(`contoso-portal/lists/${older}`));
    expect(importInto("bare", "contoso-portal/lists")).toEqual([0, 0]);
    expect(importInto("entra", "contoso-portal/entra-users")).toEqual([0, 0]);
  });

  test.each([
    "select user_id, account_enabled, is_licensed from user_activity order by 1",
    "select user_id, licenses, department, country, created_at from users order by 1",
    "select user_id, is_mfa_capable from mfa_status order by 1",
    "select user_id, mfa_status, regexp_replace(mfa_status_reason, ', by the older registration report of 2026-11-01,?', '') as reason from mfa_status order by 1",
    "select product_name, enabled_units + coalesce(warning_units, 0) as units, consumed_units from license_summary order by 1",
  ])("say the same: %s", (sql) => {
    expect(ask("lists", sql)).toEqual(ask("graph", sql));
  });

  test("name the older report where it tells", () => {
    const sql =
      "select distinct mfa_status as s from mfa_status where contains(mfa_status_reason, 'older registration report of 2026-11-01') order by 1";
    expect(ask("lists", sql)).toEqual([{ s: "Disabled" }, { s: "Non-compliant" }]);
    expect(ask("graph", sql)).toEqual([]);
  });

  test("tell Disabled from Non-compliant by the methods without the older report, and say so", () => {
    const status = "select user_id, mfa_status from mfa_status order by 1";
    expect(ask("bare", status)).toEqual(ask("graph", status));
    const sql =
      "select distinct is_mfa_registered as r, mfa_status as s, contains(mfa_status_reason, 'derived from methods') as d from mfa_status where not is_mfa_capable order by s";
    expect(ask("bare", sql)).toEqual([
      { r: null, s: "Disabled", d: true },
      { r: null, s: "Non-compliant", d: true },
    ]);
  });

  test("find the same admins without a method that resists phishing, and SSPR and passwordless", () => {
    const sql =
      "select user_id, phishing_resistant_methods = '' as weak, is_passwordless_capable, is_sspr_registered from mfa_status order by 1";
    expect(ask("bare", sql)).toEqual(ask("graph", sql));
  });

  test("have the outcomes of sign-ins", () => {
    const sql = `select count(*) as events, count(*) filter (is_successful) as good, count(*) filter (is_interrupted) as interrupted
      from staging.sign_ins where signed_in_at >= timestamp '2026-10-29' and is_interactive is distinct from false`;
    expect(ask("lists", sql)).toEqual(ask("graph", sql));
  });

  test("have the accounts, where they are of Download users, and no licenses", () => {
    const sql =
      "select user_id, display_name, mail, account_enabled, user_type, created_at from intermediate.current_users order by 1";
    expect(ask("entra", sql)).toEqual(ask("graph", sql));
    expect(ask("entra", "select distinct licenses from users")).toEqual([{ licenses: null }]);
  });
});
