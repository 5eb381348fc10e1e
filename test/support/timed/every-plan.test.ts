import { describe, expect, it } from "vitest";
import type { ProblemDocument, TaskDocument } from "../../../src/domain/schemas/index.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { bruteForce } from "../brute-force.js";
import { scheduleFaults } from "./check-schedule.js";
import { everyPlan } from "./every-plan.js";
import { PLAIN_GOALS, settledValues, type TimedStrategy, valuesOf } from "./plan-values.js";
import { randomTimedDocument } from "./random-wave.js";
import { readTimedWave } from "./wave.js";

const NO_LIMITS = {};
const MOST_NODES = 1_000_000;

function task(id: string, durationMs: number | Record<string, number>, more: Partial<TaskDocument> = {}): TaskDocument {
  const durations = typeof durationMs === "number" ? { a: durationMs } : durationMs;
  const estimates = Object.fromEntries(
    Object.entries(durations).map(([agentId, duration_ms]) => [
      agentId,
      { success_probability: 0.5, duration_ms, retries: 0, confidence_delta: 0.1, cost: 1 },
    ]),
  );
  return { task_id: id, risk_level: "LOW", confidence: 0.8, estimates, ...more };
}

function leastMakespan(document: ProblemDocument): number {
  const plans = everyPlan(readTimedWave(document, NO_LIMITS), MOST_NODES)!;
  const complete = plans.filter(({ agentOf }) => !agentOf.includes(-1));
  return Math.min(...complete.map(({ makespanMs }) => makespanMs));
}

describe("least makespan of a hand-made wave", () => {
  const cases: readonly (readonly [string, ProblemDocument, number])[] = [
    ["a chain", { agents: [{ agent_id: "a" }], tasks: [task("1", 4), task("2", 3, { depends_on: ["1"] })] }, 7],
    [
      "a release that a shorter task fills",
      { agents: [{ agent_id: "a" }], tasks: [task("1", 4, { release_ms: 5 }), task("2", 5)] },
      9,
    ],
    [
      "an absence that only the short task fits before",
      { agents: [{ agent_id: "a", unavailable: [[3, 6]] }], tasks: [task("1", 4), task("2", 3)] },
      10,
    ],
    [
      "a pool that forbids two at once",
      {
        agents: [{ agent_id: "a", slots: 2 }],
        tasks: [task("1", 4, { uses: { gpu: 2 } }), task("2", 3, { uses: { gpu: 2 } }), task("3", 5)],
        pools: { gpu: 3 },
      },
      7,
    ],
    [
      "two slots",
      {
        agents: [{ agent_id: "a", slots: 2 }],
        tasks: [task("1", 3), task("2", 3), task("3", 2), task("4", 2), task("5", 2)],
      },
      6,
    ],
    [
      "the slower agent once the faster one is away",
      {
        agents: [{ agent_id: "a", available_until_ms: 4 }, { agent_id: "b" }],
        tasks: [task("1", { a: 3, b: 9 }), task("2", { a: 3, b: 5 })],
      },
      5,
    ],
    [
      "a free task that runs while another waits",
      {
        agents: [{ agent_id: "a" }, { agent_id: "b" }],
        tasks: [task("1", { a: 2, b: 9 }), task("2", { a: 9, b: 3 }, { depends_on: ["1"] }), task("3", { a: 9, b: 4 })],
      },
      7,
    ],
  ];
  it.each(cases)("%s", (_, document, expected) => {
    expect(leastMakespan(document)).toBe(expected);
  });

  it("is none where a deadline cannot be met, and every smaller choice is still there", () => {
    const tasks = [task("1", 4, { deadline_ms: 5 }), task("2", 3, { deadline_ms: 5 })];
    const plans = everyPlan(readTimedWave({ agents: [{ agent_id: "a" }], tasks }, NO_LIMITS), MOST_NODES)!;
    expect(plans.map(({ agentOf }) => agentOf)).toEqual([
      [-1, -1],
      [0, -1],
      [-1, 0],
    ]);
  });
});

/** Absent, as a document says it. */
const TIMELESS = { depends_on: null, release_ms: null, deadline_ms: null, uses: null, held: null };

it("finds what plain brute force finds where no time binds", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const timed = randomTimedDocument(seed);
    const document: ProblemDocument = {
      agents: timed.agents.map((agent) => ({ ...agent, available_until_ms: null, unavailable: null })),
      tasks: timed.tasks.map((one) => ({ ...one, ...TIMELESS })),
      options: { ...timed.options, load_limit: "none" },
    };
    const wave = readTimedWave(document, NO_LIMITS);
    const plans = everyPlan(wave, MOST_NODES)!;
    const values = plans.map((plan) =>
      valuesOf(
        wave,
        plan,
        wave.agents.map(() => true),
      ),
    );
    const hopeless = wave.tasks.filter(({ options }) => options.length === 0);
    const hopelessWeight = hopeless.reduce((sum, { weight }) => sum + weight, 0);
    const problem = parseProblem(document, "test");
    const options = resolveOptions(problem.options, {});
    const best = bruteForce(buildInstance(fillFromPrior(problem, options), options));
    for (const strategy of Object.keys(PLAIN_GOALS) as TimedStrategy[]) {
      if (best[strategy] === null) expect(plans).toEqual([]);
      else {
        const firsts = values.map((one) => settledValues(wave, strategy, one)).sort(lexicographic);
        // The weight of tasks that no plan can place is left out there.
        const least = firsts[0]!.with(0, wave.penalty === null ? firsts[0]![0]! - hopelessWeight : 0);
        best[strategy].forEach((value, k) => expect(least[k], `${seed} ${strategy}`).toBeCloseTo(value, 6));
      }
    }
  }
});

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const k = a.findIndex((value, index) => Math.abs(value - b[index]!) > 1e-9);
  return k < 0 ? 0 : a[k]! - b[k]!;
}

describe("the check of a schedule", () => {
  const document: ProblemDocument = {
    agents: [{ agent_id: "a", slots: 2, unavailable: [[20, 30]], available_until_ms: 50, available_from_ms: 1 }],
    tasks: [
      task("1", 4, { uses: { gpu: 1 } }),
      task("2", 3, { depends_on: ["1"], deadline_ms: 12 }),
      task("3", 5, { uses: { gpu: 1 }, release_ms: 5 }),
    ],
    pools: { gpu: 1 },
  };
  const wave = readTimedWave(document, { a: 9 });
  const entry = (task_id: string, slot: number, start_ms: number, end_ms: number) => ({
    ...{ task_id, agent_id: "a", slot, start_ms, end_ms, end_interval_ms: [end_ms, end_ms] as const },
    ...{ success_probability: 0.5, retries: 0, confidence_delta: 0.1 },
  });
  const good = [entry("1", 0, 1, 5), entry("2", 0, 5, 8), entry("3", 1, 5, 10)];
  const faultsOf = (schedule: typeof good): string[] => scheduleFaults(wave, { schedule, deferred_tasks: [] });

  it("finds nothing where all is kept", () => {
    expect(faultsOf(good)).toEqual([]);
  });

  const broken: readonly (readonly [string, number, ReturnType<typeof entry>, string])[] = [
    ["order", 1, entry("2", 0, 4.5, 7.5), "starts before 1 ends"],
    ["slots", 2, entry("3", 0, 5, 10), "overlap"],
    ["pools", 0, entry("1", 0, 2, 6), "pool 0 has 2 of 1"],
    ["arrivals", 0, entry("1", 0, 0, 4), "before a is there"],
    ["releases", 2, entry("3", 1, 4, 9), "before its release"],
    ["deadlines", 1, entry("2", 0, 10, 13), "after its deadline"],
    ["departures", 2, entry("3", 1, 46, 51), "after a has left"],
    ["absences", 2, entry("3", 1, 17, 22), "while a is away"],
    ["busy times", 2, entry("3", 1, 5, 9), "busy time is 5"],
    ["slot numbers", 2, entry("3", 2, 5, 10), "has 2"],
  ];
  it.each(broken)("sees %s", (_, index, replacement, words) => {
    expect(faultsOf(good.with(index, replacement)).join()).toContain(words);
  });

  it("sees load limits, missing tasks and budgets", () => {
    expect(scheduleFaults(readTimedWave(document, { a: 6 }), { schedule: good, deferred_tasks: [] })).toEqual([
      "slot 0 of a is busy for 7 of 6",
    ]);
    expect(faultsOf(good.slice(0, 2))).toEqual(["3 stands 0 times among scheduled and deferred tasks"]);
    const poor = readTimedWave({ ...document, options: { budget: 2 } }, { a: 9 });
    expect(scheduleFaults(poor, { schedule: good, deferred_tasks: [] })).toEqual(["the cost 3 exceeds the budget 2"]);
  });
});
