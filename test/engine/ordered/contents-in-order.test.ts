import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { ContentWindows } from "../../../src/engine/ordered/content-windows.js";
import { ContentsInOrder } from "../../../src/engine/ordered/contents-in-order.js";
import { FixedSequencing } from "../../../src/engine/ordered/fixed-sequencing.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { latestUsefulEnd, pairOn, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { TimeWindows } from "../../../src/engine/sequencing/time-windows.js";
import { bruteForceMakespan } from "../sequencing/brute-force.js";
import { randomProblem } from "../sequencing/random-problem.js";

const NUM_PROBLEMS = 20;
const WORK = 5e7;

function settle(problem: SequencingProblem): { boundMs: number; makespanMs: number } {
  let [boundMs, makespanMs] = [0, latestUsefulEnd(problem) + 1];
  const contents = new ContentsInOrder(problem, {
    ...{ meter: new WorkMeter(WORK), boundMs: 1, makespanMs },
    onPlan: (plan) => {
      expect(checkSequencedPlan(problem, plan)).toEqual([]);
      expect(plan.makespanMs).toBeLessThan(makespanMs);
      makespanMs = plan.makespanMs;
    },
    onBound: (value) => {
      expect(value).toBeGreaterThan(boundMs);
      boundMs = value;
    },
  });
  for (const step of contents.run()) void step;
  return { boundMs, makespanMs };
}

/** Densities, slots, real and whole times, releases and late agents in turn. */
function drawn(seed: number): SequencingProblem {
  return randomProblem(seed, {
    numTasks: 3 + (seed % 3),
    numAgents: 2 + (seed % 2),
    density: [0.1, 0.3, 0.6][seed % 3]!,
    maxSlots: 1 + ((seed >> 1) % 2),
    isReal: seed % 4 > 0,
    hasReleases: seed % 5 === 0,
  });
}

describe("contents of slots in an order", () => {
  it("find and prove the least makespan", () => {
    for (let seed = 1; seed <= NUM_PROBLEMS; seed++) {
      const problem = drawn(seed);
      const least = bruteForceMakespan(problem);
      const { boundMs, makespanMs } = settle(problem);
      expect(makespanMs, `seed ${seed}`).toBeCloseTo(least, 6);
      expect(boundMs, `seed ${seed}`).toBeCloseTo(least, 5);
    }
  });

  it("are those that some order of their tasks fits, and the most gainful of them", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const problem = randomProblem(seed, { numTasks: 5, numAgents: 2, isReal: true, hasReleases: true });
      const windows = new TimeWindows(problem, null);
      windows.open(0.6 * latestUsefulEnd(problem));
      windows.propagate();
      const rule = new ContentWindows(Int32Array.of(0, 1), new WorkMeter(WORK));
      rule.read(windows);
      const random = drawingRandom(seed);
      const gains = Float64Array.from({ length: 5 }, () => random.unit() - 0.2);
      for (const agent of [0, 1]) {
        let most = 0;
        for (const tasks of subsets([0, 1, 2, 3, 4])) {
          const isAllowed = orders(tasks).some((order) => fits(windows, agent, order));
          expect(rule.allows(agent, tasks)).toBe(isAllowed);
          const gain = tasks.reduce((sum, task) => sum + gains[task]!, 0);
          if (isAllowed) most = Math.max(most, gain);
        }
        const { tasks, bound } = rule.best(agent, gains);
        expect(tasks.reduce((sum, task) => sum + gains[task]!, 0)).toBeCloseTo(most, 9);
        expect(bound).toBeGreaterThanOrEqual(most);
        expect(bound).toBeCloseTo(most, 6);
      }
    }
  });

  it("blame for what cannot be sequenced only tasks that cannot be sequenced themselves", () => {
    let numConflicts = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const problem = randomProblem(seed, { numTasks: 6, numAgents: 3, density: 0.2 });
      const random = drawingRandom(seed);
      const pairOf = Int32Array.from({ length: 6 }, (_, task) => {
        const from = problem.pairStart[task]!;
        return from + random.below(problem.pairStart[task + 1]! - from);
      });
      const sequencing = new FixedSequencing(problem);
      const atTime = Math.floor(0.5 * latestUsefulEnd(problem));
      const fixed = (tasks: readonly number[]): SequencingProblem => keepPairs(problem, pairOf, tasks);
      const isPossible = bruteForceMakespan(fixed([0, 1, 2, 3, 4, 5])) <= atTime;
      expect(sequencing.sequence(pairOf, atTime).verdict).toBe(isPossible ? "scheduled" : "conflict");
      if (isPossible) continue;
      const tasks = sequencing.conflict(pairOf, atTime);
      numConflicts += tasks.length < 6 ? 1 : 0;
      expect(bruteForceMakespan(fixed(tasks))).toBeGreaterThan(atTime);
    }
    expect(numConflicts).toBeGreaterThan(5);
  });
});

/** The problem where the tasks have their given pairs alone, and the others all of theirs. */
function keepPairs(problem: SequencingProblem, pairOf: Int32Array, tasks: readonly number[]): SequencingProblem {
  const kept = Array.from(problem.pairAgent.keys()).filter((pair) => {
    const task = problem.pairStart.findLastIndex((from) => from <= pair);
    return !tasks.includes(task) || pairOf[task] === pair;
  });
  const pairStart = problem.pairStart.map((from) => kept.filter((pair) => pair < from).length);
  const pairAgent = Int32Array.from(kept, (pair) => problem.pairAgent[pair]!);
  return { ...problem, pairStart, pairAgent, busyMs: Float64Array.from(kept, (pair) => problem.busyMs[pair]!) };
}

function subsets(items: readonly number[]): number[][] {
  return items.reduce<number[][]>((all, item) => [...all, ...all.map((set) => [...set, item])], [[]]);
}

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

function fits({ problem, isAlive, earliestStart, latestEnd }: TimeWindows, agent: number, order: number[]): boolean {
  let time = 0;
  return order.every((task) => {
    const pair = pairOn(problem, task, agent);
    if (pair < 0 || isAlive[pair] === 0) return false;
    time = Math.max(time, earliestStart[pair]!) + problem.busyMs[pair]!;
    return time <= latestEnd[pair]!;
  });
}
