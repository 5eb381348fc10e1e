import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/exact/registry.js";
import { checkTimed } from "../../support/timed/check-timed.js";
import { randomTimedDocument } from "../../support/timed/random-wave.js";

/** The short version of `npm run check:brute -- --timed`. */

const NUM_WAVES = 8;

afterAll(closeSolvers);

it(
  "every strategy on small waves in which time binds: no false verdict, value, bound or schedule",
  { timeout: 120_000 },
  async () => {
    const mistakes: string[] = [];
    let [numSolves, numProven] = [0, 0];
    for (let seed = 1; seed <= NUM_WAVES; seed++) {
      for (const { strategy, verdict } of (await checkTimed(randomTimedDocument(seed), {
        solvers: ["auto"],
        timeLimitMs: 20_000,
      }))!) {
        const { wrong, falseOptimal, falseInfeasible, falseBound } = verdict;
        mistakes.push(
          ...[wrong, falseOptimal, falseInfeasible, falseBound]
            .flat()
            .map((text) => `seed ${seed}, ${strategy}: ${text}`),
        );
        numSolves += 1;
        if (verdict.isProven) numProven += 1;
      }
    }
    expect(mistakes).toEqual([]);
    expect(numSolves).toBe(7 * NUM_WAVES);
    expect(numProven / numSolves).toBeGreaterThan(0.7);
  },
);
