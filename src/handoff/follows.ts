import { CliError, exitCodes } from "../errors.ts";
import { verifyBundle } from "./verify.ts";

/** The bundle that one follows. */
export interface Follows {
  readonly bundle_id: string;
  readonly as_of: string | null;
  readonly tenantId: unknown;
}

/** Reads the bundle that is followed. Throws exit 1 where that is not whole. */
export async function readFollowed(folder: string): Promise<Follows> {
  const { bundleId, differences, manifest } = await verifyBundle(folder);
  if (differences.length === 0 && bundleId !== undefined && manifest !== undefined)
    return { bundle_id: bundleId, as_of: manifest.as_of, tenantId: manifest.tenant?.["tenant_id"] ?? null };
  throw new CliError(
    `the bundle in ${folder} is not whole, so nothing can follow it (see verify); nothing was written`,
    {
      exitCode: exitCodes.incomplete,
    },
  );
}

/** What a manifest says of the bundle that it follows. */
export function toFollows(followed: Follows | undefined): Omit<Follows, "tenantId"> | null {
  return followed === undefined ? null : { bundle_id: followed.bundle_id, as_of: followed.as_of };
}

/** What speaks against following a bundle. */
export function findFollowRefusals(
  { as_of: earlier, tenantId }: Follows,
  {
    tenant,
    as_of: asOf,
  }: { readonly tenant: Readonly<Record<string, unknown>> | null; readonly as_of: unknown },
): readonly { readonly code: string; readonly text: string }[] {
  if ((tenant?.["tenant_id"] ?? null) !== tenantId)
    return [{ code: "other-tenant", text: "the bundle of --follows is of another tenant" }];
  if (earlier === null || String(asOf) >= earlier) return [];
  return [
    {
      code: "older-than-earlier",
      text: `the data is as of ${String(asOf)}, that of --follows as of ${earlier}`,
    },
  ];
}
