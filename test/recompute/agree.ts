import { expect, test } from "vitest";
import { isSuite, isThorough, isWhole } from "../extent.ts";
import type { Row } from "../../src/database/open.ts";
import { givenSettled, type GivenFile } from "../models/given.ts";
import { compareRows, type Difference, type Output } from "./compare.ts";
import { asked, recompute } from "./compute.ts";
import { readExports } from "./exports.ts";
import { generateTenant, type Tenant } from "./generate.ts";
import { shrinkTenant } from "./shrink.ts";

/** Without a users export nothing says whose a name is. */
function outputsOf(tenant: Tenant): Output[] {
  const hasUsers = readExports(tenant).of("users").date !== null;
  return (Object.keys(asked) as Output[]).filter((output) => hasUsers || output !== "app_activity");
}

/** The tenant as imports load it: an event that was told before is not loaded again. */
function asLoaded(tenant: Tenant): Tenant {
  const { files } = tenant;
  const told = new Set<unknown>();
  const isNew = ({ id }: Row): boolean => id === undefined || (!told.has(id) && told.add(id).size > 0);
  const inOrder = files.toSorted(([, , one], [, , other]) => (one?.import ?? 1) - (other?.import ?? 1));
  const kept = new Map(
    inOrder.map((file) => [file, file[0] === "sign_ins" ? file[1].filter(isNew) : file[1]] as const),
  );
  return { ...tenant, files: files.map((file): GivenFile => [file[0], kept.get(file) ?? [], file[2]]) };
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
      const tenant = asLoaded(generateTenant(seed));
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
