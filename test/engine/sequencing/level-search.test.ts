import { describe, expect, it } from "vitest";
import { runAtOnce } from "../../../models/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { dispatchOrders } from "../../../src/engine/sequencing/dispatch.js";
import { LevelSearch } from "../../../src/engine/sequencing/level-search.js";
import { findLevels } from "../../../src/engine/sequencing/levels.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { decodeOrder } from "../../../src/engine/sequencing/sequenced-plan.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { randomProblem } from "./random-problem.js";

/** Layers of `width` tasks, each task after a third of the layer before it; agents have 1, 2, 1, 2 … slots. */
function layers(seed: number, numLayers: number, width: number, numAgents: number): SequencingProblem {
  const random = drawingRandom(seed);
  const numTasks = numLayers * width;
  const dependencies: [number, number][] = [];
  for (let task = width; task < numTasks; task++) {
    const first = task - (task % width) - width;
    for (let k = 0; k < width; k++) if (random.unit() < 1 / 3) dependencies.push([first + k, task]);
  }
  const zeros = new Float64Array(numTasks);
  return buildSequencingProblem({
    ...{ numTasks, numAgents, dependencies, releaseMs: zeros, deadlineMs: zeros.map(() => Infinity) },
    agentSlots: Int32Array.from({ length: numAgents }, (_, agent) => 1 + (agent % 2)),
    availableFromMs: new Float64Array(numAgents),
    pairStart: Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    pairAgent: Array.from({ length: numTasks * numAgents }, (_, pair) => pair % numAgents),
    busyMs: Array.from({ length: numTasks * numAgents }, () => 1 + 9 * random.unit()),
  });
}

describe("findLevels", () => {
  it("puts every task once, behind those that it waits for, in levels that fill all slots", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const problem = randomProblem(seed, { numTasks: 40, numAgents: 3, density: 0.1 });
      const levels = findLevels(problem);
      const levelOf = new Map(levels.flatMap((level, k) => Array.from(level, (task) => [task, k] as const)));
      expect(levels.reduce((sum, level) => sum + level.length, 0)).toBe(40);
      expect(levelOf.size).toBe(40);
      expect(levels.slice(0, -1).every((level) => level.length >= problem.numSlots)).toBe(true);
      for (const level of levels) {
        const seen = new Set<number>();
        for (const task of level) {
          const before = problem.predecessors.subarray(
            problem.predecessorStart[task],
            problem.predecessorStart[task + 1],
          );
          for (const one of before) expect(levelOf.get(one)! < levelOf.get(task)! || seen.has(one)).toBe(true);
          seen.add(task);
        }
      }
    }
  });
});

describe("LevelSearch", () => {
  it("makes shorter schedules of layers than dispatching, and keeps every rule", () => {
    for (const seed of [1, 2, 3]) {
      const problem = layers(seed, 8, 12, 6);
      const prices = new Float64Array(problem.numAgents).fill(1);
      const record = new SearchRecord(problem);
      const dispatched = dispatchOrders(problem, new Float64Array(problem.numTasks), prices, drawingRandom(seed));
      for (let k = 0; k < 12; k++) record.offerPlan(decodeOrder(problem, dispatched.next().value));
      const before = record.makespanMs;
      const search = new LevelSearch(problem, record, prices, drawingRandom(seed), () => 400_000);
      const order = runAtOnce(search.run());
      expect(order).not.toBeNull();
      expect(checkSequencedPlan(problem, record.plan!)).toEqual([]);
      expect(record.makespanMs).toBeLessThan(0.96 * before);
      expect(decodeOrder(problem, order!).makespanMs).toBe(record.makespanMs);
      expect(search.numMoves).toBeLessThan(500_000);
    }
  });

  it("goes on from where it ended where there are many tasks, and has a plan after each pass", () => {
    const problem = layers(1, 84, 12, 6);
    const ends: number[] = [];
    const record = new SearchRecord(problem, { onPlan: ({ makespanMs }) => ends.push(makespanMs) });
    let search: LevelSearch | null = null;
    const movesLeft = (): number => 6e5 - (search?.numMoves ?? 0);
    search = new LevelSearch(problem, record, new Float64Array(6).fill(1), drawingRandom(1), movesLeft);
    const run = search.run();
    while (search.numMoves < 4e4) run.next();
    const tried = record.makespanMs;
    expect(ends.length).toBeGreaterThanOrEqual(1);
    while (run.next().done !== true);
    expect(checkSequencedPlan(problem, record.plan!)).toEqual([]);
    expect(record.makespanMs).toBeLessThan(0.98 * tried);
  });

  it("has nothing to say where levels are few", () => {
    const problem = layers(1, 3, 12, 6);
    const record = new SearchRecord(problem);
    const search = new LevelSearch(problem, record, new Float64Array(6).fill(1), drawingRandom(1), () => 1e6);
    expect(runAtOnce(search.run())).toBeNull();
  });
});
