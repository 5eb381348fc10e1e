import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

const NUM_AGENTS = 5;

/** Rounds of ten tasks, each of which waits for all of the round before. */
function rounds(numTasks: number, latestEndMs: number): SequencingProblem {
  const random = drawingRandom(1);
  const dependencies = Array.from({ length: numTasks }, (_, task) => {
    const first = task - (task % 10) - 10;
    return first < 0 ? [] : Array.from({ length: 10 }, (__, k) => [first + k, task] as const);
  }).flat();
  return buildSequencingProblem({
    ...{ numTasks, numAgents: NUM_AGENTS, dependencies, agentSlots: [1, 2, 1, 2, 1] },
    availableFromMs: new Float64Array(NUM_AGENTS),
    pairStart: Array.from({ length: numTasks + 1 }, (_, task) => task * NUM_AGENTS),
    pairAgent: Array.from({ length: numTasks * NUM_AGENTS }, (_, pair) => pair % NUM_AGENTS),
    busyMs: Array.from({ length: numTasks * NUM_AGENTS }, () => 1 + 9 * random.unit()),
    releaseMs: new Float64Array(numTasks),
    deadlineMs: new Float64Array(numTasks).fill(latestEndMs),
  });
}

describe("offerFirstSchedules", () => {
  it("leaves one who stops at once a schedule of many tasks that is not far from the bound", () => {
    const problem = rounds(600, Infinity);
    const sequencer = new Sequencer(problem, { seed: 1, shouldStop: () => true });
    for (let k = 0; k < 3 && sequencer.record.plan === null; k++) sequencer.advance(1);
    const { plan, boundMs } = sequencer.record;
    expect(plan).not.toBeNull();
    expect(sequencer.numMoves).toBe(0);
    expect(checkSequencedPlan(problem, plan!)).toEqual([]);
    expect(plan!.makespanMs).toBeLessThan(3 * boundMs);
  });

  it("offers none where dispatching does not know a rule", () => {
    const problem = rounds(600, 1e5);
    const sequencer = new Sequencer(problem, { seed: 1, shouldStop: () => true });
    for (let k = 0; k < 3; k++) sequencer.advance(1);
    expect(sequencer.record.plan).toBeNull();
  });
});
