/** Items sorted at a stretch, and merged between two yields. */
const PIECE = 2_048;

/**
 * Sorts in slices: pieces first, then pairs of them merged until one is left. Stable, so the order is that of a plain
 * sort. O(n log n)
 */
export function* sortSteps(items: Int32Array, compare: (a: number, b: number) => number): Generator<void, Int32Array> {
  let [from, to] = [items.slice(), new Int32Array(items.length)];
  for (let start = 0; start < from.length; start += PIECE) {
    from.subarray(start, start + PIECE).sort(compare);
    yield;
  }
  for (let width = PIECE; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let [left, right] = [start, middle];
      for (let place = start; place < end; place++) {
        const isLeft = right === end || (left < middle && compare(from[left]!, from[right]!) <= 0);
        to[place] = from[isLeft ? left++ : right++]!;
        if (place % PIECE === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
