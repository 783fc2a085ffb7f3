// The other half of the tenants of recompute.test.ts, so that both run at the same time.
import { isWhole, testTenants } from "./agree.ts";

testTenants(101, isWhole ? 200 : 115);
