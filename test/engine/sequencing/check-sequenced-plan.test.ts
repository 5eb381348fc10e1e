import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { buildSequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

/** Three tasks of 10 ms; 0 before 1; agent 0 from 5 on, agent 1 with two slots. */
const problem = buildSequencingProblem({
  numTasks: 3,
  numAgents: 2,
  agentSlots: [1, 2],
  availableFromMs: [5, 0],
  pairStart: [0, 2, 4, 6],
  pairAgent: [0, 1, 0, 1, 0, 1],
  busyMs: [10, 10, 10, 10, 10, 10],
  dependencies: [[0, 1]],
  releaseMs: [0, 0, 2],
  deadlineMs: [Infinity, 40, Infinity],
  absences: {
    availableUntilMs: Float64Array.of(Infinity, 60),
    intervalStart: Int32Array.of(0, 1, 1),
    fromMs: Float64Array.of(30),
    toMs: Float64Array.of(35),
  },
  pools: {
    limit: Float64Array.of(3),
    useStart: Int32Array.of(0, 1, 1, 2),
    usePool: Int32Array.of(0, 0),
    useAmount: Float64Array.of(2, 2),
  },
  limits: {
    slotLoadMs: Float64Array.of(Infinity, 10),
    maxTasks: Float64Array.of(1, Infinity),
    rows: [{ value: Float64Array.of(5, 1, 2, 2, 9, 2), limit: 5 }],
  },
});
const valid = {
  pairOf: Int32Array.of(1, 2, 5),
  slotOf: Int32Array.of(1, 0, 2),
  startMs: Float64Array.of(0, 10, 10),
  makespanMs: 20,
};

describe("checkSequencedPlan", () => {
  it("accepts a valid schedule", () => {
    expect(checkSequencedPlan(problem, valid)).toEqual([]);
  });

  it.each([
    ["eligibility", [0], { pairOf: Int32Array.of(2, 2, 5) }, "pair 2 is not one of task 0"],
    ["slot", [0], { slotOf: Int32Array.of(0, 0, 2) }, "slot 0 is not one of agent 1"],
    ["release", [2], { startMs: Float64Array.of(0, 10, 1) }, "starts at 1, before 2"],
    ["deadline", [1], { startMs: Float64Array.of(0, 36, 10), makespanMs: 46 }, "ends after 40"],
    ["dependency", [0, 1], { startMs: Float64Array.of(0, 9, 10) }, "1 starts before 0 ends"],
    ["overlap", [0, 2], { slotOf: Int32Array.of(1, 0, 1), startMs: Float64Array.of(0, 10, 8) }, "both run on slot 1"],
    ["availability", [2], { startMs: Float64Array.of(0, 10, 55), makespanMs: 65 }, "agent 1 has left"],
    ["absence", [1], { startMs: Float64Array.of(0, 22, 10), makespanMs: 32 }, "agent 0 is away from 30"],
    ["pool", [2], { startMs: Float64Array.of(0, 10, 9) }, "pool 0 is used beyond 3"],
    ["load", [], { slotOf: Int32Array.of(1, 0, 1) }, "slot 1 is busy for 20, more than 10"],
    ["max_tasks", [], { pairOf: Int32Array.of(0, 2, 5) }, "agent 0 has 2 tasks, more than 1"],
    ["limit", [], { pairOf: Int32Array.of(0, 2, 5) }, "row 0 adds up to 9, more than 5"],
    ["makespan", [], { makespanMs: 19 }, "the last task ends at 20"],
  ])("finds a broken rule, its tasks and its numbers: %s", (rule, tasks, change, text) => {
    expect(checkSequencedPlan(problem, { ...valid, ...change })).toContainEqual({ rule, tasks, text });
  });

  it("forgives rounding in proportion to the makespan, and no more", () => {
    const rulesOf = (change: Partial<typeof valid>): string[] =>
      checkSequencedPlan(problem, { ...valid, ...change }).map(({ rule }) => rule);
    const startOf = (startMs: number) => ({ startMs: Float64Array.of(0, startMs, 10) });
    expect([rulesOf(startOf(10 - 1e-8)), rulesOf(startOf(10 - 4e-8))]).toEqual([[], ["dependency"]]);
    expect([rulesOf({ makespanMs: 20 + 1e-8 }), rulesOf({ makespanMs: 20 - 4e-8 })]).toEqual([[], ["makespan"]]);
    const poolAt = (startMs: number) => ({ startMs: Float64Array.of(0, 10, startMs) });
    expect([rulesOf(poolAt(10 - 1e-8)), rulesOf(poolAt(10 - 6e-8))]).toEqual([[], ["pool"]]);
  });
});

/** A task on any slot of three, from any millisecond of 30 on, and what it uses of two pools. */
const anyPlace = fc.record({
  slot: fc.integer({ min: 0, max: 2 }),
  startMs: fc.integer({ min: 0, max: 30 }),
  busyMs: fc.integer({ min: 1, max: 6 }),
  releaseMs: fc.integer({ min: 0, max: 8 }),
  deadlineMs: fc.integer({ min: 20, max: 40 }),
  uses: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
});

it("names exactly the rules that looking at every two tasks and every millisecond finds broken", () => {
  const slotAgent = [0, 1, 1];
  fc.assert(
    fc.property(fc.array(anyPlace, { minLength: 3, maxLength: 5 }), fc.boolean(), (tasks, isTrue) => {
      const numTasks = tasks.length;
      const twice = <T>(of: (task: (typeof tasks)[number], agent: number) => T): T[] =>
        tasks.flatMap((task) => [0, 1].map((agent) => of(task, agent)));
      const random = buildSequencingProblem({
        ...{
          numTasks,
          numAgents: 2,
          agentSlots: [1, 2],
          availableFromMs: [3, 0],
          dependencies: [
            [0, 1],
            [0, 2],
          ],
        },
        pairStart: Array.from({ length: numTasks + 1 }, (_, k) => 2 * k),
        pairAgent: twice((_, agent) => agent),
        busyMs: twice(({ busyMs }) => busyMs),
        releaseMs: tasks.map(({ releaseMs }) => releaseMs),
        deadlineMs: tasks.map(({ deadlineMs }) => deadlineMs),
        absences: {
          availableUntilMs: Float64Array.of(Infinity, 33),
          intervalStart: Int32Array.of(0, 2, 2),
          fromMs: Float64Array.of(5, 15),
          toMs: Float64Array.of(7, 18),
        },
        pools: {
          limit: Float64Array.of(3, 2),
          useStart: Int32Array.from({ length: numTasks + 1 }, (_, k) => 2 * k),
          usePool: Int32Array.from({ length: 2 * numTasks }, (_, k) => k % 2),
          useAmount: Float64Array.from(tasks.flatMap(({ uses }) => uses)),
        },
        limits: {
          slotLoadMs: Float64Array.of(5, 8),
          maxTasks: Float64Array.of(1, 3),
          rows: [{ value: Float64Array.from(twice(({ busyMs }, agent) => busyMs * agent)), limit: 9 }],
        },
      });
      const ends = tasks.map(({ startMs, busyMs }) => startMs + busyMs);
      const agentOf = tasks.map(({ slot }) => slotAgent[slot]!);
      const plan = {
        pairOf: Int32Array.from(agentOf, (agent, task) => 2 * task + agent),
        slotOf: Int32Array.from(tasks, ({ slot }) => slot),
        startMs: Float64Array.from(tasks, ({ startMs }) => startMs),
        makespanMs: Math.max(...ends) - (isTrue ? 0 : 1),
      };
      const all = Array.from({ length: 40 }, (_, ms) => ms);
      const runs = (task: number, ms: number): boolean => tasks[task]!.startMs <= ms && ms < ends[task]!;
      const sum = (of: (task: number) => number): number => tasks.reduce((total, _, task) => total + of(task), 0);
      const some = (isBroken: (task: number) => boolean): boolean => tasks.some((_, task) => isBroken(task));
      const isAway = (agent: number, ms: number): boolean => agent === 0 && ((ms >= 5 && ms < 7) || (ms >= 15 && ms < 18)); // prettier-ignore
      const broken = {
        release: some((task) => tasks[task]!.startMs < Math.max(tasks[task]!.releaseMs, agentOf[task] === 0 ? 3 : 0)),
        deadline: some((task) => ends[task]! > tasks[task]!.deadlineMs),
        dependency: [1, 2].some((task) => ends[0]! > tasks[task]!.startMs),
        overlap: [0, 1, 2].some((slot) => all.some((ms) => sum((task) => Number(tasks[task]!.slot === slot && runs(task, ms))) > 1)), // prettier-ignore
        makespan: !isTrue,
        availability: some((task) => agentOf[task] === 1 && ends[task]! > 33),
        absence: some((task) => all.some((ms) => runs(task, ms) && isAway(agentOf[task]!, ms))),
        pool: [3, 2].some((limit, pool) => all.some((ms) => sum((task) => (runs(task, ms) ? tasks[task]!.uses[pool]! : 0)) > limit)), // prettier-ignore
        load: [5, 8, 8].some((limit, slot) => sum((task) => (tasks[task]!.slot === slot ? tasks[task]!.busyMs : 0)) > limit), // prettier-ignore
        max_tasks: [1, 3].some((limit, agent) => agentOf.filter((one) => one === agent).length > limit),
        limit: sum((task) => tasks[task]!.busyMs * agentOf[task]!) > 9,
      };
      const due = Object.entries(broken).flatMap(([rule, isBroken]) => (isBroken ? [rule] : []));
      expect([...new Set(checkSequencedPlan(random, plan).map(({ rule }) => rule))].sort()).toEqual(due.sort());
    }),
    { seed: 4, numRuns: 300 },
  );
});
