import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { isWhole } from "../extent.ts";
import { createBench, type Proven } from "../proving.ts";
import { datasets, nameOf } from "./columns.ts";
import { makeLonelyTenant } from "./lonely-tenant.ts";

/**
 * What columns.test.ts takes from a database is what a file without the column would have brought: the same records but
 * for it, and counted as absent. Required columns are left out: no record is loaded without one.
 */
const bench = createBench();
const files = [...makeLonelyTenant()].map(([name, records]) => [name, records.slice(0, 3)] as const);

/** A list of records as Graph writes it, or a report as the portal does, where all of its columns are plain. */
const forms = {
  JSON: (records: readonly Row[]): string => JSON.stringify({ value: records }),
  CSV: (records: readonly Row[]): string => {
    const names = Object.keys(records[0] ?? {});
    const lines = records.map((record) => names.map((name) => `"${String(record[name] ?? "")}"`).join(","));
    return [names.join(","), ...lines].join("\r\n");
  },
};

async function read(form: keyof typeof forms, records: readonly Row[]): Promise<Proven> {
  const [proven] = await bench.prove(`file.${form.toLowerCase()}`, forms[form](records), { isFast: true });
  if (proven === undefined) throw new Error("no file was read");
  return proven;
}

const parse = ({ texts }: Proven): Row[] =>
  texts.map((text) => JSON.parse(text.replace(/^(?!\{)/, "{")) as Row);

describe.each(["JSON", "CSV"] as const)(
  "%s: without a column the other columns are read as with it",
  (form) => {
    const plain = (records: readonly Row[]): readonly Row[] =>
      form === "JSON"
        ? records
        : records.map((record) =>
            Object.fromEntries(
              Object.entries(record).filter(([, value]) => typeof value !== "object" || value === null),
            ),
          );
    test.each(files)("%s", async (dataset, all) => {
      const records = plain(all);
      const whole = await read(form, records);
      const properties = (datasets.get(dataset)?.properties ?? []).filter(
        ({ name, isRequired }, index) =>
          !isRequired && name in (records[0] ?? {}) && (isWhole || index % 4 === 0),
      );
      if (form === "JSON") expect(whole.recognition.dataset?.name).toBe(dataset);
      // What is told by a list in its records is no CSV.
      if (whole.recognition.dataset?.name !== dataset) return;
      for (const { name } of properties) {
        const where = nameOf({ dataset, path: [name] });
        const less = await read(
          form,
          records.map(({ [name]: _gone, ...record }) => record),
        );
        // Some columns tell what a file is: without one nobody takes it for something else.
        if (less.recognition.dataset === undefined) continue;
        expect(less.recognition.dataset.name, where).toBe(dataset);
        expect(
          less.tally.properties.find(({ property }) => property === name),
          where,
        ).toMatchObject({ present: 0, nulls: 0, lost: 0, concealed: 0 });
        const others = ({ tally }: Proven): unknown =>
          tally.properties.filter(({ property }) => property !== name);
        expect(others(less), where).toEqual(others(whole));
        const without = parse(whole).map((record) => ({ ...record, [name]: null }));
        expect(
          parse(less).map((record) => ({ ...record, [name]: null })),
          where,
        ).toEqual(without);
      }
    });
  },
);
