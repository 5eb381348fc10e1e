import { type FullProblem, PLAIN_AGENT, PLAIN_PROBLEM, PLAIN_TASK } from "../../src/domain/problem.js";
import type { Instance } from "../../models/instance.js";
import { buildInstance, type InstanceOptions } from "../../src/planner/instance/build-instance.js";

export const PLAIN_OPTIONS: InstanceOptions = { budget: null, deferPenalty: null, noDefer: false, riskAversion: 0 };

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };

/** 3 tasks × 2 agents with every row family in it: slots, capacity, count, budget, a deadline, availability, a dependency. */
export function goldenProblem(): FullProblem {
  const numbers = [
    [0.9, 400, 0.1, 0.05, 4, 0.7, 300, 0.4, 0.02, 2],
    [0.8, 500, 0.25, 0.03, 5, 0.95, 700, 0.05, 0.06, 3],
    [0.6, 600, 0.5, 0.01, 6, 0.92, 200, 0.1, 0.04, 7],
  ] as const;
  const estimate = (row: readonly number[], at: number) => ({
    successProbability: row[at]!,
    durationMs: row[at + 1]!,
    retries: row[at + 2]!,
    confidenceDelta: row[at + 3]!,
    cost: row[at + 4]!,
    standardErrors: NO_ERRORS,
  });
  return {
    ...PLAIN_PROBLEM,
    agents: [
      { ...PLAIN_AGENT, agentId: "ada", slots: 2, capacityMs: 800 },
      { ...PLAIN_AGENT, agentId: "bob", maxTasks: 2, availableFromMs: 100 },
    ],
    tasks: numbers.map((row, k) => ({
      ...PLAIN_TASK,
      taskId: `t${k + 1}`,
      riskLevel: (["LOW", "MEDIUM", "HIGH"] as const)[k]!,
      confidence: 0.9,
      weight: k === 0 ? 2 : 1,
      deadlineMs: k === 1 ? 1000 : null,
      dependsOn: k === 2 ? ["t1"] : [],
      estimates: { ada: estimate(row, 0), bob: estimate(row, 5) },
    })),
  };
}

/** Without its timing: what rows and engines that know no order are tested on. */
export function goldenInstance(): Instance {
  return { ...buildInstance(goldenProblem(), { ...PLAIN_OPTIONS, budget: 12 }), timing: null };
}

/** The same with times: two absences, an agent that leaves, a release, and a pool that two tasks cannot use together. */
function timedProblem(): FullProblem {
  const plain = goldenProblem();
  const uses: readonly Readonly<Record<string, number>>[] = [{ gpu: 2 }, { gpu: 2, seat: 1 }, { gpu: 1 }];
  return {
    ...plain,
    pools: { gpu: 3, seat: 4 },
    agents: plain.agents.map((agent, j) =>
      j === 0
        ? { ...agent, unavailable: [[200, 300] as const, [900, 1000] as const] }
        : { ...agent, availableUntilMs: 3000 },
    ),
    tasks: plain.tasks.map((task, i) => ({ ...task, uses: uses[i]!, releaseMs: i === 1 ? 50 : 0 })),
  };
}

export function timedInstance(): Instance {
  return buildInstance(timedProblem(), { ...PLAIN_OPTIONS, budget: 12 });
}
