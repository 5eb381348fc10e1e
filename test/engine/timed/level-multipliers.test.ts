import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { priceMakespan } from "../../../src/engine/bounds/makespan-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { LevelMultipliers } from "../../../src/engine/timed/level-multipliers.js";
import { TimedLevel } from "../../../src/engine/timed/timed-level.js";
import { latestEnd, type TimedProblem } from "../../../src/engine/timed/timed-problem.js";
import { generateRcmax, type RcmaxFamily } from "../../../src/planner/bench/generate-cmax.js";

/** An instance of a family whose agents hold to the makespan alone. */
function drawTimed(family: RcmaxFamily, numTasks: number, numAgents: number): TimedProblem {
  const { assignment } = generateRcmax(family, { numTasks, numAgents, eligibleAgents: null }, drawingRandom(1));
  const bare = {
    assignment,
    ...{ costLimit: 0, numTimed: numAgents, isWhole: true },
    availableFrom: new Float64Array(numAgents),
    twinOf: Int32Array.from({ length: numAgents }, (_, agent) => agent),
  };
  return { ...bare, judge: (agentOf) => latestEnd(bare, agentOf) };
}

function isRuledOut(timed: TimedProblem, atTime: number): boolean {
  const meter = new WorkMeter(3e7, () => false);
  const { assignment, availableFrom } = timed;
  const slots = new Int32Array(assignment.numAgents).fill(1);
  const { prices } = priceMakespan({ ...assignment, slots, availableFrom }, { meter, workLimit: 1e6 });
  const level = new TimedLevel(timed, atTime, prices, meter);
  if (!level.isPossible) return true;
  const { lagrangian } = level.startTree(meter, () => null);
  const multipliers = new LevelMultipliers(level, lagrangian, null);
  const isRuled = multipliers.climb(meter, Infinity, () => false);
  // What the climb says stands behind the multipliers that it leaves.
  lagrangian.setLambda(multipliers.lambda);
  expect(lagrangian.evaluate() - level.highest).toBeCloseTo(multipliers.excess, 9);
  return isRuled;
}

describe("the multipliers of a level", () => {
  // The optima are those of HiGHS, run to its end on the whole program.
  it.each([
    ["correlated-agents", 60, 8, 385],
    ["u100", 40, 8, 554],
  ] as const)(
    "rule out the time before the optimum by themselves: %s, %i tasks, %i agents",
    (family, n, m, optimum) => {
      const timed = drawTimed(family, n, m);
      expect([isRuledOut(timed, optimum - 1), isRuledOut(timed, optimum)]).toEqual([true, false]);
    },
  );
});
