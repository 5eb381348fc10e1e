import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { drawFrom, type Random } from "../../src/domain/index.js";

/**
 * The stream that tests and checks draw their instances from, seeded without any spreading of bits: the instances were chosen, by seed, for what they
 * show. Its first draw is near 1 for every small seed; `variedRandom` differs between neighbours from the first draw on.
 */
export function drawingRandom(seed: number): Random {
  return drawFrom(xoroshiro128plus(seed));
}
