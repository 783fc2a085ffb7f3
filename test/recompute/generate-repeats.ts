import { createHash } from "node:crypto";
import type { Row } from "../../src/database/open.ts";
import type { GivenFile } from "../models/given.ts";
import type { Dice } from "./dice.ts";
import { lastOfEach } from "./repeats.ts";

const guid = (digits: string): string => `${digits.padStart(8, "0")}-0000-4000-8000-000000000000`;
const zeros = "00000000-0000-0000-0000-000000000000";

/** What stands in the place of a name that is concealed, or was not there. */
const nobodies = [
  "(Unknown)",
  "(unknown)",
  "<PII:H105(0a1b)>@contoso.example",
  "<PII:H105(0a1b2c3d)>@contoso.example",
  "<PII:H105(0a1b2c3d4e)>@contoso.example",
  "0A".repeat(16),
  "0a".repeat(16),
  "",
  " ",
  null,
];

/** Rows that name nobody among those of a report, some of them the same; and sites by their ids, or by nothing at all. */
export function blur([name, records, facts]: GivenFile, dice: Dice): GivenFile {
  const owner = ownerOf(name);
  if (owner === undefined || facts?.error || records.length === 0) return [name, records, facts];
  const sites =
    name === "onedrive_usage_account_detail" ? dice.pick(["url", "url", "id", "both", "none"]) : "url";
  const kept = records.map((record) => ofSite(record, sites));
  if (!dice.chance(0.25)) return [name, kept, facts];
  const added = Array.from({ length: dice.number(1, 3) }, () => {
    const { siteId: _id, siteUrl: _url, userId, ...row } = dice.pick(kept);
    const nobody = {
      ...row,
      ...(userId !== undefined && { userId: dice.pick([zeros, null, ""]) }),
      [owner]: dice.pick(nobodies),
    };
    return Array.from({ length: dice.number(1, 3) }, () => nobody);
  });
  return [name, [...kept, ...added.flat()], facts];
}

function ofSite(record: Row, sites: string): Row {
  const { siteUrl, ...rest } = record;
  if (typeof siteUrl !== "string") return record;
  // A deleted OneDrive is another than the one that came after it.
  const url = record["isDeleted"] === true ? `${siteUrl}/deleted` : siteUrl;
  const siteId = guid(createHash("sha256").update(url).digest("hex").slice(0, 8));
  if (sites === "url") return { ...rest, siteUrl: url };
  if (sites === "none") return rest;
  return { ...rest, siteId, siteUrl: sites === "id" ? "" : url };
}

/** Now and then a report stands there twice: downloaded again, in another order, or without the ids of sites, with fewer or more rows of nobody. */
export function repeat(file: GivenFile, dice: Dice): GivenFile[] {
  const [name, records, facts] = file;
  if (ownerOf(name) === undefined || facts?.error || records.length === 0 || !dice.chance(0.2)) return [file];
  const once = lastOfEach(name, records);
  const isBare = dice.chance(0.3);
  const again = once
    .filter(() => dice.chance(0.9))
    .map((record) => {
      const { siteId, siteUrl, ...rest } = record;
      if (isBare) return rest;
      return {
        ...rest,
        ...("siteId" in record && { siteId: upper(siteId) }),
        ...("siteUrl" in record && { siteUrl }),
      };
    })
    .toReversed();
  const repeated = { ...facts, isRepeated: true };
  return [
    [name, once, repeated],
    [name, again, repeated],
  ];
}

function upper(value: unknown): unknown {
  return typeof value === "string" ? value.toUpperCase() : value;
}

/** Under which name a report calls its people; undefined of anything else. */
function ownerOf(name: string): string | undefined {
  if (name === "onedrive_usage_account_detail") return "ownerPrincipalName";
  return /_(user|usage)_detail$/.test(name) ? "userPrincipalName" : undefined;
}
