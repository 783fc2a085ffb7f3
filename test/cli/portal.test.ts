import { expect, test } from "vitest";
import { Workdir } from "../workdir.ts";

/** The lists of the portals, and the exports of Graph of the same tenant on the same day. */
function importBoth(folder: string): Workdir {
  const dir = new Workdir();
  dir.sample("contoso-portal");
  const { status, files } = dir.import(
    `contoso-portal/${folder}`,
    "--as-of",
    "2026-11-01",
    "--db",
    "lists.duckdb",
  );
  expect([status, files.map((file) => file.records_rejected)]).toEqual([0, files.map(() => 0)]);
  dir.import(dir.sample("contoso"), "--db", "graph.duckdb");
  return dir;
}

const askBoth = (dir: Workdir, sql: string): unknown[] =>
  ["lists", "graph"].map((name) => dir.query(sql, "--db", `${name}.duckdb`));

test("the lists of the portals say the same of the tenant as Graph does, or nothing", () => {
  const dir = importBoth("lists");
  for (const sql of [
    "select user_id, account_enabled, is_licensed from user_activity order by 1",
    "select user_id, licenses, department, country, created_at from users order by 1",
    "select user_id, is_mfa_capable from mfa_status order by 1",
    "select user_id from mfa_status where mfa_status = 'Enabled' order by 1",
    "select product_name, enabled_units + coalesce(warning_units, 0) as units, consumed_units from license_summary order by 1",
  ]) {
    const [lists, graph] = askBoth(dir, sql);
    expect(lists, sql).toEqual(graph);
  }
  expect(
    dir.query(
      "select distinct mfa_status as s, mfa_status_reason as r from mfa_status where not is_mfa_capable",
      "--db",
      "lists.duckdb",
    ),
  ).toEqual([{ s: "Not Available", r: "Not capable, but isMfaRegistered was not exported" }]);
});

test("sign-ins of the portal count as those of Graph", () => {
  const dir = importBoth("lists");
  const counted = `select count(*) as all_sign_ins, count(*) filter (is_successful) as good, count(*) filter (is_interrupted) as interrupted
    from staging.sign_ins where signed_in_at >= timestamp '2026-10-29'`;
  const [lists] = dir.query(counted, "--db", "lists.duckdb");
  const [graph] = dir.query(`${counted} and is_interactive`, "--db", "graph.duckdb");
  expect(lists).toEqual(graph);
});

test("Download users has the accounts, and no licenses", () => {
  const dir = importBoth("entra-users");
  const [lists, graph] = askBoth(
    dir,
    "select user_id, display_name, mail, account_enabled, user_type, created_at from users order by 1",
  );
  expect(lists).toEqual(graph);
  expect(dir.query("select distinct licenses from users", "--db", "lists.duckdb")).toEqual([
    { licenses: null },
  ]);
});
