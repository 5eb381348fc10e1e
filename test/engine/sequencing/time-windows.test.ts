import { expect, it } from "vitest";
import type { Random } from "../../../src/domain/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { presentMs } from "../../../src/engine/sequencing/agent-time.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { TimeWindows } from "../../../src/engine/sequencing/time-windows.js";
import { randomProblem } from "./random-problem.js";
import { problemOf } from "./windows-until.js";

type Change = (windows: TimeWindows) => void;

/** One slot and releases, or several slots, absences and pools; whole times in every third. */
function drawProblem(seed: number): SequencingProblem {
  const isOdd = seed % 2 === 1;
  const shape = { numTasks: 12, numAgents: isOdd ? 2 : 3, density: 0.05, maxSlots: isOdd ? 1 : 2, deadlineShare: 0.2 };
  return randomProblem(seed, { ...shape, isReal: seed % 3 > 0, hasReleases: isOdd, hasProfiles: !isOdd });
}

function drawChange(windows: TimeWindows, random: Random): Change {
  const alive = Array.from(windows.isAlive.keys()).filter((pair) => windows.isAlive[pair] === 1);
  const pair = alive[random.below(alive.length)]!;
  const [from, to] = [windows.earliestStart[pair]!, windows.latestEnd[pair]!];
  const time = from + (to - from) * random.unit() * 0.5;
  const changes: readonly Change[] = [
    (one) => one.choose(pair),
    (one) => one.choose(pair),
    (one) => one.kill(pair),
    (one) => one.raiseStart(pair, time),
    (one) => one.lowerEnd(pair, to - (time - from)),
  ];
  return changes[random.below(changes.length)]!;
}

/** Windows to which all changes were made before anything was narrowed; null where they contradict each other. */
function afresh(problem: SequencingProblem, latestEndMs: number, changes: readonly Change[]): TimeWindows | null {
  const windows = new TimeWindows(problem, null);
  windows.open(latestEndMs);
  for (const change of changes) change(windows);
  return windows.propagate() ? windows : null;
}

/** What is known of each pair, and of each task. */
function statesOf({ isAlive, earliestStart, latestEnd, taskStart, taskEnd, taskEarliestEnd }: TimeWindows): number[] {
  const pairs = Array.from(isAlive, (alive, pair) =>
    alive === 1 ? [earliestStart[pair]!, latestEnd[pair]!] : [-1, -1],
  );
  const tasks = Array.from(taskStart, (start, task) => [start, taskEnd[task]!, taskEarliestEnd[task]!]);
  return [...pairs, ...tasks].flat().map((time) => Math.round(time * 1e6) / 1e6);
}

it("narrows windows after each change as far as if all had been made at the beginning, also after a return", () => {
  let [numKept, numBroken] = [0, 0];
  for (let seed = 1; seed <= 150; seed++) {
    const problem = drawProblem(seed);
    const random = drawingRandom(seed);
    const windows = new TimeWindows(problem, null);
    const latestEndMs = 90 + random.below(60);
    windows.open(latestEndMs);
    if (!windows.propagate()) {
      expect(afresh(problem, latestEndMs, [])).toBeNull();
      continue;
    }
    const made: Change[] = [];
    for (let step = 0; step < 12; step++) {
      const before = windows.save();
      const change = drawChange(windows, random);
      change(windows);
      const isKept = windows.propagate();
      const fresh = afresh(problem, latestEndMs, [...made, change]);
      expect(isKept).toBe(fresh !== null);
      if (isKept) expect(statesOf(windows)).toEqual(statesOf(fresh!));
      if (isKept && random.unit() < 0.7) {
        made.push(change);
        numKept += 1;
        continue;
      }
      numBroken += isKept ? 0 : 1;
      windows.restore(before);
    }
  }
  expect(numKept).toBeGreaterThan(300);
  expect(numBroken).toBeGreaterThan(30);
});

/** Whether tasks within some interval take more time, at prices of all agents, than these have in it; above 40 tasks of intervals that reach one end of all. */
function exceedsFleet(windows: TimeWindows, prices: Float64Array): boolean {
  const { problem, taskStart, taskEnd, isAlive } = windows;
  const tasks = Array.from(taskStart.keys());
  const least = tasks.map((task) => {
    const pairs = Array.from({ length: problem.pairStart[task + 1]! }, (_, pair) => pair).slice(
      problem.pairStart[task],
    );
    const costs = pairs.map((pair) =>
      isAlive[pair] === 1 ? prices[problem.pairAgent[pair]!]! * problem.busyMs[pair]! : Infinity,
    );
    return Math.min(...costs);
  });
  const isAll = tasks.length <= 40;
  const [first, last] = [Math.min(...taskStart), Math.max(...taskEnd)];
  return [...new Set(taskStart)].some((from) =>
    [...new Set(taskEnd)].some((to) => {
      if (!isAll && from !== first && to !== last) return false;
      const within = tasks.filter((task) => taskStart[task]! >= from && taskEnd[task]! <= to);
      const work = within.reduce((sum, task) => sum + least[task]!, 0);
      const room = prices.reduce((sum, price, agent) => {
        const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
        return sum + price * slots * presentMs(problem, agent, from, to);
      }, 0);
      return work > room + 1e-6;
    }),
  );
}

it("finds every interval in which tasks take more time than the fleet has", () => {
  let [numFound, numFree] = [0, 0];
  for (let seed = 1; seed <= 180; seed++) {
    const isLarge = seed % 3 === 0;
    const size = isLarge
      ? { numTasks: 90, numAgents: 4, density: 0.01 }
      : { numTasks: 9, numAgents: 2, density: 0.05, maxBusy: 10 };
    const problem = randomProblem(seed, {
      ...size,
      maxSlots: 2,
      isReal: seed % 2 === 0,
      hasReleases: true,
      hasProfiles: seed % 5 === 0,
    });
    const prices = Float64Array.from({ length: problem.numAgents }, (_, agent) => 1 - 0.2 * agent);
    const [windows, plain] = [new TimeWindows(problem, prices), new TimeWindows(problem, null)];
    const perSlotMs = problem.leastBusyMs.reduce((sum, ms) => sum + ms, 0) / problem.numSlots;
    for (const share of [1.4, 1.1, 0.95, 0.85, 0.75, 0.65]) {
      const latestEndMs = Math.round(share * perSlotMs);
      windows.open(latestEndMs);
      plain.open(latestEndMs);
      const isOpen = windows.propagate();
      if (!plain.propagate()) continue;
      const isFound = exceedsFleet(plain, prices);
      expect(isOpen).toBe(!isFound);
      if (isFound) numFound += 1;
      else numFree += 1;
    }
  }
  expect(numFound).toBeGreaterThan(20);
  expect(numFree).toBeGreaterThan(50);
});

it("looks again at a task that may run elsewhere where it may no longer go before a set of tasks", () => {
  // Tasks 0 and 1 run on agent 0 between 8 and 30; task 2 goes before both there where it begins by 5.
  const busy = [
    [10, NaN],
    [10, NaN],
    [5, 5],
  ];
  const windows = new TimeWindows(problemOf({ busy, releaseMs: [8, 8, 0], deadlineMs: [30, 30, Infinity] }), null);
  windows.open(100);
  expect(windows.propagate()).toBe(true);
  windows.raiseStart(2, 5);
  expect(windows.propagate()).toBe(true);
  expect(windows.earliestStart[2]).toBe(5);
  windows.raiseStart(2, 6);
  expect(windows.propagate()).toBe(true);
  expect(windows.earliestStart[2]).toBe(28);
});

it("finds an interval without time for its tasks in the midst of others", () => {
  const busy = [1, 2, 3, 4].map(() => [10, 10]);
  const shape = { busy, releaseMs: [0, 10, 10, 10] };
  const opened = (due: number): TimeWindows => {
    const deadlineMs = [Infinity, due, due, due];
    const windows = new TimeWindows(problemOf({ ...shape, deadlineMs }), Float64Array.of(1, 1));
    windows.open(100);
    return windows;
  };
  expect(opened(24).propagate()).toBe(false);
  expect(opened(25).propagate()).toBe(true);
});
