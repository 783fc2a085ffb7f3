import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const writer = fileURLToPath(new URL("../faults/write-notes.js", import.meta.url));
const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };

const commands = [
  ["query", "from raw.domains"],
  ["status"],
  ["export", "--out", "out"],
  ["rejects", "list"],
  ["forget", "--import", "1"],
  ["import", "domains.json", "--as-of", "2026-12-01"],
];

test("beside a log every command refuses, whatever stands in it, until the program that wrote it has taken it in", () => {
  const dir = new Workdir();
  dir.import(dir.write("domains.json", page("domains", [domain])));
  const db = dir.file("tenant.duckdb");
  spawnSync(process.execPath, [writer, db, "7", "kill"]);
  const wal = readFileSync(`${db}.wal`);
  const turned = Buffer.from(wal);
  turned[40] = (turned[40] ?? 0) ^ 4;
  const logs = [wal, turned, wal.subarray(0, wal.length - 9), Buffer.from("no log\n"), Buffer.alloc(0)];
  const before = readFileSync(db);
  for (const log of logs) {
    writeFileSync(`${db}.wal`, log);
    for (const command of log === wal ? commands : commands.slice(0, 1)) {
      const { status, stdout, stderr } = dir.run(...command);
      expect([status, stdout, stderr]).toEqual([
        4,
        "",
        expect.stringMatching(
          /^m365-offline: \S+\.wal holds changes that are not in the database yet\. Open .*\n$/,
        ),
      ]);
    }
  }
  expect([readFileSync(db).equals(before), dir.list()]).toEqual([
    true,
    ["domains.json", "tenant.duckdb", "tenant.duckdb.wal"],
  ]);
  for (const ending of [".wal.checkpoint", ".wal.recovery"]) {
    renameSync(`${db}.wal`, db + ending);
    expect([dir.run("status").status, dir.run("import", "domains.json").status]).toEqual([4, 4]);
    renameSync(db + ending, `${db}.wal`);
  }
  writeFileSync(`${db}.wal`, wal);
  spawnSync(process.execPath, [writer, db, "8", "close"]);
  expect(dir.import("domains.json", "--as-of", "2026-12-01").status).toBe(0);
  expect(dir.query("from my_notes order by all")).toEqual([{ number: 7 }, { number: 8 }]);
});

/** Turns a bit of a file. */
function spoil(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test("indexes, keys and tables of somebody's own, and blocks that nobody uses, make no database damaged", async () => {
  const dir = new Workdir();
  dir.import(dir.write("domains.json", page("domains", [domain])));
  await dir.change("create table main.own (id integer primary key, word varchar)");
  await dir.change("insert into main.own select range, md5(range::varchar) from range(50000)");
  await dir.change(
    "create index own_word on main.own (word); create unique index u on raw.domains (id, source_file_id)",
  );
  await dir.change("create table main.gone as select md5(range::varchar) as word from range(200000)");
  await dir.change("drop table main.gone; checkpoint");
  await dir.change(
    "begin; insert into main.own select range + 60000, 'back' from range(200000); rollback; checkpoint",
  );
  copyFileSync(dir.file("tenant.duckdb"), dir.file("good.duckdb"));
  const sum = "select count(*)::integer as rows, bit_xor(hash(own))::varchar as sum from main.own";
  const [own] = dir.query(sum);
  // A bit in some blocks (the campaign of damage has more): what the engine needs is found, what it does not need is not.
  const size = readFileSync(dir.file("good.duckdb")).length;
  const found = { refused: 0, right: 0 };
  for (let block = 3 * 4096 + 262_144; block < size; block += 11 * 262_144) {
    copyFileSync(dir.file("good.duckdb"), dir.file("tenant.duckdb"));
    spoil(dir.file("tenant.duckdb"), Math.min(block + 130_000, size - 1));
    const { status, stderr } = dir.run("import", "domains.json", "--as-of", "2026-12-01", "--json");
    if (status === 4) {
      expect(stderr).toMatch(/tenant\.duckdb is not a usable database: it is damaged/);
      found.refused += 1;
      continue;
    }
    expect([status, stderr, dir.query(sum)]).toEqual([0, "", [own]]);
    await dir.change("insert into main.own values (-1, 'by its index')");
    found.right += 1;
  }
  expect(found.refused).toBeGreaterThan(0);
  expect(found.right).toBeGreaterThan(0);
  copyFileSync(dir.file("good.duckdb"), dir.file("tenant.duckdb"));
  expect(dir.import("domains.json", "--as-of", "2026-12-01").status).toBe(0);
  expect(dir.run("forget", "--import", "1").status).toBe(0);
  expect(dir.query(sum)).toEqual([own]);
});
