import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { AnnealingRuns } from "../../../src/engine/sequencing/annealing-runs.js";
import type { BoundCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { ResourceProfile } from "../../../src/engine/sequencing/resource-profile.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { decodeOrder } from "../../../src/engine/sequencing/sequenced-plan.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { bruteForceWithProfiles } from "./brute-force-profiles.js";
import { randomProblem } from "./random-problem.js";

describe("Sequencer with absences and pools", () => {
  it.each([1, 31])(
    "equals exhaustive search on tiny problems from %i on, with proofs that can be checked",
    { timeout: 120_000 },
    (first) => {
      let numFeasible = 0;
      for (let seed = first; seed < first + 30; seed++) {
        const problem = randomProblem(seed, {
          ...{ numTasks: 3 + (seed % 2), numAgents: 2, density: 0.2, maxSlots: 2, hasProfiles: true, maxBusy: 10 },
          ...{ isReal: seed % 3 === 0, deadlineShare: seed % 4 === 0 ? 0.3 : 0, hasLimits: seed % 5 < 2 },
        });
        const truth = bruteForceWithProfiles(problem);
        const bounds: [number, BoundCertificate][] = [];
        const onBound = (bound: number, certificate: BoundCertificate): void => void bounds.push([bound, certificate]);
        const sequencer = new Sequencer(problem, { seed, listener: { onBound } });
        sequencer.advance(3e6);
        const { plan, boundMs, makespanMs } = sequencer.record;
        const isFalseBound = boundMs > truth * (1 + 1e-9);
        const isRight = truth === Infinity ? plan === null : Math.abs(makespanMs - truth) <= 1e-9 * truth;
        expect({ seed, isFalseBound, isRight, isOver: sequencer.isOver }).toEqual({
          ...{ seed, isFalseBound: false, isRight: true, isOver: true },
        });
        const unproven = bounds.filter(
          ([bound, certificate]) =>
            certificate.kind !== "search" && certifiedBound(problem, certificate) < bound * (1 - 1e-9),
        );
        expect({ seed, unproven }).toEqual({ seed, unproven: [] });
        if (truth === Infinity) continue;
        numFeasible++;
        expect(checkSequencedPlan(problem, plan!)).toEqual([]);
      }
      expect(numFeasible).toBeGreaterThan(12);
    },
  );

  it("ends with valid schedules on larger problems, the same for the same seed", () => {
    const shape = { numTasks: 60, numAgents: 6, density: 0.05, maxSlots: 2, hasProfiles: true, isReal: true };
    const problem = randomProblem(2, shape);
    const plans = [1, 2].map(() => {
      const sequencer = new Sequencer(problem, { seed: 5 });
      sequencer.advance(400_000);
      return sequencer.record.plan!;
    });
    expect(checkSequencedPlan(problem, plans[0]!)).toEqual([]);
    expect(plans[0]).toEqual(plans[1]);
  });
});

describe("ResourceProfile", () => {
  it("finds the earliest gap that is long enough and has room", () => {
    const profile = new ResourceProfile(3, 1);
    profile.add(0, 10, 2);
    profile.add(12, 20, 3);
    expect(profile.earliestFit(0, 5, 1)).toBe(0);
    expect(profile.earliestFit(0, 2, 2)).toBe(10);
    expect(profile.earliestFit(0, 3, 2)).toBe(20);
    expect(profile.earliestFit(25, 3, 3)).toBe(25);
    expect(profile.earliestFit(0, 1, 4)).toBe(Infinity);
  });

  it("takes over another's use", () => {
    const [one, other] = [new ResourceProfile(1), new ResourceProfile(1)];
    one.add(2, 4, 1);
    other.add(0, 100, 1);
    other.copyFrom(one);
    expect(other.earliestFit(1, 2, 1)).toBe(4);
  });
});

describe("AnnealingRuns", () => {
  it("begins a short run at the best plan on record, so that it ends no later", () => {
    for (let seed = 1; seed <= 2; seed++) {
      const problem = randomProblem(seed, { numTasks: 40, numAgents: 4, density: 0.06, maxSlots: 1, isReal: true });
      const known = new Sequencer(problem, { seed });
      known.advance(300_000);
      const record = new SearchRecord(problem);
      record.offerPlan(known.record.plan!);
      const prices = new Float64Array(problem.numAgents).fill(1);
      const runs = new AnnealingRuns(problem, record, prices, drawingRandom(seed), { given: null, movesLeft: () => 0 });
      const steps = runs.run();
      while (runs.numRuns === 0 && !record.isDone) steps.next();
      const { startMs, pairOf } = decodeOrder(problem, runs.best);
      const endMs = startMs.reduce((last, start, k) => Math.max(last, start + problem.busyMs[pairOf[k]!]!), 0);
      expect({ seed, isLater: endMs > known.record.makespanMs * 1.005 }).toEqual({ seed, isLater: false });
    }
  });
});
