import type { Row } from "../../src/database/open.ts";
import { outcomeOf } from "./apps.ts";
import { daysBetween, latest } from "./days.ts";
import type { Export, Exports } from "./exports.ts";
import {
  isConcealed,
  isDeletedRow,
  otherReportNames,
  reportNames,
  reportUpn,
  type People,
  type Person,
} from "./people.ts";
import { count, day, flag, text, time } from "./values.ts";

export const workloads = ["Exchange", "OneDrive", "SharePoint", "Teams", "Yammer", "Skype"] as const;
export type Workload = (typeof workloads)[number];

/** What the reports on applications and devices show, each by a name of its own. */
export const otherUses = [
  "Microsoft 365 apps",
  "Copilot",
  "Teams (device)",
  "Exchange (email app)",
  "Yammer (device)",
] as const;
export type Use = Workload | (typeof otherUses)[number];

export type ReportName = (typeof reportNames)[number] | (typeof otherReportNames)[number];

/** Which property of which report shows use of what. */
export const dateProperties: Readonly<Record<ReportName, Partial<Record<Use, string>>>> = {
  office365_active_user_detail: {
    Exchange: "exchangeLastActivityDate",
    OneDrive: "oneDriveLastActivityDate",
    SharePoint: "sharePointLastActivityDate",
    Teams: "teamsLastActivityDate",
    Yammer: "yammerLastActivityDate",
    Skype: "skypeForBusinessLastActivityDate",
  },
  mailbox_usage_detail: { Exchange: "lastActivityDate" },
  onedrive_usage_account_detail: { OneDrive: "lastActivityDate" },
  email_activity_user_detail: { Exchange: "lastActivityDate" },
  onedrive_activity_user_detail: { OneDrive: "lastActivityDate" },
  sharepoint_activity_user_detail: { SharePoint: "lastActivityDate" },
  teams_user_activity_user_detail: { Teams: "lastActivityDate" },
  yammer_activity_user_detail: { Yammer: "lastActivityDate" },
  skype_for_business_activity_user_detail: { Skype: "lastActivityDate" },
  m365_app_user_detail: { "Microsoft 365 apps": "lastActivityDate" },
  copilot_usage_user_detail: { Copilot: "lastActivityDate" },
  teams_device_usage_user_detail: { "Teams (device)": "lastActivityDate" },
  email_app_usage_user_detail: { "Exchange (email app)": "lastActivityDate" },
  yammer_device_usage_user_detail: { "Yammer (device)": "lastActivityDate" },
};

/** Which property says that there is a license for it. */
const licenseProperties: Partial<Record<ReportName, Partial<Record<Use, string>>>> = {
  office365_active_user_detail: {
    Exchange: "hasExchangeLicense",
    OneDrive: "hasOneDriveLicense",
    SharePoint: "hasSharePointLicense",
    Teams: "hasTeamsLicense",
    Yammer: "hasYammerLicense",
  },
  teams_user_activity_user_detail: { Teams: "isLicensed" },
};

/** What one report says of one person, and of which workloads it can tell. */
interface ReportEvidence {
  readonly name: string;
  /** The rows of its edition, by which editions are told apart. */
  readonly edition: readonly Row[];
  readonly date: string;
  /** Whether it is on a workload; those on devices and applications show use alone. */
  readonly isOnWorkload: boolean;
  /** Whether it tells of a mailbox or OneDrive, which others use too. */
  readonly isOfAccount: boolean;
  /** Whether it has a row of the person. */
  readonly isNamed: boolean;
  /** For how many days it is known whether there was use: a date stands for all, an empty one for the reach of its column. */
  readonly knownDays: ReadonlyMap<Use, number>;
  /** Whether it shows use from before the account was created, which is another's. */
  readonly hasEarlierUse: boolean;
  readonly dates: readonly (readonly [Use, string | null])[];
}

export interface Evidence {
  readonly reports: readonly ReportEvidence[];
  /** The newest successful sign-in in the log; the newest that is not known to be an application's own, and that is known to be interactive. */
  readonly signedInAt: string | null;
  readonly personSignedInAt: string | null;
  readonly interactiveAt: string | null;
  readonly logDate: string | null;
  readonly mailboxBytes: number | null;
  readonly oneDriveBytes: number | null;
}

export type EvidenceOf = (person: Person) => Evidence;

export function gatherEvidence(exports: Exports, people: People): EvidenceOf {
  const editions = [...reportNames, ...otherReportNames].map((name) =>
    deciding(name, exports.editions(name)).map((edition) => readReport(name, edition, people)),
  );
  const reports = editions.flat();
  const log = exports.of("sign_ins");
  const successes = groupByPerson(log.records.filter(isSuccess), people.ofSignIn);
  const bytes = (name: string, person: Person): number | null => {
    const found = editions[reportNames.indexOf(name as "mailbox_usage_detail")]?.[0]?.rowsOf(person) ?? [];
    const mail = text(person.user, "mail")?.toLowerCase();
    const kindOf = (record: Row): number => {
      const reported = reportUpn(record)?.toLowerCase();
      if (reported === person.upn?.toLowerCase()) return 0;
      return reported === mail ? 2 : 1;
    };
    // Of several names of the person those that match best and tell.
    const told = found.filter((record) => count(record, "storageUsedInBytes") !== null);
    const best = Math.min(...told.map(kindOf));
    return told
      .filter((record) => kindOf(record) === best)
      .map((record) => count(record, "storageUsedInBytes"))
      .reduce((sum, value) => (sum ?? 0) + (value ?? 0), null);
  };
  return (person) => {
    const born = time(person.user, "createdDateTime") ?? "";
    const own = (successes.get(person) ?? []).filter(
      (record) => isById(record, person) || (time(record, "createdDateTime") ?? "") >= born,
    );
    const newest = (records: readonly Row[]): string | null =>
      latest(records.map((record) => time(record, "createdDateTime")));
    const signedInAt = newest(own);
    return {
      reports: reports.flatMap(({ evidenceOf }) => evidenceOf(person) ?? []),
      signedInAt,
      personSignedInAt: newest(own.filter((record) => isBackground(record) !== true)),
      interactiveAt: newest(own.filter((record) => isBackground(record) === false)),
      logDate: signedInAt === null ? null : log.date,
      mailboxBytes: bytes("mailbox_usage_detail", person),
      oneDriveBytes: bytes("onedrive_usage_account_detail", person),
    };
  };
}

/** Whether an application signed in by itself; null where the log does not say. */
function isBackground(record: Row): boolean | null {
  const kinds = record["signInEventTypes"];
  if (Array.isArray(kinds)) return kinds.includes("nonInteractiveUser");
  const isInteractive = flag(record, "isInteractive");
  return isInteractive === null ? null : !isInteractive;
}

function isSuccess(record: Row): boolean {
  return outcomeOf(record) === "success";
}

/** A UPN may have been another's before the account was created; an id never was. */
function isById(record: Row, { id }: Person): boolean {
  return id !== null && text(record, "userId")?.toLowerCase() === id.toLowerCase();
}

function groupByPerson(
  records: readonly Row[],
  find: (record: Row) => readonly Person[],
): Map<Person, Row[]> {
  const byPerson = new Map<Person, Row[]>();
  for (const record of records) {
    for (const person of find(record)) byPerson.set(person, [...(byPerson.get(person) ?? []), record]);
  }
  return byPerson;
}

interface Report {
  readonly rowsOf: (person: Person) => readonly Row[];
  readonly evidenceOf: (person: Person) => ReportEvidence | undefined;
}

/** The newest edition, and each older one of which a column reaches further back than that of all newer ones. */
function deciding(name: ReportName, editions: readonly Export[]): readonly Export[] {
  const properties = Object.values(dateProperties[name]);
  const [newest, ...others] = editions;
  if (newest === undefined) return [];
  const best = new Map(properties.map((property) => [property, reachOf(name, newest, property)]));
  const furthest = (edition: Export): number =>
    Math.max(...properties.map((property) => reachOf(name, edition, property)));
  const older = others
    .toSorted((a, b) => String(b.date).localeCompare(String(a.date)) || furthest(b) - furthest(a))
    .filter((edition) => {
      const further = properties.filter(
        (property) => reachOf(name, edition, property) > (best.get(property) ?? 0),
      );
      for (const property of further) best.set(property, reachOf(name, edition, property));
      return further.length > 0;
    });
  return [newest, ...older];
}

/** How far back an empty date speaks: the larger of the period and the days since the oldest date in the column. */
export function reachOf(
  name: string,
  { records, date, period, isInEveryRecord }: Export,
  property: string,
): number {
  if (date === null || period === 1 || !isInEveryRecord(property)) return Number.NEGATIVE_INFINITY;
  const oldest = records
    .flatMap((record) => day(record, property) ?? [])
    .toSorted()
    .at(0);
  const stated =
    name === "office365_active_user_detail" ? 180 : period === 28 ? 30 : (period ?? Number.NEGATIVE_INFINITY);
  return Math.max(stated, oldest === undefined ? Number.NEGATIVE_INFINITY : daysBetween(oldest, date));
}

function readReport(name: ReportName, edition: Export, people: People): Report {
  const { records, date, has } = edition;
  const rowsBy = groupByPerson(
    records.filter((record) => !isDeletedRow(record) && !isConcealed(reportUpn(record))),
    people.ofReportRow,
  );
  const properties = Object.entries(dateProperties[name]) as [Use, string][];
  const supplied = properties.filter(([, property]) => has(property));
  const rowsOf = (person: Person): readonly Row[] =>
    (day(person.user, "createdDateTime") ?? "") <= (date ?? "") ? (rowsBy.get(person) ?? []) : [];
  const reach = new Map(supplied.map(([workload, property]) => [workload, reachOf(name, edition, property)]));
  const isOfAccount = ["mailbox_usage_detail", "onedrive_usage_account_detail"].includes(name);
  return {
    rowsOf,
    evidenceOf: (person) => {
      if (date === null) return undefined;
      const rows = rowsOf(person);
      const born = day(person.user, "createdDateTime") ?? "";
      const used = supplied.map(
        ([workload, property]) => [workload, rows.flatMap((record) => day(record, property) ?? [])] as const,
      );
      const dates = used.map(
        ([workload, days]) => [workload, latest(days.filter((date) => date >= born))] as const,
      );
      const hasEarlierUse = used.some(([, days]) => days.some((date) => date < born));
      const knownBy = (record: Row, use: Use, property: string): number => {
        if (deniesLicense(name, edition, record, use)) return Number.NEGATIVE_INFINITY;
        const used = day(record, property);
        return used === null || used < born
          ? (reach.get(use) ?? Number.NEGATIVE_INFINITY)
          : Number.POSITIVE_INFINITY;
      };
      const knownDays = new Map(
        supplied.map(([use, property]) => [
          use,
          Math.max(...rows.map((record) => knownBy(record, use, property))),
        ]),
      );
      return {
        name,
        edition: records,
        date,
        isOnWorkload: !(otherReportNames as readonly string[]).includes(name),
        isOfAccount,
        isNamed: rows.length > 0,
        knownDays: rows.length > 0 ? knownDays : new Map(),
        dates,
        hasEarlierUse,
      };
    },
  };
}

/** Whether the file tells who has a license, and not that this row's person has one. */
function deniesLicense(name: ReportName, { files }: Export, record: Row, use: Use): boolean {
  const property = licenseProperties[name]?.[use];
  if (property === undefined) return false;
  const file = files.find((each) => each.includes(record)) ?? [];
  return file.some((each) => flag(each, property) !== null) && flag(record, property) !== true;
}

/** Reports on a workload in all their editions, with the property of its dates. */
export function reportsOn(
  workload: Workload,
  exports: Exports,
): { name: string; edition: Export; property: string }[] {
  return reportNames.flatMap((name) => {
    const property = dateProperties[name][workload];
    if (property === undefined) return [];
    return exports.editions(name).map((edition) => ({ name, edition, property }));
  });
}

/** The newest day of each kind of use that nobody else can move, sign-ins in the log included. */
export function lastUses({ reports, signedInAt }: Evidence): string[] {
  const newest = [...workloads, ...otherUses].map((use) =>
    latest(
      reports.flatMap(({ isOfAccount, dates }) =>
        dates.filter(([name]) => !isOfAccount && name === use).map(([, date]) => date),
      ),
    ),
  );
  return [...newest, signedInAt?.slice(0, 10) ?? null].filter((date) => date !== null);
}
