import type { Row } from "../../src/database/open.ts";
import { latest } from "./days.ts";
import { lastUses, type EvidenceOf } from "./evidence.ts";
import type { Exports } from "./exports.ts";
import type { People, Person } from "./people.ts";
import { flag, row, time } from "./values.ts";

/** What signInActivity says of one person, and what its file can say of anybody. */
export interface SignInActivity {
  /** The day of the newest sign-in of anybody in the export. */
  readonly date: string | null;
  /** Whether it can show that somebody did not sign in. */
  readonly speaks: boolean;
  readonly succeededAt: string | null;
  /** The newest interactive one and the newest of an application, of whatever outcome. */
  readonly interactiveAt: string | null;
  readonly backgroundAt: string | null;
  /** The newest of any kind, failures included. */
  readonly triedAt: string | null;
}

export type SignInActivityOf = (person: Person) => SignInActivity;

/** Since when Entra notes successes. */
const successesSince = "2023-12-01";

export function findSignInActivity(
  exports: Exports,
  people: People,
  evidenceOf: EvidenceOf,
  kindOf: (person: Person) => string,
): SignInActivityOf {
  const { files, isLostIn } = exports.of("users");
  const times = new Map(people.all.map((person) => [person, readTimes(person.user)]));
  const timesOf = (person: Person): Times => times.get(person) ?? readTimes(undefined);
  const date = latest(people.all.map((person) => timesOf(person).triedAt))?.slice(0, 10) ?? null;
  const fileOf = ({ user }: Person): readonly Row[] | undefined =>
    files.find((file) => user !== undefined && file.includes(user));
  const speaking = new Map(
    files.map((file) => {
      const own = people.all.filter((person) => fileOf(person) === file);
      const canSpeak = own.some((person) => {
        const { backgroundAt, succeededAt } = timesOf(person);
        return backgroundAt !== null || (succeededAt ?? "") >= successesSince;
      });
      const used = own.filter(
        (person) =>
          flag(person.user, "accountEnabled") === true &&
          ["Person", "Unknown"].includes(kindOf(person)) &&
          lastUses(evidenceOf(person)).some((day) => date !== null && day <= date),
      );
      const silent = used.filter((person) => timesOf(person).triedAt === null);
      const isUnreliable = silent.length >= 2 && silent.length / used.length >= 0.01;
      // Of whom it was lost nobody can tell from whom had none: what is missing in that file says nothing.
      return [file, canSpeak && !isUnreliable && !isLostIn(file, "signInActivity")] as const;
    }),
  );
  return (person) => {
    const file = fileOf(person);
    return { date, speaks: file !== undefined && speaking.get(file) === true, ...timesOf(person) };
  };
}

type Times = Pick<SignInActivity, "succeededAt" | "interactiveAt" | "backgroundAt" | "triedAt">;

function readTimes(user: Row | undefined): Times {
  const activity = row(user, "signInActivity");
  const succeededAt = time(activity, "lastSuccessfulSignInDateTime");
  const interactiveAt = time(activity, "lastSignInDateTime");
  const backgroundAt = time(activity, "lastNonInteractiveSignInDateTime");
  return {
    succeededAt,
    interactiveAt,
    backgroundAt,
    triedAt: latest([succeededAt, interactiveAt, backgroundAt]),
  };
}
