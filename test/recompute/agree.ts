import { expect, test } from "vitest";
import { isSuite, isThorough, isWhole } from "../extent.ts";
import { givenSettled } from "../models/given.ts";
import { compareRows, type Difference, type Output } from "./compare.ts";
import { asked, recompute } from "./compute.ts";
import { readExports } from "./exports.ts";
import { generateTenant, type Tenant } from "./generate.ts";
import { shrinkTenant } from "./shrink.ts";

/** Without a users export nothing says whose a name is, and events that were told twice are counted once by an import, which this is none. */
function outputsOf(tenant: Tenant): Output[] {
  const hasUsers = readExports(tenant).of("users").date !== null;
  const events = tenant.files.flatMap(([dataset, records]) =>
    dataset === "sign_ins" ? records.map(({ id }) => id) : [],
  );
  const isCounted = hasUsers && new Set(events).size === events.length;
  return (Object.keys(asked) as Output[]).filter((output) => isCounted || output !== "app_activity");
}

const only = Number(process.env["SEED"] ?? 0);

/** How many tenants the suite takes, and how many of each hundred its short form leaves off at. */
const [few, some] = [4, 15];

/** SEED=n takes one tenant alone, THOROUGH=all every one. */
function isChosen(seed: number): boolean {
  if (only !== 0) return seed === only;
  const place = seed % 100;
  return isWhole || (seed <= few ? isSuite : isThorough && place > 0 && place <= some);
}

/** A test for each of the tenants from `first` to `last` that is taken: what the views say of it is what the second computation says. */
export function testTenants(first: number, last: number): void {
  const chosen = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(isChosen);
  test.each(chosen)(
    "tenant %i",
    async (seed) => {
      const tenant = generateTenant(seed);
      const query = await givenSettled(...tenant.files);
      const computed = recompute(tenant);
      for (const output of outputsOf(tenant)) {
        const rows = await query(asked[output], tenant.settings);
        const [difference] = compareRows(output, computed[output], rows);
        if (difference) expect.fail(await describeDifference(seed, tenant, difference));
      }
    },
    120_000,
  );
}

/** The seed, the smallest tenant that shows the difference in the same column, and both rows. */
async function describeDifference(seed: number, tenant: Tenant, found: Difference): Promise<string> {
  const [column = ""] = found.columns;
  const differ = async (smaller: Tenant): Promise<Difference | undefined> =>
    (await compare(found.output, smaller)).find(({ columns }) => columns.includes(column));
  // Some eighty tenants are tried for it: only where one is looked at by itself.
  const smallest = process.env["SEED"]
    ? await shrinkTenant(tenant, async (smaller) => (await differ(smaller)) !== undefined)
    : tenant;
  const { columns, computed, queried } = (await differ(smallest)) ?? found;
  return [
    `tenant ${seed}: ${found.output} differs in ${columns.join(", ")}`,
    `under ${JSON.stringify(smallest.settings)}, given`,
    ...smallest.files.map((file) => JSON.stringify(file)),
    `computed: ${JSON.stringify(computed)}`,
    `queried:  ${JSON.stringify(queried)}`,
  ].join("\n");
}

async function compare(output: Output, tenant: Tenant): Promise<Difference[]> {
  const query = await givenSettled(...tenant.files);
  return compareRows(output, recompute(tenant)[output], await query(asked[output], tenant.settings));
}
