// The other half of the tenants of recompute.test.ts, so that both run at the same time.
import { testTenants } from "./agree.ts";

testTenants(101, 200);
