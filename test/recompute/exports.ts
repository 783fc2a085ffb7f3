import type { Row } from "../../src/database/open.ts";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { today, type Facts, type GivenFile } from "../models/given.ts";
import { daysBetween, latest } from "./days.ts";
import type { Tenant } from "./generate.ts";
import { readEmptyCells } from "./mfa.ts";
import { shareRecords, withoutRepeats } from "./repeats.ts";

/** What the outputs read of one dataset as of a day. */
export interface Export {
  readonly records: readonly Row[];
  readonly files: readonly (readonly Row[])[];
  /** The day that it reports; null where the dataset is not there. */
  readonly date: string | null;
  /** The days that a report says it is of; null where it says none. */
  readonly period: number | null;
  readonly isIncomplete: boolean;
  /** Whether a newer one, known to be incomplete, was passed over. */
  readonly isPassedOver: boolean;
  /** Whether any record has the property. */
  readonly has: (property: string) => boolean;
  /** Whether no file leaves the property out altogether: within a file Graph leaves out what has nothing to say. */
  readonly isInEveryFile: (property: string) => boolean;
  /** Whether no record lacks it. */
  readonly isInEveryRecord: (property: string) => boolean;
  /** Whether the export lost a value of the property in this one of its files. */
  readonly isLostIn: (file: readonly Row[], property: string) => boolean;
}

export interface Exports {
  readonly asOf: string;
  readonly of: (dataset: string) => Export;
  /** Of a report the export that is read, and those up to 7 days older that are not known to be incomplete, of whatever period. */
  readonly editions: (dataset: string) => readonly Export[];
  /** All exports of a dataset up to the day, the oldest first. */
  readonly history: (dataset: string) => readonly Export[];
}

interface Collection {
  readonly dataset: string;
  readonly date: string;
  readonly period: number;
  readonly imported: number;
  readonly isIncomplete: boolean;
  /** Records stand in it more than once. */
  readonly isRepeated: boolean;
  readonly records: readonly Row[];
  readonly files: readonly (readonly Row[])[];
  /** By file in how many records which properties were lost. */
  readonly losses: ReadonlyMap<readonly Row[], Facts["lost"]>;
}

const datasets = loadDatasets();

/** Of each dataset the newest export up to the day that is not known to be incomplete, else the incomplete one. */
export function readExports({ files, settings }: Tenant): Exports {
  const collections = collect(files);
  const asOf = settings.as_of ?? latest(collections.map(({ date }) => date)) ?? today;
  const read = new Map<string, Export>();
  return {
    asOf,
    editions: (dataset) => {
      const own = collections.filter((collection) => collection.dataset === dataset);
      const newest = choose(own, asOf);
      if (newest === undefined) return [];
      const others = standing(own).filter(
        ({ date, period, isIncomplete }) =>
          date <= newest.date &&
          daysBetween(date, newest.date) <= 7 &&
          !isIncomplete &&
          (date !== newest.date || period !== newest.period),
      );
      return [newest, ...others].map((collection) => toExport(collection, false));
    },
    history: (dataset) =>
      standing(collections.filter((collection) => collection.dataset === dataset))
        .filter(({ date }) => date <= asOf)
        .toSorted((a, b) => a.date.localeCompare(b.date))
        .map((collection) => toExport(collection, false)),
    of: (dataset) => {
      const known = read.get(dataset);
      if (known) return known;
      const own = collections.filter((collection) => collection.dataset === dataset);
      const isList = datasets.get(dataset)?.kind === "reference";
      const chosen = dataset === "sign_ins" ? allEvents(own, asOf) : choose(own, isList ? "9999" : asOf);
      const isPassedOver = own.some(({ date }) => date > (chosen?.date ?? asOf) && date <= asOf);
      const made = toExport(chosen, isPassedOver && dataset !== "sign_ins");
      read.set(dataset, made);
      return made;
    },
  };
}

function toExport(collection: Collection | undefined, isPassedOver: boolean): Export {
  const records = collection?.records ?? [];
  return {
    records,
    files: collection?.files ?? [],
    date: collection?.date ?? null,
    period: collection?.period || null,
    isIncomplete: collection?.isIncomplete ?? false,
    isPassedOver,
    has: (property) => records.some((record) => property in record),
    isInEveryRecord: (property) => records.every((record) => property in record),
    isInEveryFile: (property) =>
      (collection?.files ?? []).every(
        (file) => file.length === 0 || file.some((record) => property in record),
      ),
    isLostIn: (file, property) => (collection?.losses.get(file)?.[property] ?? 0) > 0,
  };
}

/** The files of one import, dataset, day and period belong together. */
function collect(files: readonly GivenFile[]): Collection[] {
  const byKey = new Map<string, Collection>();
  for (const [dataset, written, facts = {}] of files) {
    if (facts.error) continue;
    const isList = dataset === "user_registration_details" && facts.wrapper === "csv";
    const records = isList ? readEmptyCells(written) : written;
    const stated = latest(records.map((record) => String(record["createdDateTime"] ?? "").slice(0, 10)));
    const date = facts.date ?? (dataset === "sign_ins" && stated !== null ? stated : today);
    const period = Math.max(0, ...records.map((record) => Number(record["reportPeriod"] ?? 0)));
    const imported = facts.import ?? 1;
    const key = JSON.stringify([dataset, date, period, imported]);
    const before = byKey.get(key);
    const own = [...(before?.files ?? []), records];
    const isRepeated = facts.isRepeated === true || before?.isRepeated === true;
    byKey.set(key, {
      dataset,
      date,
      period,
      imported,
      isIncomplete: facts.completeness === "Incomplete" || (before?.isIncomplete ?? false),
      isRepeated,
      records: isRepeated ? withoutRepeats(dataset, own) : own.flat(),
      files: own,
      losses: new Map([...(before?.losses ?? []), [records, facts.lost]]),
    });
  }
  return [...byKey.values()];
}

function choose(collections: readonly Collection[], asOf: string): Collection | undefined {
  const [first] = standing(collections)
    .filter(({ date }) => date <= asOf)
    .toSorted(
      (a, b) =>
        Number(a.isIncomplete) - Number(b.isIncomplete) ||
        // A file of headings alone displaces nothing.
        Number(a.records.length === 0) - Number(b.records.length === 0) ||
        b.date.localeCompare(a.date) ||
        b.period - a.period,
    );
  return first;
}

/** A later export of the same day and period replaces an earlier one, but an incomplete one no complete one; it continues an incomplete one that it shares nothing with. */
function standing(collections: readonly Collection[]): Collection[] {
  const left: Collection[] = [];
  for (const later of collections.toSorted((a, b) => a.imported - b.imported)) {
    const index = left.findIndex(({ date, period }) => date === later.date && period === later.period);
    const earlier = left[index];
    if (earlier === undefined) left.push(later);
    else if (earlier.isIncomplete && !shareRecords(later.dataset, earlier.records, later.records))
      left[index] = {
        ...later,
        records: [...earlier.records, ...later.records],
        files: [...earlier.files, ...later.files],
        losses: new Map([...earlier.losses, ...later.losses]),
        isIncomplete: true,
      };
    else if (earlier.isIncomplete || !later.isIncomplete) left[index] = later;
  }
  return left;
}

/** Events accumulate up to the end of the day; the same event twice is one, as the later import has it, but an incomplete one replaces no complete one. */
function allEvents(collections: readonly Collection[], asOf: string): Collection | undefined {
  const byId = new Map<string, Row>();
  const inOrder = collections.toSorted(
    (a, b) => Number(b.isIncomplete) - Number(a.isIncomplete) || a.imported - b.imported,
  );
  for (const { records } of inOrder) for (const record of records) byId.set(String(record["id"]), record);
  const records = [...byId.values()].filter((record) => dayOf(record["createdDateTime"]) <= asOf);
  const [first] = collections;
  if (first === undefined || records.length === 0) return undefined;
  const date = latest(records.map((record) => dayOf(record["createdDateTime"]))) ?? asOf;
  return { ...first, records, date, isIncomplete: collections.some(({ isIncomplete }) => isIncomplete) };
}

function dayOf(time: unknown): string {
  return String(time).slice(0, 10);
}
