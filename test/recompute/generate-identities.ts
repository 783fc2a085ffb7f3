import { today } from "../models/given.ts";
import { daysBefore } from "./days.ts";
import type { Dice } from "./dice.ts";

/** Whom the files of a tenant are about, whatever each file says of them. */
export interface Identity {
  readonly id: string;
  readonly upn: string;
  /** The name that the id has on another day. */
  readonly otherUpn: string | null;
  readonly mail: string | null;
  readonly createdDateTime: string;
  /** Whether they are seen at all sorts of times, long ago only, or nowhere. */
  readonly habit: "mixed" | "idle" | "quiet";
}

export function makeIdentities(dice: Dice): Identity[] {
  const count = dice.number(0, 12);
  return Array.from({ length: count }, (_, index) => {
    const isNamesake = index > 0 && dice.chance(0.05);
    const name = isNamesake ? `u${index - 1}` : `u${index}`;
    const mail = dice.pick([null, `${name}@contoso.example`, `${name}.mail@contoso.example`]);
    const earlier = [`was-${name}`, `was-u${index - 1}`, `u${index + 1}`, `${name}.mail`];
    return {
      id: `id-${index}`,
      upn: `${dice.chance(0.2) ? name.toUpperCase() : name}@contoso.example`,
      otherUpn: dice.chance(0.25) ? `${dice.pick(earlier)}@contoso.example` : null,
      mail: index > 0 && dice.chance(0.05) ? `u${index - 1}.mail@contoso.example` : mail,
      createdDateTime: `${daysBefore(today, dice.pick([2, 20, 50, 100, 400, 2000, 4000]))}T10:00:00Z`,
      habit: dice.pick(["mixed", "idle", "quiet"]),
    };
  });
}

/** The same people before they were renamed. */
export function beforeRenaming(identities: readonly Identity[]): Identity[] {
  return identities.map((identity) =>
    identity.otherUpn === null ? identity : { ...identity, upn: identity.otherUpn, otherUpn: identity.upn },
  );
}

/** By which name a row calls somebody. */
export function pickName(dice: Dice, { upn, otherUpn, mail }: Identity): string {
  if (mail !== null && dice.chance(0.1)) return mail;
  const name = otherUpn !== null && dice.chance(0.4) ? otherUpn : upn;
  return dice.chance(0.15) ? name.toUpperCase() : name;
}
