import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { SearchProgress } from "../../../src/engine/assignment/progress.js";
import { priceMakespan } from "../../../src/engine/bounds/makespan-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { AgentPacks } from "../../../src/engine/timed/agent-packs.js";
import { RepackSearch } from "../../../src/engine/timed/repack-search.js";
import { startPacking } from "../../../src/engine/timed/searches-from-above.js";
import { findTwins, latestEnd, type TimedProblem } from "../../../src/engine/timed/timed-problem.js";
import { generateRcmax, type RcmaxFamily } from "../../../src/planner/bench/generate-cmax.js";

const FORBIDDEN = Infinity;

/** Rows of uses by task and agent; `FORBIDDEN` where a task cannot go. */
function timedOf(rows: readonly (readonly number[])[], availableFrom: readonly number[]): TimedProblem {
  const pairStart = [0];
  const [pairAgent, use]: [number[], number[]] = [[], []];
  for (const row of rows) {
    row.forEach((busy, agent) => {
      if (busy !== FORBIDDEN) [pairAgent[pairAgent.length], use[use.length]] = [agent, busy];
    });
    pairStart.push(use.length);
  }
  const numAgents = availableFrom.length;
  const assignment = {
    ...{ numTasks: rows.length, numAgents, pairStart: Int32Array.from(pairStart) },
    ...{ pairAgent: Int32Array.from(pairAgent), use: Float64Array.from(use), cost: new Float64Array(use.length) },
    capacity: new Float64Array(numAgents).fill(Infinity),
  };
  const from = Float64Array.from(availableFrom);
  const bare = {
    ...{ assignment, costLimit: 0, numTimed: numAgents, availableFrom: from, isWhole: use.every(Number.isInteger) },
    twinOf: findTwins(assignment, numAgents, from),
  };
  return { ...bare, judge: (agentOf) => latestEnd(bare, agentOf) };
}

function progressOf(timed: TimedProblem, meter: WorkMeter, bound: number, start: Int32Array): SearchProgress {
  const rules = { offset: 0, isWholeCost: true, most: Infinity, sideRows: null, gap: 0 };
  const progress = new SearchProgress(
    timed.assignment,
    meter,
    { ...rules, judge: timed.judge, takeRepaired: () => null },
    {},
  );
  progress.offer(start);
  progress.offerBound(bound);
  return progress;
}

function searched(timed: TimedProblem, looks: number, bound = 0): { cost: number; agentOf: Int32Array | null } {
  const meter = new WorkMeter(looks);
  const { pairStart, pairAgent } = timed.assignment;
  const first = pairStart.slice(0, -1).map((pair) => pairAgent[pair]!);
  const progress = progressOf(timed, meter, bound, first);
  const slots = new Int32Array(timed.assignment.numAgents).fill(1);
  const { prices } = priceMakespan({ ...timed.assignment, slots, availableFrom: timed.availableFrom }, { meter });
  new RepackSearch(timed, progress, prices, 1).run(looks);
  return progress;
}

function drawn(family: RcmaxFamily, numTasks: number, numAgents: number): TimedProblem {
  const { assignment } = generateRcmax(family, { numTasks, numAgents, eligibleAgents: null }, drawingRandom(1));
  const rows = Array.from({ length: numTasks }, (_, task) =>
    Array.from(assignment.use.subarray(task * numAgents, (task + 1) * numAgents)),
  );
  return timedOf(rows, new Array<number>(numAgents).fill(0));
}

describe("packing agents one after another", () => {
  it("splits the tasks of the last two exactly, and leaves no task where it cannot go", () => {
    // The first agent has room for 10: the first task saves the second agent 9, the next two together 6; the last is the second's alone.
    const timed = timedOf([[10, 9], [5, 3], [5, 3], [FORBIDDEN, 2]], [0, 0]); // prettier-ignore
    const packs = new AgentPacks(timed, Float64Array.of(0.5, 0.5), new WorkMeter(1e6), drawingRandom(1));
    const { tasks, loads } = packs.pack([0, 1, 2, 3], Int32Array.of(0, 1), Float64Array.of(10, 8), 0);
    expect([tasks.map((own) => own.toSorted()), loads]).toEqual([[[0], [1, 2, 3]], [10, 8]]); // prettier-ignore
  });

  it("gives an agent what can go nowhere else, whatever its room", () => {
    const timed = timedOf([[6, FORBIDDEN], [5, FORBIDDEN], [4, 4]], [0, 0]); // prettier-ignore
    const packs = new AgentPacks(timed, Float64Array.of(0.5, 0.5), new WorkMeter(1e6), drawingRandom(1));
    const { tasks, loads } = packs.pack([0, 1, 2], Int32Array.of(0, 1), Float64Array.of(8, 8), 0);
    expect([tasks.map((own) => own.toSorted()), loads]).toEqual([[[0, 1], [2]], [11, 4]]); // prettier-ignore
  });
});

describe("the search by packing", () => {
  // The optima are those of HiGHS, run to its end on the whole program.
  it.each([
    ["correlated-agents", 60, 8, 385],
    ["u100", 40, 8, 554],
  ] as const)("reaches the optimum: %s, %i tasks, %i agents", (family, n, m, optimum) => {
    expect(searched(drawn(family, n, m), 4e7, optimum).cost).toBe(optimum);
  });

  it("keeps to when agents come and to where tasks may go", () => {
    // Agent 0 comes at 4, and 14 are to be done: 5 on it and 9 on agent 1, the 4 among them, is the only way to end by 9.
    const timed = timedOf([[3, 3], [2, 2], [FORBIDDEN, 4], [5, 5]], [4, 0]); // prettier-ignore
    expect(searched(timed, 1e6).cost).toBe(9);
  });

  it("leaves a round out after one in which it found nothing", () => {
    const timed = drawn("u100", 40, 8);
    const optimum = searched(timed, 4e7, 554).agentOf!;
    const meter = new WorkMeter(1e8);
    const pack = startPacking(timed, progressOf(timed, meter, 553, optimum), new Float64Array(8).fill(1 / 8), 1);
    const used = [1, 2, 3].map(() => {
      const before = meter.used;
      pack(before + 1e6);
      return meter.used > before;
    });
    expect(used).toEqual([true, false, true]);
  });

  it("says the same for the same seed", () => {
    const timed = drawn("u100", 40, 8);
    const [once, again] = [searched(timed, 3e6), searched(timed, 3e6)];
    expect([once.cost, once.agentOf]).toEqual([again.cost, again.agentOf]);
  });
});
