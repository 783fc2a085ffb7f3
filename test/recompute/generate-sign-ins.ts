import type { Row } from "../../src/database/open.ts";
import type { GivenFile } from "../models/given.ts";
import { daysBefore } from "./days.ts";
import type { Dice } from "./dice.ts";
import { refusal, type Day } from "./generate.ts";
import { pickName } from "./generate-identities.ts";

const nobody = "00000000-0000-0000-0000-000000000000";

/** Success, a wrong password, an interrupt for a second factor, outcomes that were not exported, and words that contradict the code or that nobody knows. */
const outcomes: readonly Row[] = [
  { status: { errorCode: 0 } },
  { status: { errorCode: 0 } },
  { status: { errorCode: 50_126 } },
  { status: { errorCode: 50_076 } },
  { status: { errorCode: 50_140 } },
  { status: { errorCode: null } },
  { status: null },
  { status: null, signInStatus: "Success" },
  { status: null, signInStatus: "Interrupted" },
  { status: { errorCode: 0 }, signInStatus: "Failure" },
  { status: { errorCode: 50_055 }, signInStatus: "success" },
  { status: { errorCode: 0 }, signInStatus: "Erfolgreich" },
  { status: null, signInStatus: "Erfolgreich" },
];

/** An application that was renamed between the days, another, and one whose name or id was not exported. */
function pickApp(dice: Dice, created: string): Row {
  // At one time an application has one name.
  const name = `App of ${created.slice(0, 7)}`;
  return dice.pick([
    { appId: "app", appDisplayName: name },
    { appId: "APP", appDisplayName: dice.chance(0.3) ? null : name },
    { appId: "other", appDisplayName: "Other" },
    { appId: null, appDisplayName: null },
  ]);
}

export function makeSignIns(day: Day): GivenFile[] {
  const { dice, date, firstDate, identities } = day;
  if (dice.chance(0.5) || identities.length === 0) return dice.chance(0.1) ? [refusal("sign_ins")] : [];
  const tellsKind = dice.chance(0.6);
  const records = Array.from({ length: dice.number(1, 15) }, (_, index) => {
    const picked = dice.pick(identities);
    // The same event in several exports tells the same.
    const isRepeated = dice.chance(0.2);
    const identity = (isRepeated ? identities[index % identities.length] : undefined) ?? picked;
    const userId = dice.pick([
      identity.id,
      identity.id,
      identity.id.toUpperCase(),
      null,
      nobody,
      `gone-${identity.id}`,
    ]);
    const time = dice.pick(["00:00:00", "12:00:00.5", "23:59:59.9999999"]);
    const created = isRepeated
      ? `${daysBefore(firstDate, index)}T12:00:00Z`
      : `${daysBefore(date, dice.number(0, 35))}T${time}Z`;
    return {
      id: `sign-in ${index} ${isRepeated ? "" : date}`,
      createdDateTime: created,
      userId: isRepeated ? identity.id : userId,
      userPrincipalName: pickName(dice, identity),
      ...(isRepeated ? { appId: "app", appDisplayName: "App" } : pickApp(dice, created)),
      ...(tellsKind && (isRepeated ? { isInteractive: index % 2 === 0 } : pickKind(dice))),
      ...(isRepeated ? outcomes[(index * 2) % outcomes.length] : dice.pick(outcomes)),
    };
  });
  return [["sign_ins", records]];
}

function pickKind(dice: Dice): Row {
  return dice.pick([
    { isInteractive: true },
    { isInteractive: false },
    { isInteractive: null },
    { isInteractive: false, signInEventTypes: ["nonInteractiveUser"] },
    { signInEventTypes: ["interactiveUser"] },
  ]);
}
