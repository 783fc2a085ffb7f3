// A program of its own, blocks.wasm: whether blocks of a database are as the engine wrote them.

/** Where a block is put. */
export const blockStart: usize = (__heap_base + 15) & ~15;

const sumBytes: usize = 8;

/** The engine's sum of a block (duckdb/src/common/checksum.cpp): 5381 xor every 8 bytes times 0xbf58476d1ce4e5b9. */
export function isWhole(bytes: usize): bool {
  const factor: u64 = ((<u64>0xbf58476d) << 32) | 0x1ce4e5b9;
  const end = blockStart + bytes;
  let sum: u64 = 5381;
  for (let at = blockStart + sumBytes; at < end; at += 8) sum ^= load<u64>(at) * factor;
  return sum == load<u64>(blockStart);
}
