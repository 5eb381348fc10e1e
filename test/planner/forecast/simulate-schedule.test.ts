import { describe, expect, it } from "vitest";
import type { Assignment, Instance } from "../../../models/instance.js";
import { type Estimate, type FullProblem, PLAIN_PROBLEM } from "../../../src/domain/problem.js";
import type { SimulationOptions, SimulationResult } from "../../../src/planner/forecast/simulate-schedule.js";
import { DEFAULT_DURATION_SPREAD } from "../../../src/planner/forecast/attempt-times.js";
import { simulateSchedule } from "../../../src/planner/forecast/simulate-schedule.js";
import { scheduleWave } from "../../../src/planner/forecast/schedule-wave.js";
import type { PlainAgent, PlainTask } from "./instances.js";
import { onOneSlot, placed, wave } from "./instances.js";

const EXACT = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };

function estimate(over: Partial<Estimate> = {}): Estimate {
  const numbers = { successProbability: 0.9, durationMs: 10, retries: 0, confidenceDelta: 0.02, cost: 0 };
  return { ...numbers, standardErrors: EXACT, ...over };
}

function simulate(
  tasks: readonly PlainTask[],
  agents: readonly PlainAgent[],
  assignment: Assignment,
  numbers: Partial<Estimate> = {},
  options: Partial<SimulationOptions> = {},
): SimulationResult {
  const { problem, instance } = wave(tasks, agents);
  const full = fill(problem.tasks, instance, numbers);
  const schedule = scheduleWave(full, instance, assignment);
  return simulateSchedule(full, instance, assignment, schedule, { seed: 1, maxRetries: 2, ...options });
}

function fill(tasks: ReturnType<typeof wave>["problem"]["tasks"], instance: Instance, over: object): FullProblem {
  const filled = tasks.map((task, i) => {
    const { durationMs, ...others } = estimate(over);
    const ownMs = instance.busyMs[instance.pairStart[i]!]! / (1 + others.retries);
    const numbers = { ...others, durationMs: durationMs === 10 ? ownMs : durationMs };
    return { ...task, estimates: Object.fromEntries(instance.agentIds.map((agentId) => [agentId, numbers])) };
  });
  return { ...PLAIN_PROBLEM, agents: [], tasks: filled };
}

const many = (count: number, busyMs = 10): PlainTask[] => Array.from({ length: count }, () => ({ busyMs }));

describe("simulateSchedule", () => {
  it("agrees with the analytic P, A and busy time", () => {
    const q = 0.4;
    const numbers = { successProbability: 1 - q ** 3, retries: q + q ** 2 };
    const busyMs = 10 * (1 + numbers.retries);
    const result = simulate(many(50, busyMs), [{ slots: 1 }], onOneSlot(50), numbers, { replications: 1000 });
    expect(result.successRate!.mean).toBeCloseTo(1 - q ** 3, 2);
    const attempts = result.tasks.reduce((sum, task) => sum + task.meanAttempts!, 0) / 50;
    expect(Math.abs(attempts - (1 + q + q ** 2))).toBeLessThan(0.01);
    expect(result.makespanMs!.mean / (50 * busyMs)).toBeCloseTo(1, 2);
    expect(result.confidenceDelta!.mean).toBeCloseTo(0.02, 9);
  });

  it("gives intervals that cover 90 % of new runs", () => {
    const assignment = placed([0, 0], [0, 1], [1, 0], [0, 0], [1, 0]);
    const agents = [{ slots: 2 }, { slots: 1, availableFromMs: 5 }];
    const standardErrors = { ...EXACT, durationMs: 4 };
    const at = (seed: number, replications: number): SimulationResult =>
      simulate(many(5, 12), agents, assignment, { standardErrors, retries: 0.2 }, { seed, replications });
    const predicted = at(1, 4000).tasks;
    let numInside = 0;
    for (let seed = 100; seed < 500; seed++) {
      for (const [k, task] of at(seed, 1).tasks.entries()) {
        const [low, high] = predicted[k]!.endMs!.interval;
        if (task.endMs!.mean >= low && task.endMs!.mean <= high) numInside++;
      }
    }
    expect(numInside / 2000).toBeGreaterThan(0.87);
    expect(numInside / 2000).toBeLessThan(0.93);
  });

  it("spreads times by the standard error, by a default where there is none", () => {
    const widthOf = (durationMs: number): number => {
      const standardErrors = { ...EXACT, durationMs };
      const result = simulate(many(1, 100), [{ slots: 1 }], onOneSlot(1), { standardErrors }, { replications: 4000 });
      return Math.log(result.makespanMs!.interval[1] / result.makespanMs!.interval[0]);
    };
    const expected = (spread: number): number => 2 * 1.6449 * Math.sqrt(Math.log1p(spread ** 2));
    expect(widthOf(0) / expected(DEFAULT_DURATION_SPREAD)).toBeCloseTo(1, 1);
    expect(widthOf(60) / expected(0.6)).toBeCloseTo(1, 1);
  });

  it("draws the doubt about an agent's mean time once for all its tasks of a type", () => {
    // Two agents of 25 tasks each, every time with the same error, told apart or not.
    const twoAgents = placed(...Array.from({ length: 50 }, (_, k): [number, number] => [k % 2, 0]));
    const spanOf = (meanDurationMs: number) =>
      simulate(
        many(50),
        [{ slots: 1 }, { slots: 1 }],
        twoAgents,
        { successProbability: 1, standardErrors: { ...EXACT, durationMs: 5, meanDurationMs } },
        { replications: 1000 },
      ).makespanMs!;
    const [apart, together] = [spanOf(0), spanOf(4)];
    expect(together.mean).toBeGreaterThan(apart.mean * 1.1);
    const widthOf = ([low, high]: readonly [number, number]): number => high - low;
    expect(widthOf(together.interval)).toBeGreaterThan(3 * widthOf(apart.interval));
    // The larger of two log-normal sums with a common σ of √ln(1 + .4²) = .385: e^(σ²/2) · 2Φ(σ/√2) over their mean, nearly.
    expect(together.mean / 250).toBeCloseTo(1.21, 1);
  });

  it("does not start a task whose predecessor failed or was not started", () => {
    const tasks = [{ busyMs: 10 }, { busyMs: 10, after: [0] }, { busyMs: 10, after: [1] }, { busyMs: 10 }];
    const numbers = { successProbability: 0.6 };
    const result = simulate(tasks, [{ slots: 1 }], onOneSlot(4), numbers, { replications: 4000, maxRetries: 0 });
    const shareOf = (task: number): number => result.tasks.find((entry) => entry.task === task)!.startedShare;
    expect([0, 1, 2, 3].map(shareOf)).toEqual([1, expect.closeTo(0.6, 1), expect.closeTo(0.36, 1), 1]);
    // By where the chain breaks: (0 + .6)/2, (1 + .6)/3, (2 + .6 + .6)/4 of the started tasks succeed.
    const expected = 0.4 * 0.3 + 0.24 * (1.6 / 3) + 0.36 * 0.8;
    expect(Math.abs(result.successRate!.mean - expected)).toBeLessThan(0.02);
    const never = simulate(tasks, [{ slots: 1 }], onOneSlot(4), { successProbability: 0 }, { maxRetries: 0 });
    expect(never.tasks.find((entry) => entry.task === 1)).toMatchObject({ startedShare: 0, endMs: null });
    expect(never.makespanMs!.mean).toBeLessThan(25);
  });

  it("makes a task wait for its slot, its agent and its predecessors", () => {
    const tasks = [{ busyMs: 40 }, { busyMs: 5, after: [0] }, { busyMs: 5 }];
    const sure = { successProbability: 1 };
    const assignment = placed([0, 0], [1, 0], [1, 0]);
    const result = simulate(tasks, [{ slots: 1 }, { slots: 1, availableFromMs: 100 }], assignment, sure);
    const endOf = (task: number): number => result.tasks.find((entry) => entry.task === task)!.endMs!.interval[0];
    expect(endOf(2)).toBeGreaterThan(100);
    expect(endOf(1)).toBeGreaterThan(endOf(2));
  });

  it("is the same for the same seed and the same task whatever else is planned", () => {
    const at = (seed: number, count: number): SimulationResult => {
      const places = Array.from({ length: count }, (_, task): [number, number] => [task % 2, 0]);
      return simulate(many(count), [{ slots: 1 }, { slots: 1 }], placed(...places), {}, { seed });
    };
    expect(at(3, 4)).toStrictEqual(at(3, 4));
    expect(at(4, 4)).not.toStrictEqual(at(3, 4));
    expect(at(3, 2).tasks).toStrictEqual(at(3, 4).tasks.slice(0, 2));
  });

  it("has nulls for an empty plan", () => {
    const result = simulate(many(1), [{ slots: 1 }], placed(null));
    expect(result).toMatchObject({ tasks: [], successRate: null, makespanMs: null, confidenceDelta: null });
  });
});
