import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { dispatchOrders } from "../../../src/engine/sequencing/dispatch.js";
import { freeTasks } from "../../../src/engine/sequencing/freed-tasks.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { decodeOrder } from "../../../src/engine/sequencing/sequenced-plan.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { WindowSearch } from "../../../src/engine/sequencing/window-search.js";
import { randomProblem } from "./random-problem.js";

const pricesOf = ({ numAgents }: SequencingProblem): Float64Array => new Float64Array(numAgents).fill(1);

function shorten(problem: SequencingProblem) {
  const record = new SearchRecord(problem);
  const delivery = new Float64Array(problem.numTasks);
  const start = dispatchOrders(problem, delivery, pricesOf(problem), drawingRandom(1)).next().value;
  const search = new WindowSearch(problem, record, pricesOf(problem));
  const steps = search.run(start, 20_000);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return { record, search, end: step.value, startMs: decodeOrder(problem, start).makespanMs };
}

describe("WindowSearch", () => {
  it.each([1, 2, 3, 4])("shortens a dispatched schedule to a valid one, seed %i", (seed) => {
    const problem = randomProblem(seed, {
      ...{ numTasks: 40, numAgents: 4, density: 0.08, isReal: seed % 2 === 0, maxBusy: 100 },
      ...{ maxSlots: 1 + (seed % 2), hasReleases: seed > 2 },
    });
    const { record, search, end, startMs } = shorten(problem);
    expect(record.makespanMs).toBeLessThan(0.97 * startMs);
    expect(checkSequencedPlan(problem, record.plan!)).toEqual([]);
    expect(decodeOrder(problem, end).makespanMs).toBe(record.makespanMs);
    expect(search.numMoves).toBeGreaterThan(0);
    expect(shorten(problem).record.plan).toEqual(record.plan);
  });
});

describe("freeTasks", () => {
  /** Two chains of three tasks on two agents: 0 → 2 → 4 on the first, 1 → 3 → 5 on the second, 3 also before 4. */
  const problem = buildSequencingProblem({
    ...{ numTasks: 6, numAgents: 2, agentSlots: [1, 1], availableFromMs: [0, 1], releaseMs: [0, 0, 0, 0, 0, 0] },
    pairStart: [0, 2, 4, 6, 8, 10, 12],
    pairAgent: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    busyMs: [4, 5, 3, 3, 2, 2, 6, 6, 5, 5, 2, 2],
    dependencies: [
      [0, 2],
      [2, 4],
      [1, 3],
      [3, 5],
      [3, 4],
    ],
    deadlineMs: new Float64Array(6).fill(Infinity),
  });
  const plan = { pairOf: Int32Array.of(0, 3, 4, 7, 8, 11), startMs: Float64Array.of(0, 1, 4, 4, 10, 10) };
  const byStart = Int32Array.of(0, 1, 2, 3, 4, 5);

  it("leaves freed tasks what those before and behind them do not need", () => {
    const freed = freeTasks(problem, plan, byStart, [2, 4], 15)!;
    expect(Array.from(freed.tasks)).toEqual([2, 3]);
    expect(Array.from(freed.problem.availableFromMs)).toEqual([4, 4]);
    expect(Array.from(freed.problem.releaseMs)).toEqual([4, 4]);
    expect(Array.from(freed.freeUntilMs)).toEqual([10, 13]);
    expect(Array.from(freed.problem.deadlineMs)).toEqual([10, 10]);
  });

  it("frees none where what is kept is too long by itself", () => {
    expect(freeTasks(problem, plan, byStart, [2, 4], 8)).toEqual(null);
    expect(freeTasks(problem, plan, byStart, [4, 6], 14)).not.toEqual(null);
    expect(freeTasks(problem, plan, byStart, [0, 1], 11)).toEqual(null);
  });
});
