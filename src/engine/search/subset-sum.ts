/** Words of 32 bits that the tables of one split may take: 16 MB. */
const MAX_WORDS = 1 << 22;

/**
 * Chooses items whose sizes add up to `goal` or, failing that, to the most below it: a table of reachable sums, one bit a
 * sum and one row an item (Pisinger, J. Algorithms 33, 1999, section 2). Exact where sizes are whole and the table fits;
 * else sizes are rounded down to multiples of a unit, and the sum is right to within items · unit.
 * Writes 1 for chosen items to `isChosen`; returns the work in words. O(items · goal / unit / 32).
 */
export function chooseSubset(sizes: Float64Array, goal: number, isChosen: Uint8Array): number {
  const count = sizes.length;
  const largest = Math.floor(((MAX_WORDS / (count + 1)) | 0) * 32) - 64;
  const isExact = goal <= largest && sizes.every(Number.isInteger);
  const unit = isExact ? 1 : Math.max(goal, Number.MIN_VALUE) / largest;
  const top = Math.floor(goal / unit);
  const words = (top >> 5) + 1;
  const reachable = new Uint32Array((count + 1) * words);
  reachable[0] = 1;
  for (let k = 0; k < count; k++) addItem(reachable, k * words, words, Math.floor(sizes[k]! / unit));
  let sum = top;
  while (!has(reachable, count * words, sum)) sum -= 1;
  for (let k = count - 1; k >= 0; k--) {
    isChosen[k] = has(reachable, k * words, sum) ? 0 : 1;
    if (isChosen[k] === 1) sum -= Math.floor(sizes[k]! / unit);
  }
  return (count + 1) * words;
}

/** The row after `from`: the sums of that row, and each of them plus `size`. */
function addItem(table: Uint32Array, from: number, words: number, size: number): void {
  const to = from + words;
  const skipped = Math.floor(size / 32);
  const shift = size % 32;
  for (let word = 0; word < words; word++) {
    let bits = table[from + word]!;
    if (word >= skipped) {
      bits |= table[from + word - skipped]! << shift;
      if (shift > 0 && word > skipped) bits |= table[from + word - skipped - 1]! >>> (32 - shift);
    }
    table[to + word] = bits;
  }
}

function has(table: Uint32Array, row: number, sum: number): boolean {
  return ((table[row + (sum >> 5)]! >>> (sum & 31)) & 1) === 1;
}
