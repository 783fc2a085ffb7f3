import { findParts, maxParts } from "./batch-response.ts";
import { DamagedBytes } from "../source/damage.ts";
import type { Dataset } from "../schema/dataset.ts";
import { openBytes, type ByteSource } from "../source/decode.ts";
import type { InputFile } from "../source/discover.ts";
import type { Encoding } from "../files.ts";
import type { Issue } from "../issues.ts";
import { withHead } from "../source/unpack.ts";
import { recogniseColumns } from "./csv.ts";
import { hasOnlyDeleted } from "./deleted.ts";
import { httpAnswer, maybeDatasetOfName, recogniseJson, type Datasets } from "./json.ts";
import { createWindow, skipSpace } from "../source/buffer.ts";
import type { Finding, Hints, Recognition } from "./detection.ts";

/** Most files say what they are by their first records: blocks as they are loaded by would be read for nothing. */
const pieceBytes = 1 << 16;

/** The same bytes, read piece by piece. */
function inPieces(source: ByteSource): ByteSource {
  return { ...source, read: (target, from) => source.read(target.subarray(0, from + pieceBytes), from) };
}

/** Looks at the beginning of a file and says what it holds; each answer in a batch stands by itself. */
export function recogniseFile(file: InputFile, datasets: Datasets, hints: Hints = {}): Recognition[] {
  const batch = file.problem || file.part ? undefined : lookForParts(file);
  if (batch === undefined) return [recognisePart(file, datasets, hints)];
  const { problem: inside } = batch;
  const isOne = batch.isOne && batch.parts.length === 1;
  if (inside) return [recognisePart({ ...file, problem: inside }, datasets, hints)];
  if (batch.parts.length > maxParts) {
    const problem = { code: "archive_limit" as const, limit: `${maxParts} answers` };
    return [recognisePart({ ...file, problem }, datasets, hints)];
  }
  const parts = batch.parts.map((part) => ({
    ...file,
    label: isOne ? file.label : `${file.label}#${part.number}`,
    name: isOne ? file.name : `${file.name}#${part.number}`,
    bytes: Math.max(0, Math.min(part.end, file.bytes) - part.start),
    part,
  }));
  const rest = { ...file, problem: { code: "truncated" as const } };
  return [...parts, ...(batch.isCut ? [rest] : [])].map((part) => recognisePart(part, datasets, hints));
}

function lookForParts(file: InputFile): ReturnType<typeof findParts> {
  let source: ByteSource | undefined;
  try {
    source = openBytes(file);
    return findParts(inPieces(source));
  } catch (error) {
    if (error instanceof DamagedBytes) return undefined;
    throw error;
  } finally {
    source?.close();
  }
}

function recognisePart(file: InputFile, datasets: Datasets, hints: Hints): Recognition {
  const { encoding, finding } = file.problem ? unreadable(file.problem) : lookAtFile(file, datasets, hints);
  const { dataset, wrapper, csv, context, issues = [] } = finding;
  const isReadable = dataset !== undefined && ["page", "array", "objects", "csv"].includes(wrapper);
  return { file, dataset, wrapper, encoding, csv, context, hints, isReadable, issues };
}

interface Look {
  readonly encoding: Encoding;
  readonly finding: Finding;
}

function unreadable(problem: Issue): Look {
  return { encoding: "utf-8", finding: { wrapper: "unknown", issues: [problem] } };
}

function lookAtFile(file: InputFile, datasets: Datasets, hints: Hints): Look {
  const failure = (error: unknown): Finding => {
    if (!(error instanceof DamagedBytes)) throw error;
    const dataset = hints.as ?? maybeDatasetOfName(datasets, file.name);
    return { dataset, wrapper: "unknown", issues: [error.issue] };
  };
  let source: ByteSource;
  try {
    source = openBytes(file);
  } catch (error) {
    return { encoding: "utf-8", finding: failure(error) };
  }
  const { encoding } = source;
  try {
    const finding = lookInside(file, source, { datasets, as: hints.as });
    return { encoding, finding: withoutDeleted(file, finding) };
  } catch (error) {
    return { encoding, finding: failure(error) };
  } finally {
    source.close();
  }
}

/** A list of deleted objects has the shape and often the context of the list itself, and is none. */
function withoutDeleted(file: InputFile, finding: Finding): Finding {
  const { dataset, csv, wrapper } = finding;
  const isReadable = dataset !== undefined && !["unknown", "error", "not_loaded"].includes(wrapper);
  if (!isReadable || !hasOnlyDeleted(file, dataset, csv)) return finding;
  const what = dataset.deleted?.what ?? "";
  const instead =
    "Nothing to do: who was deleted holds no license and counts nowhere. It does not stand in for the list itself.";
  return { wrapper: "not_loaded", issues: [{ code: "not_loaded", what, instead, isNotice: false }] };
}

interface Choice {
  readonly datasets: Datasets;
  readonly as: Dataset | undefined;
}

function lookInside(file: InputFile, source: ByteSource, choice: Choice): Finding {
  const { part } = file;
  const pieces = inPieces(source);
  const window = createWindow(pieces);
  if (!skipSpace(window)) {
    if (part?.status !== undefined && part.status >= 300) return httpAnswer(file.name, part.status, choice);
    return { dataset: choice.as, wrapper: "unknown", issues: [{ code: "file_empty" }] };
  }
  const first = window.bytes[window.start];
  const head = window.bytes.subarray(window.start, window.end);
  if (first === 0x7b || first === 0x5b) {
    const finding = recogniseJson(file, { ...pieces, read: withHead(head, pieces.read) }, choice);
    return first === 0x5b && finding.wrapper === "objects" ? { ...finding, wrapper: "array" } : finding;
  }
  if (part) return { dataset: choice.as, wrapper: "unknown", issues: [{ code: "not_an_object" }] };
  const candidates = choice.as ? [choice.as] : [...choice.datasets.values()];
  return recogniseColumns({ ...source, read: withHead(head, source.read) }, candidates, file.name);
}
