import type { Dataset } from "./dataset.ts";
import { maybeDatasetOfContext } from "./fit.ts";
import { contextTail, entryText, toErrorIssue } from "./recognise-json.ts";
import type { JsonPiece } from "./json-pieces.ts";
import type { Tally } from "./tally.ts";

export interface PageContext {
  readonly tally: Tally;
  readonly dataset: Dataset;
  /** The user has said what the file is: no context of it says otherwise. */
  readonly isNamed: boolean;
}

/** What a page or a record states that it is, where that is something else than the file's dataset. */
export function otherContext(context: string, { dataset, isNamed }: PageContext): string | undefined {
  const tail = contextTail(context);
  const isOther =
    !isNamed &&
    dataset.contexts.length > 0 &&
    tail !== undefined &&
    !maybeDatasetOfContext([dataset], context);
  return isOther ? tail : undefined;
}

const nextLinks = ["@odata.nextLink", "odata.nextLink"];

/** Takes down what stands around the records of a page, of which there are `records`. */
export function notePage(
  { entries, hasRecords }: JsonPiece & { kind: "envelope" },
  records: number,
  context: PageContext,
): void {
  const { tally, dataset } = context;
  const answer = entries.get("error");
  if (answer !== undefined) {
    tally.answers += 1;
    tally.issues.add(toErrorIssue(answer));
  }
  if (!hasRecords || (records === 0 && tally.modelRows > 0)) return;
  const other = otherContext(entryText(entries, "@odata.context"), context);
  if (other !== undefined && !tally.issues.list().some(({ code }) => code === "other_dataset")) {
    tally.isOther = true;
    tally.issues.add({ code: "other_dataset", dataset: dataset.name, other });
  }
  tally.endsOpen = nextLinks.some((key) => entryText(entries, key) !== "");
  if (tally.endsOpen) tally.openPages += 1;
  else tally.lastPages += 1;
  if (entryText(entries, "@odata.deltaLink") !== "") tally.deltaPages += 1;
  if (entries.has("records")) tally.hubPages += 1;
  if (entries.has("Count")) tally.listPages += 1;
  const stated = Number(entries.get("@odata.count") ?? entries.get("Count"));
  if (Number.isSafeInteger(stated)) tally.stated ??= stated;
}
