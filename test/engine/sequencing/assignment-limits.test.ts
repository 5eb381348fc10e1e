import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { keepsLimits, LimitUse } from "../../../src/engine/sequencing/assignment-limits.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { dispatchOrders } from "../../../src/engine/sequencing/dispatch.js";
import { runAtOnce } from "../../../models/index.js";
import { LimitRepair } from "../../../src/engine/sequencing/limit-repair.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { bruteForceWithProfiles } from "./brute-force-profiles.js";
import { randomProblem } from "./random-problem.js";

/** The problem with a limit on the sum of pair values that lies a share above the least sum of any assignment. */
function withValueLimit(problem: SequencingProblem, seed: number, slack: number): SequencingProblem {
  const random = drawingRandom(seed);
  const value = problem.busyMs.map(() => 1 + random.below(20));
  const { pairStart, numTasks, numAgents } = problem;
  let least = 0;
  for (let task = 0; task < numTasks; task++)
    least += value.subarray(pairStart[task]!, pairStart[task + 1]!).reduce((a, b) => Math.min(a, b));
  const limits = {
    slotLoadMs: new Float64Array(numAgents).fill(Infinity),
    maxTasks: new Float64Array(numAgents).fill(Math.ceil((1.5 * numTasks) / numAgents)),
    rows: [{ value, limit: Math.round(least * (1 + slack)) }],
  };
  return { ...problem, limits };
}

function cheapest({ numTasks, pairStart }: SequencingProblem, value: Float64Array): Int32Array {
  return Int32Array.from({ length: numTasks }, (_, task) => {
    const own = value.subarray(pairStart[task]!, pairStart[task + 1]!);
    return pairStart[task]! + own.indexOf(own.reduce((a, b) => Math.min(a, b)));
  });
}

describe("Sequencer with limits on assignments", () => {
  it("equals exhaustive search on tiny problems, infeasible ones included", { timeout: 60_000 }, () => {
    let numInfeasible = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const problem = randomProblem(seed, {
        ...{ numTasks: 3 + (seed % 2), numAgents: 2 + (seed % 2), density: 0.2, maxSlots: 2, maxBusy: 10 },
        ...{ isReal: seed % 3 === 0, deadlineShare: seed % 4 === 0 ? 0.3 : 0, hasLimits: true },
      });
      const truth = bruteForceWithProfiles(problem);
      const sequencer = new Sequencer(problem, { seed });
      sequencer.advance(3e6);
      const { plan, makespanMs, boundMs } = sequencer.record;
      if (truth === Infinity) numInfeasible++;
      const isRight =
        truth === Infinity ? plan === null && boundMs === Infinity : Math.abs(makespanMs - truth) <= 1e-9 * truth;
      expect({ seed, isRight, isOver: sequencer.isOver }).toEqual({ seed, isRight: true, isOver: true });
      if (plan !== null) expect(checkSequencedPlan(problem, plan)).toEqual([]);
    }
    expect(numInfeasible).toBeGreaterThan(3);
    expect(numInfeasible).toBeLessThan(30);
  });

  it("keeps a tight limit on values in larger waves, and gets close to the schedules without it as the limit widens", () => {
    const lengths = [0.05, 0.5, 5].map((slack) => {
      const problem = withValueLimit(randomProblem(3, { numTasks: 60, numAgents: 6, density: 0.05 }), 1, slack);
      const sequencer = new Sequencer(problem, { seed: 1 });
      sequencer.advance(400_000);
      expect(checkSequencedPlan(problem, sequencer.record.plan!)).toEqual([]);
      return sequencer.record.makespanMs;
    });
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(lengths[2]).toBeLessThan(lengths[0]!);
  });

  it.each([{ hasProfiles: false }, { hasProfiles: true }])("begins at a given assignment: %o", ({ hasProfiles }) => {
    const shape = { numTasks: 40, numAgents: 5, density: 0.05, maxSlots: 2, hasProfiles };
    const free = randomProblem(7, shape);
    const { limits, ...problem } = withValueLimit({ ...free, absences: null }, 2, 0);
    const pairOf = cheapest(free, limits!.rows[0]!.value);
    const limited = { ...problem, limits: { ...limits!, maxTasks: limits!.maxTasks.fill(Infinity) } };
    const sequencer = new Sequencer(limited, { seed: 1, start: { pairOf } });
    sequencer.advance(2000);
    // Nothing else keeps the limit, so that a plan this early comes from the given start.
    expect(sequencer.record.plan).not.toBeNull();
    expect(checkSequencedPlan(limited, sequencer.record.plan!)).toEqual([]);
    const sum = sequencer.record.plan!.pairOf.reduce((total, pair) => total + limits!.rows[0]!.value[pair]!, 0);
    expect(sum).toBeLessThanOrEqual(limits!.rows[0]!.limit);
  });
});

describe("LimitRepair", () => {
  it("finds assignments within limits that are not too tight", () => {
    let numKept = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const problem = withValueLimit(randomProblem(seed, { numTasks: 40, numAgents: 5, maxSlots: 2 }), seed, 0.1);
      const random = drawingRandom(seed);
      const delivery = new Float64Array(problem.numTasks);
      const order = dispatchOrders(problem, delivery, new Float64Array(5).fill(1), random).next().value;
      const repair = new LimitRepair(new LimitUse(problem, problem.limits!, "slot"), random);
      const isKept = runAtOnce(repair.run(order));
      expect(isKept).toBe(keepsLimits(problem, order.pairOf, order.slotOf));
      if (isKept) numKept++;
    }
    expect(numKept).toBeGreaterThan(15);
  });
});
