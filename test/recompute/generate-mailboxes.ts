import type { GivenFile } from "../models/given.ts";
import type { Day } from "./generate.ts";
import { pickName } from "./generate-identities.ts";

const noArchive = "00000000-0000-0000-0000-000000000000";

export function makeMailboxes({ dice, date, identities }: Day): GivenFile[] {
  if (identities.length === 0 || !dice.chance(0.4)) return [];
  const records = identities
    .filter(() => dice.chance(0.85))
    .map((identity) => {
      const type = dice.pick([
        "SharedMailbox",
        "RoomMailbox",
        "EquipmentMailbox",
        "LinkedMailbox",
        "MailUser",
        "RemoteUserMailbox",
        null,
      ]);
      return {
        externalDirectoryObjectId: dice.pick([identity.id, identity.id, null, `gone-${identity.id}`]),
        userPrincipalName: pickName(dice, identity),
        primarySmtpAddress: `${identity.id}@contoso.example`,
        recipientTypeDetails: dice.chance(0.7) ? "UserMailbox" : type,
        litigationHoldEnabled: dice.chance(0.9) ? dice.chance(0.1) : null,
        inPlaceHolds: dice.chance(0.9) ? [] : dice.pick([["mbx-1"], null]),
        delayHoldApplied: dice.chance(0.9) ? false : dice.pick([true, null]),
        delayReleaseHoldApplied: dice.chance(0.9) ? false : dice.pick([true, null]),
        complianceTagHoldApplied: dice.chance(0.9) ? false : dice.pick([true, null]),
        archiveStatus: dice.chance(0.9) ? "None" : dice.pick(["Active", null]),
        archiveGuid: dice.chance(0.95) ? noArchive : "00000000-0000-4000-8000-000000000001",
      };
    });
  return [["mailboxes", records, { date }]];
}

export function makePolicy({ dice, date, identities, skus }: Day): GivenFile[] {
  if (identities.length === 0 || !dice.chance(0.3)) return [];
  const records = Array.from({ length: dice.number(1, 4) }, () => {
    const sku = dice.pick(skus);
    const { upn } = dice.pick(identities);
    return {
      sku: dice.pick([null, sku.id, sku.partNumber, sku.id.toUpperCase(), sku.partNumber.toLowerCase()]),
      ...dice.pick([
        { userPrincipalName: upn, userPattern: null },
        { userPrincipalName: upn.toUpperCase(), userPattern: null },
        { userPrincipalName: null, userPattern: dice.pick(["u*@contoso.example", "*1*", "U?@*", "*_*"]) },
        { userPrincipalName: null, userPattern: null },
      ]),
      afterDays: dice.pick([null, 1, 14, 60, 200]),
      isExcluded: dice.pick([true, false, false, null]),
      reason: dice.pick([null, "on leave"]),
    };
  });
  const byKey = new Map(
    records.map((record) => [
      JSON.stringify([record.sku, record.userPrincipalName, record.userPattern]),
      record,
    ]),
  );
  return [["reclaim_policy", [...byKey.values()], { date }]];
}
