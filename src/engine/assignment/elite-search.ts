import type { Random } from "../../domain/index.js";
import type { CostedAssignment } from "../tree/assignment-tree.js";
import type { Core } from "./core.js";
import { Elites, isSame } from "./elites.js";
import { merge } from "./merge.js";
import { Neighbourhoods } from "./neighbourhoods.js";

/** Steps at a node, tasks that a neighbourhood frees, about, and neighbourhoods without success after which a descent ends. */
const DESCENT = { steps: 10, free: 40, patience: 6 } as const;
/** Shares of the expected work that one neighbourhood and one merge may take at most. */
const SHARE = { neighbourhood: 0.003, merge: 0.01 } as const;

/**
 * Improves assignments by each other, as path relinking does (Yagiura, Ibaraki, Glover, EJOR 169, 2006), with the tree in place of a
 * path: each is brought down by neighbourhoods, then merged with every elite.
 */
export class EliteSearch {
  readonly #elites = new Elites();
  readonly #neighbourhoods: Neighbourhoods;

  /** @param expectedWork looks that can be expected of the whole search */
  constructor(
    private readonly core: Core,
    private readonly random: Random,
    private readonly expectedWork: number,
  ) {
    this.#neighbourhoods = new Neighbourhoods(core, random);
  }

  /** Improves a complete assignment as far as it goes, and keeps it for those to come. */
  improve(assignment: CostedAssignment): void {
    let best = this.#descend(assignment);
    for (const other of this.#elites.kept) {
      if (this.core.progress.isDone) return;
      if (isSame(best, other)) continue;
      const child = merge(this.core, this.random, best, other, this.#limit(SHARE.merge));
      if (child === null) continue;
      this.#elites.insert(best);
      best = this.#descend(child);
    }
    this.#elites.insert(best);
  }

  #descend(assignment: CostedAssignment): CostedAssignment {
    const { steps, free, patience } = DESCENT;
    let best = assignment;
    for (let numFailed = 0; numFailed < patience && !this.core.progress.isDone;) {
      const { found } = this.#neighbourhoods.around(best, free, steps, this.#limit(SHARE.neighbourhood));
      if (found !== null && found.cost < best.cost) [best, numFailed] = [found, 0];
      else numFailed += 1;
    }
    return best;
  }

  #limit(share: number): number {
    return this.core.progress.meter.used + Math.ceil(share * this.expectedWork);
  }
}
