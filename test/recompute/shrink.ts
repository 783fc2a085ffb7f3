import type { Row } from "../../src/database/open.ts";
import type { GivenFile } from "../models/given.ts";
import type { Tenant } from "./generate.ts";

/** So many smaller tenants are tried at most. */
const patience = 80;

/** Leaves out of a tenant what is not needed for something to hold of it: settings, files, records, properties. */
export async function shrinkTenant(
  tenant: Tenant,
  holds: (smaller: Tenant) => Promise<boolean>,
): Promise<Tenant> {
  let smallest = tenant;
  let tries = 0;
  for (const candidatesOf of [withoutSetting, withoutFile, withoutRecord, withoutProperty]) {
    let position = 0;
    let candidates = candidatesOf(smallest);
    while (position < candidates.length && tries < patience) {
      tries += 1;
      const candidate = candidates[position];
      if (candidate !== undefined && (await holds(candidate))) {
        smallest = candidate;
        candidates = candidatesOf(smallest);
      } else position += 1;
    }
  }
  return smallest;
}

function withoutSetting({ files, settings }: Tenant): Tenant[] {
  return Object.keys(settings).map((name) => ({
    files,
    settings: Object.fromEntries(Object.entries(settings).filter(([other]) => other !== name)),
  }));
}

function withoutFile({ files, settings }: Tenant): Tenant[] {
  return files.map((_, index) => ({ files: files.toSpliced(index, 1), settings }));
}

function withoutRecord({ files, settings }: Tenant): Tenant[] {
  return files.flatMap(([name, records, facts], index) =>
    records.map((_, position) => {
      const file: GivenFile = [name, records.toSpliced(position, 1), facts];
      return { files: files.with(index, file), settings };
    }),
  );
}

/** A property is left out of all records of a file. */
function withoutProperty({ files, settings }: Tenant): Tenant[] {
  return files.flatMap(([name, records, facts], index) => {
    const properties = new Set(records.flatMap((record) => Object.keys(record)));
    return [...properties]
      .filter((property) => !needed.has(property))
      .map((property) => {
        const left = records.map(({ [property]: _left, ...rest }: Row): Row => rest);
        return { files: files.with(index, [name, left, facts]), settings };
      });
  });
}

const needed = new Set(["id", "skuId", "userPrincipalName", "ownerPrincipalName", "createdDateTime"]);
