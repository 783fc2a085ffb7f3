import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { quoteText } from "../schema/ddl.ts";
import { CliError, exitCodes } from "../errors.ts";
import { settleForSql } from "../transform/as-of.ts";
import { readSql } from "../transform/models.ts";

/** What can be compared, in the order of the answer. */
const diffSubjects = ["licenses", "users", "mfa", "activity"] as const;

export type DiffSubject = (typeof diffSubjects)[number];

export interface Days {
  readonly from: string;
  /** The newest day in the data when left out. */
  readonly to: string | undefined;
}

/** What changed from one day to another: counts and things to know by subject, and every change by natural ids. */
export interface Diff {
  readonly tenant: string | null;
  readonly from: string;
  readonly to: string;
  readonly counts: readonly Row[];
  readonly notes: readonly Row[];
  readonly changes: readonly Row[];
}

/** Reads the outputs as of both days and compares them. Throws exit 2 for days of which there is no data. */
export async function readDiff(
  connection: DuckDBConnection,
  days: Days,
  subjects: readonly DiffSubject[],
): Promise<Diff> {
  const { from, to } = await checkDays(connection, days);
  await connection.run(
    "create temp table items (side varchar, subject varchar, user_id varchar, sku_id varchar, user_principal_name varchar, product_name varchar, label varchar, property varchar, value varchar)",
  );
  await readSide(connection, { side: "before", day: from, subjects });
  await readSide(connection, { side: "after", day: to, subjects });
  const values = { before: from, after: to };
  await connection.run(`create temp table verdicts as ${readSql("screens/diff_verdicts")}`, values);
  await connection.run(`create temp table changes as ${readSql("screens/diff_changes")}`);
  await connection.run(`create temp table counted as ${readSql("screens/diff_counts")}`);
  const place = `list_position([${diffSubjects.map(quoteText).join(", ")}], subject)`;
  const [tenant] = await readRows(
    connection,
    "select coalesce(tenant_name, tenant_id) as name from meta.tenant",
  );
  return {
    tenant: (tenant?.["name"] as string | undefined) ?? null,
    from,
    to,
    counts: await readRows(connection, `from counted order by ${place}`),
    notes: await readRows(connection, readSql("screens/diff_notes"), values),
    changes: await readRows(
      connection,
      `select * exclude (is_new) from changes where change in ('gained', 'lost', 'changed')
       order by ${place}, case change when 'gained' then 1 when 'lost' then 2 else 3 end,
         lower(user_principal_name), user_id, product_name, sku_id, property`,
    ),
  };
}

interface Side {
  readonly side: "before" | "after";
  readonly day: string;
  readonly subjects: readonly DiffSubject[];
}

async function readSide(connection: DuckDBConnection, { side, day, subjects }: Side): Promise<void> {
  // The newest day is the one that the tables are of, where nobody says another.
  await connection.run(
    `set variable as_of = (select nullif(${quoteText(day)}, newest_date::varchar) from meta.newest_date)`,
  );
  const queries = subjects.map(
    (subject) =>
      `insert into items by name select ${quoteText(side)} as side, ${quoteText(subject)} as subject, * from (${readSql(`screens/diffs/${subject}`)})`,
  );
  const chosen = subjects.map(quoteText).join(", ");
  const basis = `select ${quoteText(side)} as side, * from (${readSql("screens/diff_basis")}) where subject in (${chosen})`;
  await settleForSql(connection, [...queries, basis].join(";"));
  for (const query of queries) await connection.run(query);
  await connection.run(
    side === "before" ? `create temp table bases as ${basis}` : `insert into bases ${basis}`,
  );
}

/** The days of the data, the newest last; at most so many are named. */
const namedDays = 12;

async function checkDays(
  connection: DuckDBConnection,
  { from, to }: Days,
): Promise<{ from: string; to: string }> {
  const rows = await readRows(connection, readSql("screens/diff_days"));
  const [first, last] = [rows[0], rows.at(-1)].map((row) => String(row?.["day"]));
  if (first === undefined || last === undefined || rows.length === 0)
    throw usage("there is no data in the database");
  const until = to ?? last;
  if (from > until) throw usage(`--from ${from} is after --to ${until}`);
  const outside = [from, until].find((day) => day < first || day > last);
  if (outside === undefined) return { from, to: until };
  const days = rows.flatMap(({ day, is_snapshot: isSnapshot }) => (isSnapshot ? String(day) : []));
  const named = `${days.length > namedDays ? "…, " : ""}${days.slice(-namedDays).join(", ")}`;
  throw usage(
    `there is no data of ${outside}: it is from ${first} to ${last}. Exports are of ${named || "no day"}`,
  );
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage });
}
