import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { quoteName } from "../schema/ddl.ts";
import { CliError, exitCodes } from "../errors.ts";
import { settleForSql } from "../transform/as-of.ts";
import { readSql } from "../transform/models.ts";

/** A record that was looked at for a figure. */
export interface Source {
  readonly file: string;
  readonly sha256: string;
  readonly snapshot_date: string | null;
  readonly record_number: number | null;
  readonly property: string | null;
  readonly value: string | null;
  readonly is_chosen: boolean;
  /** Why it was not chosen, or how it was matched. */
  readonly remark: string | null;
}

/** One figure of an output: what it is, by which rule, and the records that it comes from. */
export interface Figure {
  readonly figure: string;
  readonly value: unknown;
  readonly rule: string;
  readonly sources: readonly Source[];
}

export interface ExplainedRow {
  readonly output: string;
  readonly data_status: string;
  readonly reasons: string | null;
  readonly figures: readonly Figure[];
}

export interface Explanation {
  readonly user: Row;
  readonly as_of: unknown;
  readonly rows: readonly ExplainedRow[];
}

export interface ExplainOptions {
  /** An object id, a UPN of today or earlier, or a mail address. */
  readonly name: string;
  readonly outputs: readonly string[];
  /** Only rows of this SKU: its id, part number or product name. */
  readonly sku?: string | undefined;
}

/** Where every figure of a user comes from. Throws exit 2 where the name is of nobody, or of several. */
export async function explainUser(
  connection: DuckDBConnection,
  { name, outputs, sku }: ExplainOptions,
): Promise<Explanation> {
  const user = await findPerson(connection, name);
  const rows: ExplainedRow[] = [];
  const chosen = await chooseOutputs(connection, outputs, sku);
  await settleForSql(connection, [...chosen, "output_status"].join(" "));
  for (const output of chosen) rows.push(...(await explainOutput(connection, { output, user, sku })));
  if (rows.length === 0)
    throw usage(`${name} has no row in ${chosen.join(", ")}${sku === undefined ? "" : ` of ${sku}`}.`);
  const [parameters] = await readRows(connection, "from intermediate.parameters");
  return { user, as_of: parameters?.["as_of"], rows };
}

async function findPerson(connection: DuckDBConnection, name: string): Promise<Row> {
  const [person] = await readRows(connection, readSql("screens/explain_person"), { name });
  if (person !== undefined && Number(person["bearers"]) === 1) return person;
  if (person !== undefined)
    throw usage(
      `${String(person["bearers"])} users have the name ${name}. Give the object id of one of them.`,
    );
  const [former] = await readRows(connection, readSql("screens/explain_former"), { name });
  if (former !== undefined)
    throw usage(
      `${name} is in no users export of today's any more; the last one with this user is of ${String(former["last_date"])}. See: m365-offline explain ${name} --as-of ${String(former["last_date"])}`,
    );
  const orphans = await readRows(connection, readSql("screens/explain_orphan"), { name });
  if (orphans.length === 0)
    throw usage(`there is no user ${name}. Give an object id, a user principal name or a mail address.`);
  const places = orphans.map((row) => `${String(row["dataset"])}: ${String(row["reason"])}`);
  throw usage(`${name} is no user, but stands in exports:`, [
    ...places,
    'All of them: m365-offline query "from orphans"',
  ]);
}

/** The outputs whose figures can be followed to records; those on licenses alone where a SKU is given. */
async function chooseOutputs(
  connection: DuckDBConnection,
  wanted: readonly string[],
  sku: string | undefined,
): Promise<readonly string[]> {
  const rows = await readRows(
    connection,
    "select view_name from duckdb_views() where schema_name = 'lineage' order by view_name like 'license%', view_name <> 'users', view_name",
  );
  const known = rows.map((row) => String(row["view_name"]));
  const unknown = wanted.filter((output) => !known.includes(output));
  if (unknown.length > 0)
    throw usage(`${unknown.join(", ")} cannot be explained. These can: ${known.join(", ")}`);
  const chosen = wanted.length > 0 ? [...new Set(wanted)] : known;
  const onSkus = sku === undefined ? chosen : chosen.filter((output) => output.startsWith("license"));
  if (onSkus.length === 0) throw usage("--sku goes with --output license_assignments, or with no --output");
  return onSkus;
}

interface Subject {
  readonly output: string;
  readonly user: Row;
  readonly sku: string | undefined;
}

async function explainOutput(
  connection: DuckDBConnection,
  { output, user, sku }: Subject,
): Promise<ExplainedRow[]> {
  const view = quoteName(output);
  const rows = await readRows(
    connection,
    `from ${view} where user_id = $id or (user_id is null and user_principal_name = $name)`,
    { id: toText(user["user_id"]), name: toText(user["user_principal_name"]) },
  );
  const sources = await readRows(connection, sourcesSql(output), { person: toText(user["person_key"]) });
  const cells = rows.flatMap((row) => Object.values(row).map(String));
  const hasCell = await compareCells(connection, [
    ...cells,
    ...sources.map((source) => String(source["subject"])),
    sku ?? "",
  ]);
  const wanted = rows.filter((row) => sku === undefined || hasCell(row, sku));
  if (wanted.length === 0) return [];
  const rules = await readRows(
    connection,
    "select column_name, meaning from meta.output_columns where output = $output",
    {
      output,
    },
  );
  const [status] = await readRows(connection, "from output_status where output = $output", { output });
  // A source without a subject is of all rows of the user, one with a subject of the row that has it in a cell.
  const isOf = (source: Row, row: Row): boolean =>
    source["subject"] === null || hasCell(row, String(source["subject"]));
  return wanted.map((row) => ({
    output,
    data_status: String(status?.["data_status"]),
    reasons: (status?.["reasons"] ?? null) as string | null,
    figures: Object.entries(row).map(([figure, value]) => ({
      figure,
      value,
      rule: String(rules.find((rule) => rule["column_name"] === figure)?.["meaning"] ?? ""),
      sources: sources.filter((source) => source["figure"] === figure && isOf(source, row)).map(toSource),
    })),
  }));
}

/** Its own sources first; for what it repeats of the users export those of `users`. */
function sourcesSql(output: string): string {
  const view = `lineage.${quoteName(output)}`;
  const others = output === "users" ? "" : "union all by name select * from lineage.users";
  return `select sources.*, files.file_name, files.sha256, files.snapshot_date
    from (select * from ${view} ${others}) as sources
    join meta.source_files as files using (source_file_id)
    where person_key = $person
    order by is_chosen desc, snapshot_date desc, source_file_id, record_number, property, evidence nulls last`;
}

/** Whether a row has a text in a cell: as an id or as a name, compared as everywhere. */
async function compareCells(
  connection: DuckDBConnection,
  texts: readonly string[],
): Promise<(row: Row, text: string) => boolean> {
  const rows = await readRows(
    connection,
    `select text, macros.name_key(text) as name, macros.guid_key(text) as id
       from (select distinct unnest(from_json($texts, '["VARCHAR"]')) as text)`,
    { texts: JSON.stringify(texts) },
  );
  const keys = new Map(rows.map((row) => [row["text"], [row["name"], row["id"]] as const]));
  return (row, text) => {
    const [name, id] = keys.get(text) ?? [];
    return Object.values(row).some((cell) => {
      const [otherName, otherId] = keys.get(String(cell)) ?? [];
      return (name ?? null) !== null && (name === otherName || ((id ?? null) !== null && id === otherId));
    });
  };
}

function toSource(row: Row): Source {
  return {
    file: String(row["file_name"]),
    sha256: String(row["sha256"]),
    snapshot_date: row["snapshot_date"] as string | null,
    record_number: row["record_number"] as number | null,
    property: row["property"] as string | null,
    value: row["evidence"] as string | null,
    is_chosen: row["is_chosen"] === true,
    remark: row["remark"] as string | null,
  };
}

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function usage(message: string, lines: readonly string[] = []): CliError {
  return new CliError(message, { exitCode: exitCodes.usage, lines });
}
