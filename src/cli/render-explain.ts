import type { ExplainedRow, Explanation, Figure, Source } from "../outputs/explain.ts";
import { escapeControls } from "../escape.ts";
import type { Words } from "../outputs/words.ts";

/** An explanation as text: who it is, a block per row of an output and in it a block per figure, and the files behind them. */
export function writeExplanation({ user, as_of: asOf, rows }: Explanation, words: Words): string {
  const names = [user["display_name"], user["user_principal_name"], user["user_id"]];
  const known = names.filter((name) => name !== null).map((name) => escapeControls(String(name)));
  const how = user["matched_by"] === "UPN" ? "" : ` (found by: ${String(user["matched_by"])})`;
  const head = `${known.join(", ")}${how}, as of ${String(asOf)}`;
  const said = new Set<string>();
  const blocks = rows.map((row) =>
    writeRow(row, { words, said, isAlone: rows.filter(({ output }) => output === row.output).length === 1 }),
  );
  return `${[head, ...blocks, writeFiles(rows)].join("\n\n")}\n`;
}

interface Told {
  readonly words: Words;
  readonly said: Set<string>;
  readonly isAlone: boolean;
}

/** What another output has said already is not said again. */
function writeRow(
  { output, data_status: status, reasons, figures }: ExplainedRow,
  { words, said, isAlone }: Told,
): string {
  const fresh = figures.filter((figure) => !said.has(keyOf(figure)));
  // Of several rows of one output each is told as a whole.
  if (isAlone) for (const figure of figures) said.add(keyOf(figure));
  const width = Math.max(...fresh.map(({ figure }) => figure.length));
  const why = reasons === null ? "" : `\n  ${escapeControls(reasons)}`;
  return [`${output}: ${status}${why}`, ...fresh.map((figure) => writeFigure(figure, width, words))].join(
    "\n",
  );
}

function keyOf({ figure, value, sources }: Figure): string {
  return JSON.stringify([figure, value, sources]);
}

function writeFigure({ figure, value, rule, sources }: Figure, width: number, words: Words): string {
  const head = `  ${figure.padEnd(width)}  ${toText(words(value, { property: figure }))}`;
  const [first] = sources;
  if (first !== undefined && sources.length === 1 && first.is_chosen && first.remark === null)
    return `${head}  <- ${writePlace(first)}${first.property === null ? `: ${escapeControls(first.value ?? "-")}` : `, ${first.property}`}`;
  const indent = " ".repeat(width + 4);
  const lines = merge(sources).map((source) => `${indent}${writeSource(source)}`);
  return [head, ...(rule === "" ? [] : [`${indent}${escapeControls(rule)}`]), ...lines].join("\n");
}

function toText(value: unknown): string {
  if (value === null) return "-";
  return escapeControls(typeof value === "object" ? JSON.stringify(value) : String(value));
}

type Merged = Source & { readonly values: readonly string[] };

/** Sources of one record stand in one line. */
function merge(sources: readonly Source[]): readonly Merged[] {
  const merged = new Map<string, Source & { values: string[] }>();
  for (const source of sources) {
    const key = JSON.stringify([source.sha256, source.record_number, source.is_chosen, source.remark]);
    const same = merged.get(key) ?? { ...source, values: [] };
    const parts = [source.property, source.value].filter((part) => part !== null);
    same.values.push(parts.join(" = "));
    merged.set(key, same);
  }
  return [...merged.values()];
}

function writeSource(source: Merged): string {
  const why = source.remark === null ? "" : `; ${source.remark}`;
  const verdict = source.is_chosen ? "from" : "not ";
  return escapeControls(`${verdict} ${writePlace(source)}: ${source.values.join(", ")}${why}`);
}

function writePlace({ file, record_number: record, snapshot_date: date }: Source): string {
  const place = record === null ? "" : `, record ${record}`;
  return escapeControls(`${file}${place} (${date ?? "no date"})`);
}

/** Every file that was named, with the hash that proves it. */
function writeFiles(rows: readonly ExplainedRow[]): string {
  const sources = rows.flatMap(({ figures }) => figures.flatMap((figure) => figure.sources));
  const files = new Map(sources.map(({ file, sha256 }) => [sha256, file]));
  const lines = [...files].map(([sha256, file]) => `  ${sha256}  ${escapeControls(file)}`);
  return ["Files (SHA-256)", ...lines.toSorted()].join("\n");
}
