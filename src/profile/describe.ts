import { worstOf, type ManifestColumn, type ManifestFile } from "../handoff/manifest.ts";
import type { SaidOfOutput } from "../outputs/describe-bundle.ts";
import type { FileType } from "../outputs/packed.ts";
import { readTable } from "../outputs/tables.ts";
import { csvForms } from "./lines.ts";
import { outputsOfFile } from "./plan.ts";
import { sourcesOf, type ColumnRules, type Profile } from "./profile.ts";
import type { FileWritten, SectionWritten } from "./write.ts";

/** What the files of a profile are described by. */
export interface Describing {
  readonly profile: Profile;
  readonly payload: string;
  readonly saidOf: (output: string) => SaidOfOutput;
  readonly tenantId: unknown;
  readonly asOf: string;
  readonly isSplit: boolean;
}

/** The dialect of the files of a profile. */
export function describeProfileDialect(profile: Profile): Readonly<Record<string, string>> {
  const forms = csvForms(profile);
  const values = {
    true: "true",
    false: "false",
    decimal: ".",
    date: "YYYY-MM-DD",
    time: "YYYY-MM-DDTHH:MM:SS.ffffffZ",
  };
  if (profile.format !== "csv")
    return { encoding: "UTF-8", line_end: "LF", ...values, decimals_in_json: "text", null: "left out" };
  return {
    encoding: forms.bom ? "UTF-8 with BOM" : "UTF-8",
    line_end: forms.line_end,
    delimiter: forms.delimiter,
    quote: '"',
    null: forms.null,
    empty_text: forms.empty,
    ...values,
    true: forms.true,
    false: forms.false,
  };
}

/** What a manifest says of the files of a profile, of each part of them. */
export function describeProfileFiles(
  written: readonly FileWritten[],
  describing: Describing,
): readonly ManifestFile[] {
  return written
    .flatMap((file) => file.parts.map((_, index) => describePart(file, index, { ...describing, written })))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

interface DescribingAll extends Describing {
  readonly written: readonly FileWritten[];
}

function describePart(file: FileWritten, index: number, describing: DescribingAll): ManifestFile {
  const { rules, parts, sections, counts } = file;
  const { payload, saidOf, isSplit } = describing;
  const part = parts[index];
  if (part === undefined) throw new RangeError(`no part ${index}`);
  const said = outputsOfFile(rules).map(saidOf);
  const hasNames = rules.group !== undefined;
  const totals = hasNames ? {} : describeTotals(sections[0], index);
  const { leftOut, filled } = counts;
  return {
    file: payload + part.file,
    output: outputsOfFile(rules).join(", "),
    rows: part.rows,
    bytes: part.bytes,
    sha256: part.sha256,
    ...(rules.upload && { md5: part.md5 }),
    ...(isSplit && { part: { of: rules.file, index: index + 1, count: parts.length } }),
    ...(hasNames && {
      sections: sections.map(({ section, tally }) => ({
        name: section.name ?? "",
        output: section.output,
        rows: tally.part(index).rows,
      })),
    }),
    data_status: worstOf(said),
    reasons: said.flatMap(({ reasons }) => reasons),
    notes: [
      ...said.flatMap(({ notes }) => notes),
      ...(rules.notes ?? []).map((text) => ({ code: "profile", text })),
    ],
    columns: sections.flatMap((section) => describeColumns(section, index, describing)),
    key: hasNames ? [] : keyOf(sections[0]),
    sorted_by: hasNames ? [] : sortOf(sections[0]),
    relations: describeRelations(file, describing),
    ...(Object.keys(totals).length > 0 && { totals }),
    // Of the file as a whole, so that sums over parts are right.
    ...(index === 0 && leftOut.length > 0 && { left_out: leftOut }),
    ...(index === 0 && filled.length > 0 && { filled }),
    ...(rules.upload && { upload: { ...rules.upload, suggested_name: suggestName(part.file, describing) } }),
  };
}

/** A name that no other tenant, day or part has. */
function suggestName(file: string, { tenantId, asOf }: Describing): string {
  return `m365-${String(tenantId)}-${asOf}-${file}`.slice(0, 150);
}

function keyOf(written: SectionWritten | undefined): readonly string[] {
  const { key, columns = [] } = written?.section ?? {};
  return (
    key?.columns ??
    columns
      .filter(({ unique }) => unique)
      .map(({ to }) => to)
      .slice(0, 1)
  );
}

/** Where a column is in the order of one column of the output, and not turned around. */
function sortOf(written: SectionWritten | undefined): readonly string[] {
  const { sort = [], columns = [] } = written?.section ?? {};
  const names: string[] = [];
  for (const each of sort) {
    const rules = typeof each === "string" ? columns.find(({ to }) => to === each) : undefined;
    if (rules === undefined || sourcesOf(rules).length !== 1 || rules.values) return names;
    names.push(rules.to);
  }
  return names;
}

function describeTotals(
  written: SectionWritten | undefined,
  index: number,
): Readonly<Record<string, string>> {
  const { section, tally } = written ?? {};
  const { rows = 0, blanks = [], sums = new Map<number, bigint>() } = tally?.part(index) ?? {};
  return Object.fromEntries(
    [...sums]
      .filter(([at]) => rows > (blanks[at] ?? 0))
      .map(([at, sum]) => [section?.columns[at]?.to ?? "", String(sum)]),
  );
}

function describeColumns(
  { section, types, tally }: SectionWritten,
  index: number,
  { profile, saidOf }: Describing,
): readonly ManifestColumn[] {
  const { meaningOf } = saidOf(section.output);
  const { personal = {} } = readTable(section.output);
  const { rows, blanks } = tally.part(index);
  return section.columns.map((column, at) => {
    const sources = sourcesOf(column);
    const nulls = blanks[at] ?? 0;
    const words = wordsOf(column);
    const { collect } = column;
    const kinds = collect
      ? [readTable(collect.output).personal?.[collect.from]]
      : sources.map((source) => personal[source]);
    return {
      name: section.name === undefined ? column.to : `${section.name}.${column.to}`,
      ...typeOf(column, types, profile),
      nullable: nulls > 0 || rows === 0 || column.required === undefined || column.required === false,
      nulls,
      empties: 0,
      ...(words && { enum: words }),
      personal: kinds.find((kind) => kind !== undefined && kind !== "none") ?? "none",
      meaning: collect
        ? saidOf(collect.output).meaningOf(collect.from)
        : sources
            .map(meaningOf)
            .filter((meaning) => meaning !== "")
            .join("; else ") || "constant",
    };
  });
}

/** All words that a column can have. */
function wordsOf({ values, otherwise, default: word }: ColumnRules): readonly string[] | undefined {
  if (values === undefined || otherwise === "keep") return undefined;
  const all = [...Object.values(values), word].filter(
    (each) => each !== undefined && each !== null && each !== "",
  );
  return [...new Set(all.map(String))];
}

/** What other than text a reader may take the cells of a column for. */
function typeOf(column: ColumnRules, types: ReadonlyMap<string, FileType>, profile: Profile): FileType {
  const text: FileType = { type: "text" };
  const { values, list, date, number, default: word } = column;
  if (number !== undefined && word === undefined)
    return number.decimals === 0 ? { type: "integer" } : { type: "decimal", scale: number.decimals };
  if ([values, list, date, number, word].some((each) => each !== undefined)) return text;
  const all = sourcesOf(column).map((source) => types.get(source) ?? text);
  const [first = text] = all;
  if (column.collect !== undefined || all.some(({ type }) => type !== first.type)) return text;
  const forms = csvForms(profile);
  const hasOwnWords = profile.format === "csv" && (forms.true !== "true" || forms.false !== "false");
  return first.type === "boolean" && hasOwnWords ? text : first;
}

/** Of files in several parts nothing is said: a part names rows of any other. */
function describeRelations(
  { parts, relations }: FileWritten,
  { written, payload }: DescribingAll,
): ManifestFile["relations"] {
  if (parts.length > 1) return [];
  return relations.flatMap(({ rules, unmatched }) => {
    const [other, ...more] = written.find((file) => file.rules.file === rules.file)?.parts ?? [];
    if (other === undefined || more.length > 0) return [];
    return [
      {
        columns: rules.columns,
        file: payload + other.file,
        columns_there: rules.columns_there,
        hard: unmatched.size === 0,
        unmatched: unmatched.size,
      },
    ];
  });
}
