// Where things stand. An address of 0 is none.

/** The most bytes of a file in sight, and zeros behind them, at which everything stops. */
export const inputBytes: usize = 1 << 20;
const slackBytes: usize = 64;
const planBytes: usize = 1 << 18;
const pageBytes: usize = 1 << 16;

export const inputStart: usize = (__heap_base + 63) & ~63;
export const planStart: usize = inputStart + inputBytes + slackBytes;
const planEnd: usize = planStart + planBytes;

let planTop: usize = planStart;
let sheetTop: usize = planEnd;

/** The end of the plan, which is also that of what is kept of a plan to begin with it again. */
export function topOfPlan(): usize {
  return planTop;
}

/** Makes a plan that was laid down anew, or a new one, end here. */
export function setTopOfPlan(top: usize): void {
  planTop = top;
}

/** Zeroed memory among the plan; 0 when there is no more. */
export function takePlan(bytes: usize): usize {
  const start = planTop;
  const end = (start + bytes + 15) & ~15;
  if (end > planEnd) return 0;
  memory.fill(start, 0, end - start);
  planTop = end;
  return start;
}

/** Forgets all columns. */
export function clearSheet(): void {
  sheetTop = planEnd;
}

/** Memory for a column, with whatever was there before; 0 when there is no more. */
export function takeSheet(bytes: usize): usize {
  const start = sheetTop;
  const end = (start + bytes + 15) & ~15;
  const wanted = (end + pageBytes - 1) / pageBytes;
  const there = <usize>memory.size();
  if (wanted > there && memory.grow(<i32>(wanted - there)) < 0) return 0;
  sheetTop = end;
  return start;
}

/** Copies bytes, up to fifteen more than asked for. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  let done: usize = 0;
  do {
    v128.store(to + done, v128.load(from + done));
    done += 16;
  } while (done < length);
}
