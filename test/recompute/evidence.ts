import type { Row } from "../../src/database/open.ts";
import { daysBetween, latest } from "./days.ts";
import type { Export, Exports } from "./exports.ts";
import { isConcealed, isDeletedRow, reportNames, reportUpn, type People, type Person } from "./people.ts";
import { count, day, row, text, time } from "./values.ts";

export const workloads = ["Exchange", "OneDrive", "SharePoint", "Teams", "Yammer", "Skype"] as const;
export type Workload = (typeof workloads)[number];

/** Which property of which report shows use of which workload. */
const dateProperties: Readonly<Record<(typeof reportNames)[number], Partial<Record<Workload, string>>>> = {
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
};

/** What one report says of one person, and of which workloads it can tell. */
interface ReportEvidence {
  readonly date: string;
  /** Whether it tells of a mailbox or OneDrive, which others use too. */
  readonly isOfAccount: boolean;
  /** Whether it has a row of the person. */
  readonly isNamed: boolean;
  /** For how many days it is known whether there was use: a date stands for all, an empty one for the reach of its column. */
  readonly knownDays: ReadonlyMap<Workload, number>;
  /** Whether it shows use from before the account was created, which is another's. */
  readonly hasEarlierUse: boolean;
  readonly dates: readonly (readonly [Workload, string | null])[];
}

export interface Evidence {
  readonly reports: readonly ReportEvidence[];
  /** The newest successful sign-in in the log. */
  readonly signedInAt: string | null;
  readonly logDate: string | null;
  readonly activity: SignInActivity | null;
  readonly mailboxBytes: number | null;
  readonly oneDriveBytes: number | null;
}

interface SignInActivity {
  readonly date: string;
  readonly succeededAt: string | null;
  /** The newest of any kind, failures included. */
  readonly triedAt: string;
}

export type EvidenceOf = (person: Person) => Evidence;

export function gatherEvidence(exports: Exports, people: People): EvidenceOf {
  const editions = reportNames.map((name) =>
    deciding(name, exports.editions(name)).map((edition) => readReport(name, edition, people)),
  );
  const reports = editions.flat();
  const log = exports.of("sign_ins");
  const successes = groupByPerson(log.records.filter(isSuccess), people.ofSignIn);
  const usersDate = exports.of("users").date;
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
    const signedInAt = latest(own.map((record) => time(record, "createdDateTime")));
    return {
      reports: reports.flatMap(({ evidenceOf }) => evidenceOf(person) ?? []),
      signedInAt,
      logDate: signedInAt === null ? null : log.date,
      activity: usersDate === null ? null : readSignInActivity(person, usersDate),
      mailboxBytes: bytes("mailbox_usage_detail", person),
      oneDriveBytes: bytes("onedrive_usage_account_detail", person),
    };
  };
}

function readSignInActivity({ user }: Person, date: string): SignInActivity | null {
  const activity = row(user, "signInActivity");
  const succeededAt = time(activity, "lastSuccessfulSignInDateTime");
  const triedAt = latest([
    succeededAt,
    time(activity, "lastSignInDateTime"),
    time(activity, "lastNonInteractiveSignInDateTime"),
  ]);
  return triedAt === null ? null : { date, succeededAt, triedAt };
}

function isSuccess(record: Row): boolean {
  const word = text(record, "signInStatus")?.trim().toLowerCase() ?? "";
  if (["success", "failure", "interrupted"].includes(word)) return word === "success";
  return count(row(record, "status"), "errorCode") === 0;
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
function deciding(name: (typeof reportNames)[number], editions: readonly Export[]): readonly Export[] {
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
function reachOf(name: string, { records, date, period, isInEveryRecord }: Export, property: string): number {
  if (date === null || period === 1 || !isInEveryRecord(property)) return 0;
  const oldest = records
    .flatMap((record) => day(record, property) ?? [])
    .toSorted()
    .at(0);
  const stated = name === "office365_active_user_detail" ? 180 : period === 28 ? 30 : (period ?? 0);
  return Math.max(stated, oldest === undefined ? 0 : daysBetween(oldest, date));
}

function readReport(name: (typeof reportNames)[number], edition: Export, people: People): Report {
  const { records, date, has } = edition;
  const rowsBy = groupByPerson(
    records.filter((record) => !isDeletedRow(record) && !isConcealed(reportUpn(record))),
    people.ofReportRow,
  );
  const properties = Object.entries(dateProperties[name]) as [Workload, string][];
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
      const knownDays = new Map(
        dates.map(([workload, last]) => [
          workload,
          last === null ? (reach.get(workload) ?? 0) : Number.POSITIVE_INFINITY,
        ]),
      );
      return {
        date,
        isOfAccount,
        isNamed: rows.length > 0,
        knownDays: rows.length > 0 ? knownDays : new Map(),
        dates,
        hasEarlierUse,
      };
    },
  };
}
