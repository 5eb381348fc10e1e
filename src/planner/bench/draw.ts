import type { GeneralizedAssignment } from "../../engine/index.js";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { drawFrom, type Random } from "../../domain/index.js";
import { densePairs } from "./dense-problems.js";

type Pairs = Pick<GeneralizedAssignment, "numTasks" | "numAgents" | "pairStart" | "pairAgent">;

/** Size of an instance to draw. */
export interface DrawnSize {
  readonly numTasks: number;
  readonly numAgents: number;
  /** Random eligible agents a task; null: all of them. */
  readonly eligibleAgents: number | null;
}

/** A whole number drawn uniformly from {low … high}. */
export function drawInteger(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

/** A real number drawn uniformly from [low, high). */
export function drawReal(random: Random, low: number, high: number): number {
  return low + (high - low) * random.unit();
}

/**
 * A stream for one instance: streams of different names are unrelated, whatever the seed (FNV-1a over the name).
 * The hash seeds the generator as it is, so that instances stay those of the recorded results.
 */
export function createNamedRandom(name: string, seed: number): Random {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return drawFrom(xoroshiro128plus((hash ^ seed) | 0));
}

/** Who may take what: every agent, or as many random ones a task. O(pairs · log eligible). */
export function drawPairs({ numTasks, numAgents, eligibleAgents }: DrawnSize, random: Random): Pairs {
  if (eligibleAgents === null) return densePairs(numTasks, numAgents);
  if (!(eligibleAgents >= 1 && eligibleAgents <= numAgents)) {
    throw new RangeError(`${eligibleAgents} eligible agents a task, of ${numAgents}`);
  }
  const pairAgent = new Int32Array(numTasks * eligibleAgents);
  const deck = Int32Array.from({ length: numAgents }, (_, agent) => agent);
  for (let task = 0; task < numTasks; task++) {
    const hand = pairAgent.subarray(task * eligibleAgents, (task + 1) * eligibleAgents);
    // The first cards of a shuffle: whatever order the deck had before, every hand is as likely.
    for (let k = 0; k < eligibleAgents; k++) {
      const other = k + random.below(numAgents - k);
      const drawn = deck[other]!;
      deck[other] = deck[k]!;
      deck[k] = drawn;
      hand[k] = drawn;
    }
    hand.sort();
  }
  const pairStart = Int32Array.from({ length: numTasks + 1 }, (_, task) => task * eligibleAgents);
  return { numTasks, numAgents, pairStart, pairAgent };
}
