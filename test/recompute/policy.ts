import type { Row } from "../../src/database/open.ts";
import type { Exports } from "./exports.ts";
import type { Person } from "./people.ts";
import type { Sku } from "./skus.ts";
import { count, flag, text } from "./values.ts";

/** What the list of the house says of a person and a SKU. */
interface Policy {
  readonly isExcluded: boolean;
  readonly afterDays: number | null;
}

export type PolicyOf = (person: Person, sku: Sku) => Policy;

/** An exclusion comes before any number of days; of several numbers that of the rule that says most, of equal ones the first. */
export function readPolicy(exports: Exports): PolicyOf {
  const { records } = exports.of("reclaim_policy");
  return (person, sku) => {
    const own = records.filter((rule) => isOfSku(rule, sku) && isOfPerson(rule, person));
    const numbered = own.filter((rule) => count(rule, "afterDays") !== null);
    const [first] = numbered.toSorted((a, b) => rank(a) - rank(b));
    return {
      isExcluded: own.some((rule) => flag(rule, "isExcluded") === true),
      afterDays: count(first, "afterDays"),
    };
  };
}

/** A rule on the user before one on a pattern, that before one on all users, each first with a SKU. */
function rank(rule: Row): number {
  const withoutSku = text(rule, "sku") === null ? 1 : 0;
  if (text(rule, "userPrincipalName") !== null) return withoutSku;
  return text(rule, "userPattern") === null ? 4 + withoutSku : 2 + withoutSku;
}

function isOfSku(rule: Row, { id, partNumber }: Sku): boolean {
  const sku = text(rule, "sku")?.toLowerCase();
  return sku === undefined || sku === id || sku === partNumber?.toLowerCase();
}

function isOfPerson(rule: Row, { upn }: Person): boolean {
  const name = upn?.toLowerCase();
  const [ruled, pattern] = [text(rule, "userPrincipalName"), text(rule, "userPattern")];
  if (ruled !== null) return ruled.toLowerCase() === name;
  return pattern === null || matches(name ?? "", pattern.toLowerCase());
}

/** In a pattern * stands for any characters; all others for themselves. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
