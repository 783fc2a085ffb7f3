import { readFileSync } from "node:fs";
import { join } from "node:path";
import { modelsFolder } from "../paths.ts";
import { outputNames } from "../transform/models.ts";
import { isDateForm } from "./forms.ts";
import { suggest } from "./nearest.ts";
import { findCodeFault } from "./refusals.ts";
import {
  sectionsOf,
  sourcesOf,
  type ColumnRules,
  type Condition,
  type FileRules,
  type Profile,
  type Section,
} from "./profile.ts";

/** What is wrong in a profile, and where (a JSON pointer). */
export interface Fault {
  readonly pointer: string;
  readonly text: string;
}

const columnsAtMost = 300;
/** Names that a bundle has for its own files, or Windows for devices. */
const taken = /^(?:manifest|datapackage|con|prn|aux|nul|com\d|lpt\d)\./;

/** Looks for what a schema cannot say: names that there are not, or twice, and rules that contradict each other. */
export function checkProfile(profile: Profile): Fault | undefined {
  const faults = findFaults(profile);
  const { value } = faults.next();
  return value ?? undefined;
}

function* findFaults(profile: Profile): Generator<Fault, undefined> {
  for (const [index, code] of (profile.accept ?? []).entries()) {
    const fault = findCodeFault(code);
    if (fault !== undefined) yield { pointer: `/accept/${index}`, text: `cannot be: ${fault}` };
  }
  const names = new Set<string>();
  let columns = 0;
  for (const [index, file] of profile.files.entries()) {
    const pointer = `/files/${index}`;
    yield* checkName(profile, file, names, pointer);
    yield* checkShape(profile, file, pointer);
    for (const [place, section] of sectionsOf(file).entries()) {
      columns += section.columns.length;
      yield* checkSection(profile, section, file.group ? `${pointer}/group/${place}` : pointer);
    }
    yield* checkRelations(profile, file, pointer);
  }
  if (columns > columnsAtMost) yield { pointer: "/files", text: `have more than ${columnsAtMost} columns` };
  if (profile.format === "json" && profile.split !== undefined)
    yield { pointer: "/split", text: "cannot be had with the format json; jsonl can be split" };
  if (orderFiles(profile.files) === undefined)
    yield { pointer: "/files", text: "have relations that lead in a circle" };
  return undefined;
}

function* checkName(
  { format }: Profile,
  { file }: FileRules,
  names: Set<string>,
  pointer: string,
): Generator<Fault> {
  const at = `${pointer}/file`;
  if (names.has(file)) yield { pointer: at, text: `is the name of two files, ${file}` };
  names.add(file);
  if (taken.test(file))
    yield { pointer: at, text: `is a name that a bundle or a system keeps for itself: ${file}` };
  if (!file.endsWith(`.${format}`))
    yield { pointer: at, text: `must end with .${format}, as the format says` };
}

function* checkShape({ format }: Profile, file: FileRules, pointer: string): Generator<Fault> {
  const { group, output, columns, keep, sort, key, relations } = file;
  if (group === undefined) {
    if (output === undefined) yield { pointer, text: "must have output and columns, or group" };
    if (columns === undefined) yield { pointer, text: "must have columns" };
    return;
  }
  if (format !== "json") yield { pointer: `${pointer}/group`, text: "needs the format json" };
  if ([output, columns, keep, sort, key, relations].some((each) => each !== undefined))
    yield {
      pointer,
      text: "has a group, and so no output, columns, keep, sort, key or relations of its own",
    };
  if (new Set(group.map(({ name }) => name)).size < group.length)
    yield { pointer: `${pointer}/group`, text: "has a name twice" };
}

function* checkSection(profile: Profile, section: Section, pointer: string): Generator<Fault> {
  const known = columnsOf(section.output);
  if (known === undefined) {
    yield unknownOutput(section.output, `${pointer}/output`);
    return;
  }
  const named = new Set<string>();
  for (const [index, column] of section.columns.entries()) {
    const at = `${pointer}/columns/${index}`;
    if (named.has(column.to)) yield { pointer: `${at}/to`, text: "is the name of two columns" };
    named.add(column.to);
    yield* checkColumn(profile, column, known, at);
  }
  if (!section.columns.some((column) => sourcesOf(column).length > 0))
    yield { pointer: `${pointer}/columns`, text: `have none that comes from ${section.output}` };
  yield* checkConditions(section.keep, known, `${pointer}/keep`);
  for (const [index, sort] of (section.sort ?? []).entries()) {
    const name = typeof sort === "string" ? sort : sort.column;
    if (!named.has(name)) yield unknownColumn(name, named, `${pointer}/sort/${index}`);
    const column = section.columns.find(({ to }) => to === name);
    if (column !== undefined && column.from === undefined)
      yield {
        pointer: `${pointer}/sort/${index}`,
        text: "names a column that comes from none of the output",
      };
  }
  for (const [index, name] of (section.key?.columns ?? []).entries())
    if (!named.has(name)) yield unknownColumn(name, named, `${pointer}/key/columns/${index}`);
}

function* checkColumn(
  { format }: Profile,
  column: ColumnRules,
  known: readonly string[],
  pointer: string,
): Generator<Fault> {
  const { from, constant, collect, list, date, number } = column;
  const origins = [from, constant, collect].filter((each) => each !== undefined);
  if (origins.length !== 1) yield { pointer, text: "must have one of from, constant and collect" };
  for (const name of sourcesOf(column)) if (!known.includes(name)) yield unknownColumn(name, known, pointer);
  if ([list, date, number].filter((each) => each !== undefined).length > 1)
    yield { pointer, text: "can have one of list, date and number" };
  if (date !== undefined && !isDateForm(date))
    yield {
      pointer: `${pointer}/date`,
      text: "is made of yyyy MM dd HH mm ss SSS, marks between them, and other text in '…'",
    };
  if ((list === "array" || collect) && format === "csv")
    yield { pointer, text: "makes a list, which CSV cannot hold; give list a separator" };
  if (column.supplied_by !== undefined && columnsOf(column.supplied_by) === undefined)
    yield unknownOutput(column.supplied_by, `${pointer}/supplied_by`);
  if (collect === undefined) return;
  const there = columnsOf(collect.output);
  if (there === undefined) {
    yield unknownOutput(collect.output, `${pointer}/collect/output`);
    return;
  }
  for (const name of [collect.from, collect.match.there])
    if (!there.includes(name)) yield unknownColumn(name, there, `${pointer}/collect`);
  yield* checkConditions(collect.keep, there, `${pointer}/collect/keep`);
}

function* checkConditions(
  conditions: readonly Condition[] | undefined,
  known: readonly string[],
  pointer: string,
): Generator<Fault> {
  for (const [index, { column }] of (conditions ?? []).entries())
    if (!known.includes(column)) yield unknownColumn(column, known, `${pointer}/${index}/column`);
}

function* checkRelations(
  { files }: Profile,
  { columns, relations, file }: FileRules,
  at: string,
): Generator<Fault> {
  for (const [index, relation] of (relations ?? []).entries()) {
    const pointer = `${at}/relations/${index}`;
    const other = files.find((each) => each.file === relation.file);
    if (other?.columns === undefined || other.file === file) {
      yield { pointer: `${pointer}/file`, text: "must name another file of this profile that has columns" };
      return;
    }
    if (relation.columns.length !== relation.columns_there.length)
      yield { pointer, text: "must have as many columns here as there" };
    const sides = [
      [relation.columns, columns ?? []],
      [relation.columns_there, other.columns],
    ] as const;
    for (const [names, known] of sides) {
      const named = known.map(({ to }) => to);
      for (const name of names) if (!named.includes(name)) yield unknownColumn(name, named, pointer);
    }
  }
}

/** The files in an order in which each comes behind those that its relations name; undefined where there is none. */
export function orderFiles(files: readonly FileRules[]): readonly FileRules[] | undefined {
  const ordered: FileRules[] = [];
  while (ordered.length < files.length) {
    const next = files.find(
      (file) =>
        !ordered.includes(file) &&
        (file.relations ?? []).every((relation) => ordered.some((other) => other.file === relation.file)),
    );
    if (next === undefined) return undefined;
    ordered.push(next);
  }
  return ordered;
}

function unknownOutput(name: string, pointer: string): Fault {
  return { pointer, text: `names an unknown output "${name}"${suggest(name, outputNames())}` };
}

function unknownColumn(name: string, known: Iterable<string>, pointer: string): Fault {
  return { pointer, text: `names an unknown column "${name}"${suggest(name, known)}` };
}

/** The columns of an output; undefined where there is no such output. */
function columnsOf(output: string): readonly string[] | undefined {
  if (!outputNames().includes(output)) return undefined;
  const text = readFileSync(join(modelsFolder, "outputs", `${output}.columns.json`), "utf8");
  return Object.keys(JSON.parse(text) as object);
}
