import { isOutOfMemory } from "../database/memory.ts";
import { BrokenOffError } from "../database/rows.ts";

type Work<Item, Lane, Result> = (item: Item, lane: Lane) => Promise<Result>;

/**
 * Does work on items, as many at a time as there are lanes, and returns the results in the order of the items.
 * What runs out of memory, or is broken off, beside other work is done once more by itself. Where work fails no more is begun, and the
 * error is thrown when all that was under way has ended.
 */
export async function workTogether<Item, Lane, Result>(
  lanes: readonly Lane[],
  items: readonly Item[],
  work: Work<Item, Lane, Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()].toReversed();
  const workOn = async (lane: Lane, isAlone: boolean): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, item] = next;
      try {
        results[index] = await work(item, lane);
      } catch (error) {
        if (!isAlone && isPassing(error)) return void waiting.push(next);
        waiting.length = 0;
        throw error;
      }
    }
  };
  const isLone = lanes.length === 1;
  const ends = await Promise.allSettled(lanes.map(async (lane) => await workOn(lane, isLone)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const [first] = lanes;
  if (first) await workOn(first, true);
  return results;
}

/** Whether it may be for the work beside it that work failed. */
function isPassing(error: unknown): boolean {
  return isOutOfMemory(error) || error instanceof BrokenOffError;
}
