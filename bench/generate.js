// Writes exports of any size for measurements: node bench/generate.js FOLDER [users] [signIns]; 5 of 100 sign-ins repeat the id of an earlier one.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writePage } from "./data.js";
import { signIn, user } from "./records.js";

const [folder = "bench/data", users = "200000", signIns = "300000"] = process.argv.slice(2);
const sizes = { users: Number(users), signIns: Number(signIns), hasTwice: true };
mkdirSync(folder, { recursive: true });
writePage(join(folder, "users.json"), { context: "users", count: sizes.users, record: user });
writePage(join(folder, "signIns.json"), {
  context: "auditLogs/signIns",
  count: sizes.signIns,
  record: (index) => signIn(index, sizes),
});
