import type { Issue } from "./issue.ts";
import type { JsonPiece } from "./json-pieces.ts";
import { otherContext, type PageContext } from "./pages.ts";
import type { JsonObject } from "./parse-json.ts";
import { reject, type Tally } from "./tally.ts";

/** The Zero Trust Assessment puts a row into its exports that only shows their columns. */
export function isModelRow(record: JsonObject): boolean {
  return record["isZtModelRow"] === true;
}

/** Why an object among the records is none; `ofPage` is the dataset that its page names, where that is another. */
export function maybeNoRecord(
  record: JsonObject,
  context: PageContext,
  ofPage: string | undefined,
): Issue | undefined {
  if ("@removed" in record) return { code: "removed" };
  const own = record["@odata.context"];
  const other = typeof own === "string" ? otherContext(own, context) : ofPage;
  return other === undefined ? undefined : { code: "other_dataset", dataset: context.dataset.name, other };
}

/** Takes what cannot be read into the tally. */
export function noteDamage({ issue, place, isRecord }: JsonPiece & { kind: "damage" }, tally: Tally): void {
  tally.isDamaged = true;
  if (!isRecord) {
    tally.issues.add(issue, { record: tally.read, ...place });
    return;
  }
  tally.read += 1;
  reject(tally, issue, { record: tally.read, ...place });
}
