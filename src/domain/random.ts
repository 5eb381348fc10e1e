import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** The prime nearest to 2³² over the golden ratio: far from what seeds and lengths are. */
export const GOLDEN_PRIME = 0x9e3779b1;

/** A seeded stream: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform on [0, 1). */
  unit(): number;
  /** Uniform on {0 … count − 1}; count ≥ 1. */
  below(count: number): number;
}

/** A stream by a whole number: streams of neighbouring seeds are unrelated from their first draw on. */
export function createRandom(seed: number): Random {
  return drawFrom(xoroshiro128plus(spreadBits((seed + GOLDEN_PRIME) | 0)));
}

/** What a generator draws. Its first draws resemble its seed, which should be a hash therefore. */
export function drawFrom(generator: RandomGenerator): Random {
  return {
    unit: () => uniformFloat64(generator),
    below: (count) => uniformInt(generator, 0, count - 1),
  };
}

/** The finalizer of MurmurHash3 (Appleby 2011): every bit of 32 reaches every other; one to one. */
export function spreadBits(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Fisher–Yates, in place. */
export function shuffle(items: Int32Array, random: Random): void {
  for (let k = items.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    const held = items[k]!;
    items[k] = items[other]!;
    items[other] = held;
  }
}
