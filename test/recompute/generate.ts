import { today, type Facts, type GivenFile } from "../models/given.ts";
import { daysBefore } from "./days.ts";
import { rollDice, type Dice } from "./dice.ts";
import { beforeRenaming, makeIdentities, type Identity } from "./generate-identities.ts";
import { makeMailboxes, makePolicy } from "./generate-mailboxes.ts";
import { blur, repeat } from "./generate-repeats.ts";
import { makeReports } from "./generate-reports.ts";
import { makeSignIns } from "./generate-sign-ins.ts";
import { makeSkus, makeSubscriptions, type Sku } from "./generate-skus.ts";
import { loseActivity, makeRegistrations, makeUsers } from "./generate-users.ts";

/** What a tenant exported, and under which parameters it is asked. */
export interface Tenant {
  readonly files: readonly GivenFile[];
  readonly settings: Settings;
}

interface Settings {
  readonly as_of?: string;
  readonly inactive_after_days?: number;
  readonly reclaim_after_days?: number;
  /** Names with a comma between. */
  readonly without_workloads?: string;
}

/** What the files of one day are made from. */
export interface Day {
  readonly dice: Dice;
  readonly date: string;
  /** The first of the days. */
  readonly firstDate: string;
  readonly identities: readonly Identity[];
  readonly skus: readonly Sku[];
}

export function generateTenant(seed: number): Tenant {
  const dice = rollDice(seed);
  const identities = makeIdentities(dice);
  const skus = makeSkus(dice);
  const days = makeDays(dice);
  const renamedOn = dice.number(0, days.length - 1);
  const [firstDate = today] = days;
  const files = days.flatMap((date, index) =>
    makeDay({
      dice,
      date,
      firstDate,
      identities: index < renamedOn ? beforeRenaming(identities) : identities,
      skus,
    }).map(([name, records, facts]): GivenFile => [name, records, { ...facts, import: index + 1 }]),
  );
  const settings = makeSettings(dice, days);
  return { files: files.map((file) => loseActivity(file, dice)), settings };
}

function makeDays(dice: Dice): string[] {
  const earlier = dice.chance(0.4) ? [dice.number(1, 120)] : [];
  const between = earlier.length > 0 && dice.chance(0.4) ? [dice.number(1, 60)] : [];
  const ages = new Set([...earlier, ...between, 0]);
  return [...ages].toSorted((a, b) => b - a).map((age) => daysBefore(today, age));
}

function makeSettings(dice: Dice, days: readonly string[]): Settings {
  const [first] = days;
  return {
    ...(dice.chance(0.3) && { as_of: daysBefore(dice.pick(days), dice.number(-5, 12)) }),
    ...(days.length > 1 && dice.chance(0.4) && first !== undefined && { as_of: first }),
    ...(dice.chance(0.3) && { inactive_after_days: dice.pick([0, 7, 14, 60, 120]) }),
    ...(dice.chance(0.3) && { reclaim_after_days: dice.pick([0, 14, 30, 45, 180]) }),
    ...(dice.chance(0.2) && { without_workloads: dice.pick(["Yammer", "Teams", "Yammer,Exchange"]) }),
  };
}

function makeDay(day: Day): GivenFile[] {
  const { dice } = day;
  const files = [
    ...makeSubscriptions(day),
    ...makeUsers(day),
    ...makeRegistrations(day),
    ...makeReports(day),
    ...makeSignIns(day),
    ...makeMailboxes(day),
    ...makePolicy(day),
  ];
  return files.flatMap((file) => repeat(damage(blur(file, dice), dice), dice));
}

/** Now and then a file is cut, a property is not selected, or the records of a file differ in what they have. */
function damage([name, records, facts]: GivenFile, dice: Dice): GivenFile {
  const properties = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const droppable = properties.filter((property) => !kept.has(property));
  const dropped = dice.chance(0.12) && droppable.length > 0 ? dice.pick(droppable) : "";
  const isMixed = dice.chance(0.1);
  const left = records.map((record) => {
    if (isMixed && dice.chance(0.5)) return record;
    const { [dropped]: _dropped, ...rest } = record;
    return rest;
  });
  return [name, left, { ...facts, ...damageFacts(facts, dice) }];
}

function damageFacts(facts: Facts | undefined, dice: Dice): Facts {
  if (facts?.error || facts?.completeness) return {};
  if (dice.chance(0.06)) return { completeness: "Incomplete", reason: "cut" };
  return dice.chance(0.1) ? { completeness: "Unknown" } : {};
}

/** Without these a record is rejected, and a file not recognised. */
const kept = new Set([
  "id",
  "skuId",
  "userPrincipalName",
  "ownerPrincipalName",
  "createdDateTime",
  "reportRefreshDate",
  "reportPeriod",
  "primarySmtpAddress",
  "sku",
  "userPattern",
]);

/** An answer of Graph that refuses the export. */
export function refusal(name: string): GivenFile {
  const error = ["Authentication_RequestFromNonPremiumTenantOrB2CTenant", "no premium license"] as const;
  return [name, [], { error }];
}
