import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { dispatchOrders } from "../../../src/engine/sequencing/dispatch.js";
import { decodeOrder } from "../../../src/engine/sequencing/sequenced-plan.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { TabuSearch } from "../../../src/engine/sequencing/tabu-search.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { randomProblem } from "./random-problem.js";

function search(problem: SequencingProblem, seed: number, maxMoves: number): TabuSearch {
  const random = drawingRandom(seed);
  const delivery = new Float64Array(problem.numTasks);
  const tabu = new TabuSearch(problem, random);
  tabu.start(
    dispatchOrders(problem, delivery, new Float64Array(problem.numAgents).fill(1), random).next().value,
    delivery,
  );
  tabu.run(0, maxMoves, Infinity);
  return tabu;
}

describe("TabuSearch", () => {
  it("shortens dispatched schedules and ends with valid ones", () => {
    let [before, after] = [0, 0];
    for (let seed = 1; seed <= 5; seed++) {
      const problem = randomProblem(seed, { numTasks: 60, numAgents: 6, density: 0.05, maxSlots: 2, maxBusy: 100 });
      before += search(problem, seed, 0).bestLength;
      const tabu = search(problem, seed, 200_000);
      after += tabu.bestLength;
      const plan = decodeOrder(problem, tabu.best);
      expect(plan.makespanMs).toBe(tabu.bestLength);
      expect(checkSequencedPlan(problem, plan)).toEqual([]);
    }
    expect(after).toBeLessThan(0.95 * before);
  });

  it("makes the same moves for the same seed", () => {
    const problem = randomProblem(3, { numTasks: 40, numAgents: 5, isReal: true });
    const [one, other] = [search(problem, 7, 50_000), search(problem, 7, 50_000)];
    expect(one.best).toEqual(other.best);
    expect(one.numMoves).toBe(other.numMoves);
  });

  it("survives busy times of 0, which void the proof against cycles", () => {
    const problem = randomProblem(5, { numTasks: 30, numAgents: 3, density: 0.15 });
    problem.busyMs.forEach((_, pair) => {
      if (pair % 2 === 0) problem.busyMs[pair] = 0;
    });
    const tabu = search(problem, 1, 100_000);
    expect(checkSequencedPlan(problem, decodeOrder(problem, tabu.best))).toEqual([]);
  });

  it("exchanges tasks where no dependency helps to tell them apart", () => {
    let total = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const problem = randomProblem(seed, { numTasks: 24, numAgents: 5, density: 0, isReal: true, maxSlots: 2 });
      const tabu = search(problem, seed, 300_000);
      const plan = decodeOrder(problem, tabu.best);
      expect(checkSequencedPlan(problem, plan)).toEqual([]);
      total += plan.makespanMs;
    }
    // Without exchanges the six schedules end later in all.
    expect(total).toBeLessThan(118);
  });

  it("stops where there is nothing to move", () => {
    const chain = randomProblem(1, { numTasks: 4, numAgents: 1, density: 1 });
    expect(search(chain, 1, 1000).stalled).toBe(Infinity);
  });
});
