import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Sheet } from "../batch/record-batch.ts";
import type { Packet } from "../batch/byte-writer.ts";
import { isAnyHashing } from "../source/hash.ts";

/** What is on its way into DuckDB: records as JSON, or rows column by column. */
export type Load = Packet | Sheet;

/**
 * At most so many are proven ahead, and so many bytes of them, unless one alone is larger: as many sign-ins as are read
 * while the engine compresses a row group of them (a quarter of a second), as nothing is read when there is no room.
 */
const queuedLoads = 32;
const queuedBytes = 8 << 20;

/** Behind a packet as large as this the statement ends: what the engine holds of such records it lets go only then. */
const largeBytes = 2 << 20;

/** Takes loads from their maker and hands them to the statement that is running. */
export interface Feed {
  readonly loads: Iterator<Load | undefined, void>;
  readonly queue: Load[];
  isDone: boolean;
  isFilling: boolean;
  /** What the statement that is running takes; it ends before anything else comes. */
  head: Load | undefined;
  isEnough: boolean;
  /** It ends because of the size of what it took. */
  isLarge: boolean;
  failure: unknown;
  readonly mayReadAhead: () => boolean;
}

/** Fewer than there are threads in a large import: one reads, one inserts, one hashes. */
const areCoresFew = availableParallelism() < 3;

function isCoreLeft(): boolean {
  return !areCoresFew || !isAnyHashing();
}

/** Of loads as they come; undefined is a pause of their maker. */
export function createFeed(loads: Iterable<Load | undefined>, mayReadAhead = isCoreLeft): Feed {
  return {
    loads: loads[Symbol.iterator](),
    queue: [],
    isDone: false,
    isFilling: false,
    head: undefined,
    isEnough: false,
    isLarge: false,
    failure: undefined,
    mayReadAhead,
  };
}

export function isSheet(load: Load): load is Sheet {
  return "columns" in load;
}

/** Waits for what the next statement is to load; undefined when there is nothing more. */
export async function findHead(feed: Feed): Promise<Load | undefined> {
  while (feed.queue.length === 0 && !feed.isDone) {
    take(feed);
    await nextTurn();
  }
  // Where the reading failed after the last statement had all that it gets, nobody has been told.
  if (feed.failure !== undefined) throw feed.failure;
  const [head] = feed.queue;
  Object.assign(feed, { head, isEnough: false, isLarge: false });
  if (!feed.isFilling) prefill(feed);
  return head;
}

/** What the statement is to load now; undefined when it has all that it gets. */
export function nextLoad(feed: Feed): Load | undefined {
  if (feed.failure !== undefined) throw feed.failure;
  if (feed.isEnough) return undefined;
  // Where nothing good comes the statement ends, and signals are heard before there is another.
  while (feed.queue.length === 0 && !feed.isDone && !take(feed));
  const [load] = feed.queue;
  feed.isEnough = load === undefined || !isAlike(load, feed.head);
  if (load === undefined || feed.isEnough) return undefined;
  feed.isLarge = sizeOf(load) >= largeBytes;
  feed.isEnough = feed.isLarge;
  feed.queue.shift();
  if (!feed.isFilling) setImmediate(prefill, feed);
  return load;
}

/**
 * Proves records ahead while DuckDB inserts those before them on its own thread. Not while a file is hashed that would
 * have to share its core for it: reading and inserting by turns take what is left of two, and the hash, which may be
 * what takes longest, is not held up (300,000 sign-ins by a processor without instructions for it: 0.93 of the time).
 */
function prefill(feed: Feed): void {
  const isMore = !feed.isDone && feed.failure === undefined;
  feed.isFilling = isMore && feed.mayReadAhead() && hasRoom(feed.queue);
  if (!feed.isFilling) return;
  try {
    take(feed);
  } catch (error) {
    feed.failure = error;
  }
  setImmediate(prefill, feed);
}

/** Takes what the maker has next; says whether it was something, if only an empty packet. */
function take(feed: Feed): boolean {
  const { done, value } = feed.loads.next();
  if (done) feed.isDone = true;
  else if (value && countOf(value) > 0) feed.queue.push(value);
  return value !== undefined;
}

function hasRoom(queue: readonly Load[]): boolean {
  return queue.length < queuedLoads && queue.reduce((sum, load) => sum + sizeOf(load), 0) < queuedBytes;
}

function countOf(load: Load): number {
  return isSheet(load) ? load.rows : load.ends.length;
}

function sizeOf(load: Load): number {
  return isSheet(load) ? load.size : (load.ends.at(-1) ?? 0);
}

/** Whether one statement takes both: records as JSON, or rows with the same columns. */
function isAlike(load: Load, head: Load | undefined): boolean {
  if (head === undefined || isSheet(load) !== isSheet(head)) return false;
  return !isSheet(load) || !isSheet(head) || load.columns === head.columns;
}
