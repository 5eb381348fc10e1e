import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../src/engine/exact/registry.js";
import { checkAgainstBruteForce } from "./check-against-brute-force.js";

export interface BruteForceRange {
  readonly firstSeed: number;
  readonly count: number;
  /** Infeasible verdicts the seeds must contain, so that the check means something. */
  readonly minInfeasible: number;
}

/** Tests a range of random problems; ranges are spread over files, since files are what runs in parallel. */
export function describeBruteForce({ firstSeed, count, minInfeasible }: BruteForceRange): void {
  afterAll(closeSolvers);

  describe("every strategy, glpk, highs and lp-solver, against brute force", () => {
    it(`makes no mistake on ${count} random problems from seed ${firstSeed} on`, { timeout: 240_000 }, async () => {
      const mistakes: string[] = [];
      let [numSolves, numInfeasible] = [0, 0];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const check = await checkAgainstBruteForce(seed, ["glpk", "highs", "lp-solver"]);
        numSolves += check.numSolves;
        numInfeasible += check.numInfeasible;
        mistakes.push(...check.mistakes);
      }
      expect(mistakes).toEqual([]);
      expect(numSolves).toBeGreaterThan(11 * count);
      expect(numInfeasible).toBeGreaterThanOrEqual(minInfeasible);
    });
  });
}
