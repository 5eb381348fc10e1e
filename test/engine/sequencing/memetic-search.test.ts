import { afterEach, describe, expect, it, vi } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { MemeticSearch } from "../../../src/engine/sequencing/memetic-search.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { TabuSearch } from "../../../src/engine/sequencing/tabu-search.js";
import { randomProblem } from "./random-problem.js";

/** Searches that fill the pool, and children in a row without a gain after which searches become longer. */
const NUM_FIRST = 24;
const NUM_VAIN = 4 * 24 + 1;

/**
 * Iterations without gain that each search is given, on a problem of which the first search finds the best schedule.
 *
 * @param gainAfter children after which a better plan comes from elsewhere
 */
function lengthsOfSearches(numSearches: number, gainAfter = Infinity): number[] {
  const problem = randomProblem(2, { numTasks: 3, numAgents: 2, density: 0.2 });
  const record = new SearchRecord(problem);
  const movesLeft = (): number => 1e6;
  const steps = new MemeticSearch(problem, record, new Float64Array(2).fill(1), drawingRandom(1), { movesLeft }).run();
  const run = vi.spyOn(TabuSearch.prototype, "run");
  while (run.mock.calls.length < numSearches) {
    steps.next();
    if (run.mock.calls.length !== NUM_FIRST + gainAfter) continue;
    const { plan } = record;
    record.offerPlan({ ...plan!, makespanMs: plan!.makespanMs - 1 });
    gainAfter = Infinity;
  }
  return run.mock.calls.map(([, , maxStalled]) => maxStalled);
}

describe("MemeticSearch", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("searches twice as long, up to 300 iterations a task, each time that children have long brought no gain", () => {
    const lengths = lengthsOfSearches(NUM_FIRST + 3 * NUM_VAIN + 1);
    const count = (length: number): number => lengths.filter((one) => one === length).length;
    expect([...new Set(lengths)]).toEqual([400, 800, 900]);
    expect([count(400), count(800)]).toEqual([NUM_FIRST + NUM_VAIN, NUM_VAIN]);
  });

  it("counts children anew from a gain on", () => {
    const lengths = lengthsOfSearches(NUM_FIRST + 2 * NUM_VAIN, 50);
    expect(lengths.indexOf(800)).toBe(NUM_FIRST + 50 + NUM_VAIN);
  });
});
