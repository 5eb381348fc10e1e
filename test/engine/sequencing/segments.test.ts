import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { completeCuts } from "../../../src/engine/sequencing/complete-cuts.js";
import { findSegments } from "../../../src/engine/sequencing/segments.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { randomProblem } from "./random-problem.js";

/** Rounds of a first task and `width` that wait for it; the next round's first task waits for all of them. */
function fans(numRounds: number, width: number, numAgents: number, isReal: boolean): SequencingProblem {
  const random = drawingRandom(3);
  const numTasks = numRounds * (width + 1);
  const dependencies: [number, number][] = [];
  for (let task = 0; task < numTasks; task++) {
    const first = task - (task % (width + 1));
    if (task > first) dependencies.push([first, task]);
    else for (let k = 1; k <= width && first > 0; k++) dependencies.push([first - k, first]);
  }
  const zeros = new Float64Array(numTasks);
  return buildSequencingProblem({
    ...{ numTasks, numAgents, dependencies, releaseMs: zeros, deadlineMs: zeros.map(() => Infinity) },
    ...{ agentSlots: new Int32Array(numAgents).fill(1), availableFromMs: new Float64Array(numAgents) },
    pairStart: Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    pairAgent: Array.from({ length: numTasks * numAgents }, (_, pair) => pair % numAgents),
    busyMs: Array.from({ length: numTasks * numAgents }, () => (isReal ? 1 + 9 * random.unit() : 1 + random.below(9))),
  });
}

describe("findSegments", () => {
  it("cuts only where all tasks behind come after all ahead", () => {
    let numCut = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const problem = randomProblem(seed, { numTasks: 30, numAgents: 2, density: 0.45 });
      const comesAfter = reachable(problem);
      const segments = findSegments(problem) ?? [];
      numCut += segments.length;
      segments.slice(0, -1).forEach((segment, k) => {
        const behind = segments.slice(k + 1).flatMap((one) => [...one]);
        const isComplete = segment.every((task) => behind.every((other) => comesAfter[task]!.has(other)));
        expect({ seed, k, isComplete }).toMatchObject({ isComplete: true });
      });
    }
    expect(numCut).toBeGreaterThan(10);
  });

  it("knows every place where all tasks behind come after all ahead, and no other", () => {
    let numCut = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed, { numTasks: 8, numAgents: 2, density: 0.3 + 0.6 * ((seed % 10) / 10) });
      const comesAfter = reachable(problem);
      const order = Array.from(problem.topologicalOrder);
      const expected = order.map((_, place) => {
        const [ahead, behind] = [order.slice(0, place), order.slice(place)];
        return place > 0 && ahead.every((one) => behind.every((other) => comesAfter[one]!.has(other))) ? 1 : 0;
      });
      numCut += expected.filter((one) => one === 1).length;
      expect({ seed, cuts: Array.from(completeCuts(problem)) }).toEqual({ seed, cuts: expected });
    }
    expect(numCut).toBeGreaterThan(50);
  });

  it("leaves whole what limits on assignments join", () => {
    const problem = fans(3, 9, 3, false);
    expect(findSegments(problem)!.map((segment) => segment.length)).toEqual([10, 10, 10]);
    const limits = { slotLoadMs: new Float64Array(3).fill(90), maxTasks: new Float64Array(3).fill(Infinity), rows: [] };
    expect(findSegments({ ...problem, limits })).toBeNull();
  });
});

describe("Sequencer on segments", () => {
  it.each([false, true])("proves rounds that are too many to be searched as one, real times: %s", (isReal) => {
    const problem = fans(4, 7, 3, isReal);
    const sequencer = new Sequencer(problem, { seed: 1, movesLeft: (numMoves) => 4e6 - numMoves });
    sequencer.advance(4e6);
    const { plan, boundMs, makespanMs } = sequencer.record;
    expect(checkSequencedPlan(problem, plan!)).toEqual([]);
    expect(sequencer.isOver).toBe(true);
    expect(boundMs).toBeLessThanOrEqual(makespanMs);
  });
});

/** All tasks behind each task. */
function reachable({ numTasks, topologicalOrder, successorStart, successors }: SequencingProblem): Set<number>[] {
  const behind = Array.from({ length: numTasks }, () => new Set<number>());
  for (const task of topologicalOrder.slice().reverse()) {
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      behind[task]!.add(successors[k]!);
      for (const next of behind[successors[k]!]!) behind[task]!.add(next);
    }
  }
  return behind;
}
