import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { GOLDEN_PRIME, spreadBits } from "./random.js";

/** Numbers drawn and thrown away, because the generator's first ones still resemble its seed. */
const WARM_UP = 24;

/** The random stream of one thing with a name, such as a task: the same seed and name give the same draws, whatever others there are. */
export class KeyedStream {
  readonly #generator: RandomGenerator;
  #hasSpare = false;
  #spare = 0;

  constructor(seed: number, key: string) {
    this.#generator = xoroshiro128plus(hashText(key, seed));
    for (let k = 0; k < WARM_UP; k++) this.#generator.next();
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    return ((this.#generator.next() >>> 0) + 0.5) / 2 ** 32;
  }

  /** Standard normal, by Box and Muller (1958). */
  normal(): number {
    this.#hasSpare = !this.#hasSpare;
    if (!this.#hasSpare) return this.#spare;
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** FNV-1a over the UTF-16 units, started from the seed, its bits spread. */
function hashText(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed | 0, GOLDEN_PRIME);
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return spreadBits(hash);
}
