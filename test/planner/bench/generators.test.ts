import { describe, expect, it } from "vitest";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generatePcmax, generateRcmax, RCMAX_FAMILIES } from "../../../src/planner/bench/generate-cmax.js";
import { GAP_CLASSES, generateGap } from "../../../src/planner/bench/generate-gap.js";
import { CAPACITY_FACTOR, generateWave } from "../../../src/planner/bench/generate-wave.js";
import { generatedCases } from "../../../src/planner/bench/generated-cases.js";
import { SUITES } from "../../../src/domain/suites.js";
import { makespanLowerBound } from "../../../src/planner/bench/makespan-lower-bound.js";
import { solve } from "../../../src/planner/solve/solve.js";

const DENSE = { numTasks: 40, numAgents: 5, eligibleAgents: null };
const SPARSE = { numTasks: 30, numAgents: 12, eligibleAgents: 4 };
const draw = (name: string) => createNamedRandom(name, 1);

/** Least and greatest value. */
const rangeOf = (values: Float64Array): [number, number] => [Math.min(...values), Math.max(...values)];

describe("generators of generalized assignment", () => {
  it.each(GAP_CLASSES)("class %s: the same stream gives the same bytes, another name others", (gapClass) => {
    const first = generateGap(gapClass, DENSE, draw("a"));
    expect(generateGap(gapClass, DENSE, draw("a"))).toEqual(first);
    expect(generateGap(gapClass, DENSE, draw("b"))).not.toEqual(first);
  });

  it.each([
    ["g", 5, 25, 15, 25],
    ["a", 5, 25, 10, 50],
    ["c", 5, 25, 10, 50],
    ["d", 1, 100, 1, 120],
  ] as const)("class %s keeps its ranges and reaches their ends", (gapClass, minUse, maxUse, minCost, maxCost) => {
    const { use, cost } = generateGap(gapClass, { ...DENSE, numTasks: 2_000 }, draw("ranges")).assignment;
    expect(rangeOf(use)).toEqual([minUse, maxUse]);
    expect(rangeOf(cost)[0]).toBeGreaterThanOrEqual(minCost);
    expect(rangeOf(cost)[1]).toBeLessThanOrEqual(maxCost);
    expect(rangeOf(cost)[1] - rangeOf(cost)[0]).toBeGreaterThan(0.9 * (maxCost - minCost));
    expect([...use, ...cost].every(Number.isInteger)).toBe(true);
  });

  it("class d makes cost fall with use, class e in inverse proportion", () => {
    const d = generateGap("d", DENSE, draw("d")).assignment;
    d.use.forEach((use, pair) => expect(Math.abs(d.cost[pair]! - 111 + use)).toBeLessThanOrEqual(10));
    const e = generateGap("e", DENSE, draw("e")).assignment;
    e.use.forEach((use, pair) => expect(e.cost[pair]! - 1000 / use).toBeLessThanOrEqual(0.5));
    e.use.forEach((use, pair) => expect(e.cost[pair]! - 1000 / use).toBeGreaterThanOrEqual(-10.5));
    expect(Math.min(...e.use)).toBe(1);
  });

  it("capacity is 0.8 of the mean load of an agent; of class b 0.7 of class a's common one", () => {
    const { use, capacity } = generateGap("c", DENSE, draw("c")).assignment;
    capacity.forEach((limit, agent) => {
      const total = use.filter((_, pair) => pair % 5 === agent).reduce((sum, one) => sum + one, 0);
      expect(limit).toBe(Math.floor((0.8 * total) / 5));
    });
    const { assignment: a } = generateGap("a", DENSE, draw("ab"));
    const loads = [0, 0, 0, 0, 0];
    for (let task = 0; task < 40; task++) {
      const costs = [...a.cost.subarray(task * 5, task * 5 + 5)];
      const cheapest = costs.indexOf(Math.min(...costs));
      loads[cheapest]! += a.use[task * 5 + cheapest]!;
    }
    const common = (9 * 40) / 5 + 0.4 * Math.max(...loads);
    expect([...a.capacity]).toEqual(new Array(5).fill(Math.floor(common)));
    expect(generateGap("b", DENSE, draw("ab")).assignment.capacity[0]).toBe(Math.floor(0.7 * common));
  });

  it("sparse: so many different agents a task, in ascending order, and capacities as if all could", () => {
    const { pairStart, pairAgent, use, capacity } = generateGap("c", SPARSE, draw("sparse")).assignment;
    for (let task = 0; task < SPARSE.numTasks; task++) {
      const agents = [...pairAgent.subarray(pairStart[task], pairStart[task + 1])];
      expect(agents).toHaveLength(4);
      expect(agents).toEqual([...new Set(agents)].sort((a, b) => a - b));
    }
    expect(new Set(pairAgent).size).toBe(12);
    const own = use.filter((_, pair) => pairAgent[pair] === 3);
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    expect(capacity[3]).toBe(Math.floor((0.8 * mean * 30) / 12));
  });
});

describe("generators of makespan instances", () => {
  it.each(RCMAX_FAMILIES)("%s keeps its range", (family) => {
    const { use } = generateRcmax(family, { ...DENSE, numTasks: 2_000 }, draw(family)).assignment;
    const expected = { u1: [1, 100], u10: [10, 100], u100: [100, 200] }[family as "u1"];
    if (expected !== undefined) expect(rangeOf(use)).toEqual(expected);
    else expect([rangeOf(use)[0] >= 2, rangeOf(use)[1] <= 120]).toEqual([true, true]);
    const spread = (step: number, count: number) => Math.max(...use.filter((_, k) => k % step === 0).slice(0, count));
    if (family === "correlated-agents")
      expect(spread(5, 2_000) - Math.min(...use.filter((_, k) => k % 5 === 0))).toBe(19);
    if (family === "correlated-tasks")
      expect(Math.max(...use.subarray(0, 5)) - Math.min(...use.subarray(0, 5))).toBeLessThan(20);
  });

  it("identical agents: uniform over the range, or nearly all long", () => {
    const size = { numTasks: 2_000, numAgents: 2 };
    expect(rangeOf(generatePcmax("uniform", size, 100, draw("u")).assignment.use)).toEqual([1, 100]);
    const { use } = generatePcmax("non-uniform", size, 1_000, draw("n")).assignment;
    const short = use.filter((time) => time <= 199).length / use.length;
    expect(use.filter((time) => time > 199 && time < 900)).toHaveLength(0);
    expect(short).toBeGreaterThan(0.01);
    expect(short).toBeLessThan(0.03);
  });
});

describe("generated waves", () => {
  const size = { numTasks: 40, numAgents: 5 };

  it("are the same on every draw, and have real durations and a capacity of 1.25 times the bound", () => {
    const wave = generateWave(size, false, draw("w"));
    expect(generateWave(size, false, draw("w"))).toEqual(wave);
    const busyMs = Float64Array.from(
      wave.tasks.flatMap(({ estimates }) =>
        Object.values(estimates!).map((one) => one.duration_ms! * (1 + one.retries!)),
      ),
    );
    const bound = makespanLowerBound({ ...size, busyMs, slots: new Int32Array(5).fill(1) });
    expect(wave.agents.map((agent) => agent.capacity_ms)).toEqual(
      new Array(5).fill(Math.ceil(CAPACITY_FACTOR * bound)),
    );
    expect(busyMs.every(Number.isInteger)).toBe(false);
    const cheapest = wave.tasks.map((_, task) => Math.min(...busyMs.subarray(task * 5, task * 5 + 5)));
    expect(bound).toBeGreaterThanOrEqual(cheapest.reduce((sum, one) => sum + one, 0) / 5);
  });

  it("with limits hold a plan, and every kind of limit is in play", async () => {
    const wave = generateWave(size, true, draw("limited"));
    const count = (has: (record: object) => boolean, records: readonly object[]) => records.filter(has).length;
    expect(count((task) => "deadline_ms" in task, wave.tasks)).toBeGreaterThan(0);
    expect(count((task) => "pinned_agent" in task, wave.tasks)).toBeGreaterThan(0);
    expect(count((agent) => "max_tasks" in agent, wave.agents)).toBe(2);
    expect(wave.agents.map(({ slots }) => slots)).toEqual([2, 1, 1, 1, 2]);
    const limits = await solve(wave, { timeLimitMs: 2_000, workLimit: 50_000 });
    expect(limits.termination).toMatch(/optimal|feasible/);
    const { budget, ...options } = wave.options!;
    const agents = wave.agents.map(({ agent_id, slots, capacity_ms }) => ({ agent_id, slots, capacity_ms }));
    const tasks = wave.tasks.map(({ task_id, risk_level, confidence, estimates }) => ({
      task_id,
      risk_level,
      confidence,
      estimates,
    }));
    const free = await solve({ ...wave, agents, tasks, options }, { timeLimitMs: 2_000, workLimit: 50_000 });
    expect(free.expected.cost).toBeGreaterThan(budget!);
    const capped = wave.agents.filter((agent) => agent.max_tasks !== undefined);
    expect(capped.some(({ agent_id, max_tasks }) => free.agent_assignments[agent_id]!.length > max_tasks!)).toBe(true);
  });
});

it("every suite has generated instances, each with a name of its own", () => {
  const names = SUITES.flatMap((suite) => generatedCases(suite).map((one) => `${one.suite}/${one.name}`));
  expect(new Set(names).size).toBe(names.length);
  expect(SUITES.map((suite) => generatedCases(suite).length)).toEqual([30, 15, 6, 8, 40, 20, 12, 18]);
});
