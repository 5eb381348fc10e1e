import { describe, expect, it } from "vitest";
import { SearchProgress } from "../../../src/engine/assignment/progress.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { ContentsRounds } from "../../../src/engine/timed/contents-rounds.js";
import { ContentsTree } from "../../../src/engine/timed/contents-tree.js";
import { SlotContents } from "../../../src/engine/timed/slot-contents.js";
import { findTwins, latestEnd, type TimedProblem } from "../../../src/engine/timed/timed-problem.js";

const NUM_TASKS = 7;
const NUM_PROBLEMS = 40;
const WORK = 2e6;
/** Waves that have a plan in which every slot ends at the same time. */
const PLANTED = {
  slotsOf: [0, 0, 1, 2, 2],
  from: [0, 0.5, 0],
  tasksPerSlot: 4,
  end: 10,
  numProblems: 6,
  workLimit: 1e6,
} as const;

/** @param times by task and agent, Infinity where it cannot go */
function asProblem(
  slotsOf: readonly number[],
  from: readonly number[],
  times: readonly (readonly number[])[],
): TimedProblem {
  const [pairStart, pairAgent, use]: [number[], number[], number[]] = [[0], [], []];
  for (const ofTask of times) {
    slotsOf.forEach((agent, slot) => {
      if (ofTask[agent] === Infinity) return;
      pairAgent.push(slot);
      use.push(ofTask[agent]!);
    });
    pairStart.push(pairAgent.length);
  }
  const assignment = {
    ...{ numTasks: times.length, numAgents: slotsOf.length, pairStart: Int32Array.from(pairStart) },
    ...{ pairAgent: Int32Array.from(pairAgent), use: Float64Array.from(use), cost: new Float64Array(use.length) },
    capacity: new Float64Array(slotsOf.length).fill(Infinity),
  };
  const availableFrom = Float64Array.from(slotsOf, (agent) => from[agent]!);
  const twinOf = findTwins(assignment, slotsOf.length, availableFrom);
  const bare = { assignment, costLimit: 0, numTimed: slotsOf.length, availableFrom, twinOf, isWhole: false };
  return { ...bare, judge: (slotOf) => latestEnd(bare, slotOf) };
}

/** Three agents, the first of them with two slots, real times in clusters, some pairs missing, agents that come late. */
function problemOf(seed: number): TimedProblem {
  const random = drawingRandom(seed);
  const from = [0, 0, random.unit() < 0.5 ? 0 : 2 * random.unit()];
  const times = Array.from({ length: NUM_TASKS }, () => {
    const ofTask = from.map(() => 1 + Math.floor(3 * random.unit()) + 0.1 * random.unit());
    const isMissing = ofTask.map(() => random.unit() < 0.2);
    if (isMissing.every(Boolean)) isMissing[0] = false;
    return ofTask.map((time, agent) => (isMissing[agent] === true ? Infinity : time));
  });
  return asProblem([0, 0, 1, 2], from, times);
}

function plantedProblem(seed: number): TimedProblem {
  const random = drawingRandom(seed);
  const { slotsOf, from, tasksPerSlot, end } = PLANTED;
  const times = slotsOf.flatMap((own) => {
    const parts = Array.from({ length: tasksPerSlot }, () => 0.3 + random.unit());
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => {
      const time = ((end - from[own]!) * part) / total;
      return from.map((_, agent) => (agent === own ? time : time * (0.9 + 0.5 * random.unit())));
    });
  });
  return asProblem(slotsOf, from, times);
}

/** Three agents, the first of them with two slots; tasks of three kinds, so that contents are shared in parts and amounts decide. */
function problemOfKinds(seed: number, isWhole: boolean): TimedProblem {
  const random = drawingRandom(seed);
  const kinds = Array.from({ length: 3 }, () => [0, 0, 0].map(() => 20 + 60 * random.unit()));
  const rounded = isWhole ? kinds.map((times) => times.map(Math.round)) : kinds;
  return asProblem(
    [0, 0, 1, 2],
    [0, 0, 0],
    Array.from({ length: NUM_TASKS }, (_, task) => rounded[task % 3]!),
  );
}

function leastTime({ assignment, judge }: TimedProblem): number {
  const slotOf = new Int32Array(NUM_TASKS);
  let least = Infinity;
  const place = (task: number): void => {
    if (task === NUM_TASKS) {
      least = Math.min(least, judge(slotOf) ?? Infinity);
      return;
    }
    for (let pair = assignment.pairStart[task]!; pair < assignment.pairStart[task + 1]!; pair++) {
      slotOf[task] = assignment.pairAgent[pair]!;
      place(task + 1);
    }
  };
  place(0);
  return least;
}

function firstPairs({ assignment: { pairStart, pairAgent } }: TimedProblem): Int32Array {
  return pairStart.slice(0, -1).map((pair) => pairAgent[pair]!);
}

function progressOf(problem: TimedProblem, judge: TimedProblem["judge"]): SearchProgress {
  const rules = { offset: 0, isWholeCost: false, most: Infinity, sideRows: null, takeRepaired: () => null, gap: 0 };
  const progress = new SearchProgress(problem.assignment, new WorkMeter(WORK), { ...rules, judge }, {});
  progress.offer(firstPairs(problem));
  progress.offerBound(0);
  return progress;
}

function settle(problem: TimedProblem, progress: SearchProgress): void {
  const mu = new Float64Array(problem.numTimed).fill(1 / problem.numTimed);
  new ContentsRounds(problem, progress, mu, { seed: 1, expectedWork: WORK }).run(WORK);
}

describe("contents of slots", () => {
  const problems = Array.from({ length: NUM_PROBLEMS }, (_, k) => problemOf(k + 1));
  const leasts = problems.map(leastTime);

  it("rule out what ends before the least time, and find what ends by it", () => {
    let numFound = 0;
    problems.forEach((problem, k) => {
      const meter = new WorkMeter(Infinity);
      const contents = new SlotContents(problem, meter);
      const tree = new ContentsTree(contents, meter);
      const values: (number | null)[] = [];
      const run = (time: number): string =>
        tree.run(time, contents.noDuals(), Infinity, (slotOf) => values.push(problem.judge(slotOf)));
      expect(run(leasts[k]! * (1 - 1e-6))).not.toBe("found");
      const verdict = run(leasts[k]! * (1 + 1e-9));
      expect(verdict).not.toBe("ruled out");
      if (verdict !== "found") return;
      numFound += 1;
      expect(values).toEqual([expect.closeTo(leasts[k]!, 6)]);
    });
    expect(numFound).toBeGreaterThan(0.9 * NUM_PROBLEMS);
  });

  it.each([false, true])("settle like tasks, whole times: %s", (isWhole) => {
    for (let seed = 1; seed <= NUM_PROBLEMS; seed++) {
      const problem = problemOfKinds(seed, isWhole);
      const least = leastTime(problem);
      const meter = new WorkMeter(Infinity);
      const contents = new SlotContents(problem, meter);
      expect(contents.kinds.map((tasks) => tasks.length)).toEqual([3, 2, 2]);
      const tree = new ContentsTree(contents, meter);
      const values: (number | null)[] = [];
      const run = (time: number): string =>
        tree.run(time, contents.noDuals(), Infinity, (slotOf) => values.push(problem.judge(slotOf)));
      expect(run(isWhole ? least - 1 : least * (1 - 1e-6))).toBe("ruled out");
      expect(run(isWhole ? least : least * (1 + 1e-9))).toBe("found");
      expect(values).toEqual([expect.closeTo(least, 6)]);
    }
  });

  it("settle like tasks that take no time, on agents that come late", () => {
    const problem = asProblem(
      [0, 1],
      [0, 4],
      [...Array.from({ length: 4 }, () => [3, 0]), ...Array.from({ length: 2 }, () => [2, 5])],
    );
    const meter = new WorkMeter(Infinity);
    const contents = new SlotContents({ ...problem, isWhole: true }, meter);
    const tree = new ContentsTree(contents, meter);
    const values: (number | null)[] = [];
    const run = (time: number): string =>
      tree.run(time, contents.noDuals(), Infinity, (slotOf) => values.push(problem.judge(slotOf)));
    // Two tasks of 2 on the first agent end at 4, when the other comes and does the four of 0.
    expect([run(3), run(4)]).toEqual(["ruled out", "found"]);
    expect(values).toEqual([4]);
  });

  it("prove waves of many tasks of few kinds", () => {
    const random = drawingRandom(5);
    const kinds = Array.from({ length: 4 }, () => [0, 1, 2, 3, 4].map(() => 1000 + 4000 * random.unit()));
    const times = Array.from({ length: 60 }, (_, task) => kinds[task % 4]!);
    const problem = asProblem([0, 0, 1, 2, 2, 3, 4], [0, 0, 0, 0, 0], times);
    const progress = progressOf(problem, problem.judge);
    settle(problem, progress);
    expect(progress.isOptimal).toBe(true);
  });

  it("branch where both sides lack most: a level closes at half of the nodes that the largest fraction needs", () => {
    const random = drawingRandom(16);
    const speeds = Array.from({ length: 10 }, () => [0, 1, 2, 3].map(() => 0.6 + 1.2 * random.unit()));
    const times = Array.from({ length: 40 }, () => {
      const [length, type] = [800 + 2500 * random.unit(), random.below(4)];
      return speeds.map((ofType) => length * ofType[type]!);
    });
    const problem = asProblem(
      Array.from(speeds.keys()),
      speeds.map(() => 0),
      times,
    );
    const meter = new WorkMeter(Infinity);
    const contents = new SlotContents(problem, meter);
    const tree = new ContentsTree(contents, meter);
    const duals = contents.noDuals();
    expect(tree.run(5477, duals, Infinity, () => undefined)).toBe("ruled out");
    // A level .1 % above it takes 2e8 looks by the largest fraction, 1e8 so.
    expect(tree.run(5484, duals, meter.used + 1.5e8, () => undefined)).toBe("ruled out");
  });

  it("never rule out what has a plan, however deep the branches go", () => {
    let numBranched = 0;
    for (let seed = 1; seed <= PLANTED.numProblems; seed++) {
      const problem = plantedProblem(seed);
      expect(ContentsRounds.isFor(problem)).toBe(true);
      const meter = new WorkMeter(Infinity);
      const contents = new SlotContents(problem, meter);
      const tree = new ContentsTree(contents, meter);
      for (const slack of [1e-9, 3e-4, 3e-3, 0.03]) {
        const time = PLANTED.end * (1 + slack);
        const before = tree.numNodes;
        const values: (number | null)[] = [];
        const take = (slotOf: Int32Array): unknown => values.push(problem.judge(slotOf));
        const verdict = tree.run(time, contents.noDuals(), meter.used + PLANTED.workLimit, take);
        expect(verdict).not.toBe("ruled out");
        if (verdict === "found") expect(values[0]).toBeLessThanOrEqual(time * (1 + 1e-9));
        if (tree.numNodes > before + 1) numBranched += 1;
      }
    }
    expect(numBranched).toBeGreaterThan(5);
  });

  it("settle the least time together with the search", () => {
    let numProven = 0;
    problems.forEach((problem, k) => {
      const progress = progressOf(problem, problem.judge);
      settle(problem, progress);
      expect(progress.bound).toBeLessThanOrEqual(leasts[k]! * (1 + 1e-9));
      expect(progress.cost).toBeGreaterThanOrEqual(leasts[k]! * (1 - 1e-9));
      if (progress.isOptimal) numProven += 1;
    });
    expect(numProven).toBeGreaterThan(0.9 * NUM_PROBLEMS);
  });

  it("leave work for others where all they find is forbidden", () => {
    const problem = problems[0]!;
    const start = firstPairs(problem);
    const judge = (slotOf: Int32Array) => (slotOf.every((slot, k) => slot === start[k]) ? problem.judge(slotOf) : null);
    const progress = progressOf(problem, judge);
    settle(problem, progress);
    expect(progress.bound).toBeGreaterThan(0.99 * leasts[0]!);
    expect(progress.bound).toBeLessThanOrEqual(leasts[0]! * (1 + 1e-9));
    expect(progress.meter.used).toBeLessThan(WORK / 2);
  });
});
