import { join } from "node:path";
import { createHash } from "node:crypto";
import { toJson } from "../escape.ts";
import { readTable } from "../outputs/tables.ts";
import type { FileType } from "../outputs/packed.ts";
import { writeAside } from "../outputs/write-file.ts";
import { Counts, type Refusal } from "./counts.ts";
import { toLines, toObject } from "./lines.ts";
import { writeParts, type Part, type PartsWritten } from "./parts.ts";
import { sectionsOf, type FileRules, type Limits, type Section } from "./profile.ts";
import { makeRows, type Named, type Relation, type Row, type RowMaking } from "./rows.ts";
import { SectionTally } from "./tally.ts";

/** A list of a file that was written. */
export interface SectionWritten {
  readonly section: Section;
  readonly types: ReadonlyMap<string, FileType>;
  readonly tally: SectionTally;
}

/** A file of a profile that was written, in one part or several. */
export interface FileWritten {
  readonly rules: FileRules;
  readonly parts: readonly Part[];
  readonly sections: readonly SectionWritten[];
  readonly counts: Counts;
  readonly relations: readonly Relation[];
  readonly refusals: readonly Refusal[];
}

/** What all files of a profile are written in. */
export interface FileWriting extends Pick<RowMaking, "connection" | "profile" | "asOf" | "isSupplied"> {
  readonly folder: string;
  readonly limits: Limits | undefined;
}

/** Writes files one by one: each behind those that its relations name. */
export async function writeProfileFiles(
  files: readonly FileRules[],
  writing: FileWriting,
): Promise<readonly FileWritten[]> {
  const named = new Map<string, Named[]>();
  for (const { relations = [] } of files)
    for (const { file, columns_there: columns } of relations)
      named.set(file, [...(named.get(file) ?? []), { columns, values: new Set() }]);
  const written: FileWritten[] = [];
  for (const rules of files) {
    const relations = (rules.relations ?? []).map((relation): Relation => {
      const there = named.get(relation.file)?.find(({ columns }) => columns === relation.columns_there);
      return { rules: relation, there: there?.values ?? new Set(), unmatched: new Set() };
    });
    written.push(await writeOne(rules, writing, { relations, named: named.get(rules.file) ?? [] }));
  }
  return written;
}

async function writeOne(
  rules: FileRules,
  writing: FileWriting,
  links: Pick<RowMaking, "relations" | "named">,
): Promise<FileWritten> {
  const { connection, profile, asOf, isSupplied, folder, limits } = writing;
  const counts = new Counts(rules.file);
  const making: RowMaking = { connection, profile, asOf, isSupplied, counts, ...links };
  const sections: (SectionWritten & { readonly batches: AsyncIterable<readonly Row[]> })[] = [];
  for (const section of sectionsOf(rules)) {
    const tally = new SectionTally(profile, section, readTable(section.output).totals ?? []);
    sections.push({ section, tally, ...(await makeRows(section, making)) });
  }
  const [first] = sections;
  const { parts, rowsTooLong } =
    profile.format === "json" || first === undefined
      ? await writeJson(join(folder, rules.file), rules, sections)
      : await writeParts(await toLines(profile, first.section, first.batches), {
          folder,
          file: rules.file,
          limits,
          see: (row, part) => first.tally.see(row, part),
        });
  const refusals = [...counts.refusals, ...judgeParts(rules.file, { parts, rowsTooLong }, limits)];
  return { rules, parts, sections, counts, relations: links.relations, refusals };
}

function judgeParts(
  file: string,
  { parts, rowsTooLong }: PartsWritten,
  limits: Limits = {},
): readonly Refusal[] {
  const most = limits.max_parts ?? Infinity;
  return [
    ...(parts.length > most
      ? [{ code: "too-many-parts", text: `${file} makes ${parts.length} parts, and ${most} are allowed` }]
      : []),
    ...(rowsTooLong > 0
      ? [
          {
            code: "row-too-long",
            records: rowsTooLong,
            text: `${file} has rows that are longer than a part may be`,
          },
        ]
      : []),
  ];
}

type JsonSection = Pick<SectionWritten, "section" | "tally"> & {
  readonly batches: AsyncIterable<readonly Row[]>;
};

async function writeJson(
  path: string,
  { file, group }: FileRules,
  sections: readonly JsonSection[],
): Promise<PartsWritten> {
  const md5 = createHash("md5");
  const text = async function* (): AsyncGenerator<string> {
    for await (const piece of jsonPieces(sections, group !== undefined)) {
      md5.update(piece);
      yield piece;
    }
  };
  const written = await writeAside(path, text());
  const rows = sections.reduce((sum, { tally }) => sum + tally.part(0).rows, 0);
  return { parts: [{ file, ...written, md5: md5.digest("hex"), rows }], rowsTooLong: 0 };
}

/** A list of objects, or an object with a list of them under each name. */
async function* jsonPieces(sections: readonly JsonSection[], isGroup: boolean): AsyncGenerator<string> {
  for (const [index, { section, batches, tally }] of sections.entries()) {
    const names = section.columns.map(({ to }) => to);
    const before = index === 0 ? "{\n" : ",\n";
    yield isGroup ? `${before}${toJson(section.name ?? "")}: [` : "[";
    let separator = "\n";
    for await (const batch of batches) {
      for (const row of batch) tally.see(row, 0);
      yield separator + batch.map((row) => toJson(toObject(names, row))).join(",\n");
      separator = ",\n";
    }
    yield separator === "\n" ? "]" : "\n]";
  }
  yield isGroup ? "\n}\n" : "\n";
}
