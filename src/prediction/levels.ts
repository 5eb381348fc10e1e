import type { Kind } from "../domain/evidence.js";
import type { LevelSpread } from "./spread-fit.js";

/** One way of grouping kinds, from the whole fleet down to agent × type × risk. */
export interface Level extends LevelSpread {
  /** Parts of the key; null where the level does not apply to the kind. */
  readonly keyOf: (kind: Kind, isBefore: boolean) => readonly (string | null)[] | null;
}

/** Ids and types come without NUL characters, so joined keys cannot collide. */
const SEPARATOR = "\u0000";
const UNKNOWN = "\u0001";

/** Numbers the groups of all levels in the order of their first mention. */
export class LevelIndex {
  readonly #groups: Map<string, number>[];
  readonly #levelOf: number[] = [];

  constructor(readonly levels: readonly Level[]) {
    this.#groups = levels.map(() => new Map());
  }

  /** Level of each group. */
  get levelOf(): Int32Array {
    return Int32Array.from(this.#levelOf);
  }

  /** Groups of the kind at each level it belongs to; new ones are added. */
  register(kind: Kind, isBefore: boolean): number[] {
    return this.levels.flatMap((_, level) => this.registerAt(level, kind, isBefore) ?? []);
  }

  /** Group of the kind at one level, added where it is new; undefined where the level does not apply. */
  registerAt(level: number, kind: Kind, isBefore: boolean): number | undefined {
    const key = joinKey(this.levels[level]!.keyOf(kind, isBefore));
    if (key === null) return undefined;
    let group = this.#groups[level]!.get(key);
    if (group === undefined) {
      group = this.#levelOf.push(level) - 1;
      this.#groups[level]!.set(key, group);
    }
    return group;
  }

  /** Group of the kind at one level, or undefined where history has none. */
  find(level: number, kind: Kind, isBefore = false): number | undefined {
    const key = joinKey(this.levels[level]!.keyOf(kind, isBefore));
    return key === null ? undefined : this.#groups[level]!.get(key);
  }

  /** Number of groups history has at a level. */
  count(level: number): number {
    return this.#groups[level]!.size;
  }
}

/** One step of the way from the fleet down to a pair. */
export interface ChainStep {
  /** Prior variance this level adds. */
  readonly variance: number;
  /** Information of trials that belong to this level but to none below it. */
  readonly information: number;
  /** Variance that remains however many such trials there are, because they come from other groups below. */
  readonly heterogeneity: number;
}

/**
 * Posterior variance at the end of a chain of nested levels: v ← 1 / (1/(v + variance) + J), J = 1 / (1/information + heterogeneity).
 * Every trial counts at one step, so none narrows the result twice; with no trials it is the sum of the variances.
 */
export function chainVariance(steps: readonly ChainStep[]): number {
  let variance = 0;
  for (const step of steps) {
    variance += step.variance;
    const information = Math.max(0, step.information);
    if (information > 0) variance /= 1 + variance / (1 / information + step.heterogeneity);
  }
  return variance;
}

/**
 * Information of a group about what its agent is now: all of it, less what trials from before a change tell only up to the
 * variance of the change.
 */
export function presentInformation(all: number, before: number, changeVariance: number): number {
  return before > 0 ? Math.max(0, all - before) + 1 / (1 / before + changeVariance) : all;
}

function joinKey(parts: readonly (string | null)[] | null): string | null {
  return parts === null ? null : parts.map((part) => part ?? UNKNOWN).join(SEPARATOR);
}
