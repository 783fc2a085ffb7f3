import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFeed, findHead, isSheet, nextLoad, type Load } from "../../src/load/batch-queue.ts";
import { createPacketWriter, takePacket, writeRecord, type Packet } from "../../src/batch/byte-writer.ts";

/** Packets of one record each, numbered; what was taken of them is in `taken`. */
function* packets(count: number, taken: number[]): Generator<Packet> {
  const writer = createPacketWriter();
  for (let number = 1; number <= count; number += 1) {
    taken.push(number);
    writeRecord(writer, String(number));
    yield { ...takePacket(writer) };
  }
}

function numberOf(load: Load | undefined): number | undefined {
  return load && !isSheet(load) ? Number(load.bytes.toString("utf8", 0, load.ends[0])) : undefined;
}

/** Turns of the event loop in which an engine that inserts would leave this thread to itself. */
async function engineAtWork(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test("records are read ahead while the engine inserts, but not while the core is wanted for hashing", async () => {
  const taken: number[] = [];
  let isCoreLeft = false;
  const feed = createFeed(packets(20, taken), () => isCoreLeft);
  await findHead(feed);
  expect(numberOf(nextLoad(feed))).toBe(1);
  await engineAtWork();
  expect(taken, "nothing ahead").toEqual([1]);
  expect(numberOf(nextLoad(feed)), "what is asked for is read on the spot").toBe(2);
  await engineAtWork();
  expect(taken).toEqual([1, 2]);
  isCoreLeft = true;
  expect(numberOf(nextLoad(feed))).toBe(3);
  await engineAtWork();
  expect(taken.length, "ahead again").toBeGreaterThan(4);
  isCoreLeft = false;
  const rest = Array.from({ length: 17 }, () => numberOf(nextLoad(feed)));
  expect(rest).toEqual(Array.from({ length: 17 }, (_, index) => index + 4));
  expect(nextLoad(feed)).toBeUndefined();
  expect(await findHead(feed)).toBeUndefined();
});

test("what fails while it is read ahead of the next statement fails the load, which commits nothing", async () => {
  const failure = new Error("a fault of the reader");
  const loads = function* (): Generator<Packet | undefined> {
    const writer = createPacketWriter();
    // Behind so large a record the statement ends.
    writeRecord(writer, "x".repeat(3 << 20));
    yield takePacket(writer);
    yield undefined;
    throw failure;
  };
  const feed = createFeed(loads(), () => true);
  await findHead(feed);
  expect(nextLoad(feed)).toBeDefined();
  expect(nextLoad(feed)).toBeUndefined();
  await engineAtWork();
  await expect(findHead(feed)).rejects.toBe(failure);
});
