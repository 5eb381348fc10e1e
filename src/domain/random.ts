import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded stream: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform on [0, 1). */
  unit(): number;
  /** Uniform on {0 … count − 1}; count ≥ 1. */
  below(count: number): number;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return {
    unit: () => uniformFloat64(generator),
    below: (count) => uniformInt(generator, 0, count - 1),
  };
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
