// What is counted of a record once it is accepted.

const maxNotes: usize = 4096;
const notes: usize = memory.data(4096 * 4);
let count: usize = 0;

const maxFirsts: usize = 8192;
const firstCounters: usize = memory.data(8192 * 4);
/** How many counters have counted their first record since they were cleared, and which, in the order of the file. */
export let firsts: usize = 0;

export function clearFirsts(): void {
  firsts = 0;
}

export function firstAt(index: usize): usize {
  return load<u32>(firstCounters + index * 4);
}

/** Begins a record. */
export function clearNotes(): void {
  count = 0;
}

/** Has the counter at this address count the record, if it is accepted. */
export function note(counter: usize): void {
  if (count < maxNotes) store<u32>(notes + count * 4, <u32>counter);
  count += 1;
}

/** Whether all could be noted. */
export function hasAllNotes(): bool {
  return count <= maxNotes;
}

/** Counts the record. */
export function settleNotes(): void {
  for (let index: usize = 0; index < count; index += 1) {
    const counter = <usize>load<u32>(notes + index * 4);
    const before = load<u32>(counter);
    store<u32>(counter, before + 1);
    if (before == 0 && firsts < maxFirsts) {
      store<u32>(firstCounters + firsts * 4, <u32>counter);
      firsts += 1;
    }
  }
}
