import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { toInputFile } from "../../src/source/discover.ts";

test("the folder of a file is the one that it lies in, so that pages in sister folders are of two exports", () => {
  const stats = { size: 1, mtimeMs: 0 };
  const folders = ["2026-10", "2026-11"].map((name) => join("exports", name));
  expect(folders.map((folder) => toInputFile(join(folder, "users-1.json"), stats).folder)).toEqual(
    folders.map((folder) => resolve(folder)),
  );
  expect(toInputFile("users-1.json", stats).folder).toBe(resolve("."));
});
