import { DEFERRED } from "../../models/instance.js";
import { BASELINES } from "../../src/planner/heuristics/baselines.js";
import type { Estimate } from "../../src/domain/problem.js";
import type { History } from "../../src/domain/history.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { baselineSuccess, DEFAULT_VALUES } from "../../src/planner/prediction/prior.js";
import { problemOf } from "./oracle.js";
import { drawOutcome } from "./outcomes.js";
import type { HeuristicName } from "./policies.js";
import type { Plan } from "./scores.js";
import { planningOptions } from "./solving.js";
import { AGGREGATED_TASKS } from "./starting-history.js";
import { limitedAgents } from "./tasks.js";
import type { HiddenTask } from "./truth.js";
import type { World } from "./worlds.js";

interface Record {
  tasks: number;
  successes: number;
  totalTimeMs: number;
  totalGain: number;
}

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 } as const;

/**
 * One rule of thumb, wave after wave. It learns what the specification's formula can use, the overall record of each
 * agent (success, time, gain), from its own outcomes and the starting history; of types it knows nothing.
 */
export class HeuristicPolicy {
  readonly #records = new Map<string, Record>();

  constructor(
    readonly name: HeuristicName,
    private readonly world: World,
    history: History,
  ) {
    const counts = countRows(history);
    for (const agentId of world.agentIds) {
      const known = history.agents.find((agent) => agent.agentId === agentId);
      const rows = counts.get(agentId);
      if (rows !== undefined) this.#records.set(agentId, rows);
      else {
        const { fleet } = history;
        const value = (name: "successRate" | "executionTimeMs" | "confidenceDelta"): number =>
          known?.[name] ?? fleet[name] ?? DEFAULT_VALUES[name];
        this.#records.set(agentId, {
          tasks: AGGREGATED_TASKS,
          successes: AGGREGATED_TASKS * value("successRate"),
          totalTimeMs: AGGREGATED_TASKS * value("executionTimeMs"),
          totalGain: AGGREGATED_TASKS * value("confidenceDelta"),
        });
      }
    }
  }

  /** Plans a wave by the rule, under the limits all obey. */
  plan(wave: number, tasks: readonly HiddenTask[]): Plan {
    const problem = problemOf(limitedAgents(this.world, wave), tasks, (task, agentId) => this.#estimate(task, agentId));
    const instance = buildInstance(problem, planningOptions(this.world));
    const baseline = BASELINES.find(({ name }) => name === this.name)!;
    const { agentOf } = baseline.plan({ problem, instance }, [], this.world.seed);
    return new Map(
      tasks.flatMap(({ taskId }, task): [string, string][] =>
        agentOf[task] === DEFERRED ? [] : [[taskId, instance.agentIds[agentOf[task]!]!]],
      ),
    );
  }

  /** Sees what came of its plan. */
  learn(tasks: readonly HiddenTask[], plan: Plan): void {
    for (const task of tasks) {
      const agentId = plan.get(task.taskId);
      if (agentId !== undefined) add(this.#records.get(agentId)!, drawOutcome(this.world, task, agentId));
    }
  }

  /** With one trial a task nobody retries: an agent's retries are those its failures would have asked for. */
  #estimate({ confidence, riskLevel }: HiddenTask, agentId: string): Estimate {
    const { tasks, successes, totalTimeMs, totalGain } = this.#records.get(agentId)!;
    const rate = successes / tasks;
    const retries = 1 - rate;
    return {
      successProbability: baselineSuccess(confidence, rate, riskLevel),
      // Busy time is duration · (1 + retries), and that is to be one attempt's time.
      durationMs: totalTimeMs / tasks / (1 + retries),
      ...{ retries, confidenceDelta: totalGain / tasks, cost: 0, standardErrors: NO_ERRORS },
    };
  }
}

function add(record: Record, { succeeded, durationMs, confidenceDelta }: ReturnType<typeof drawOutcome>): void {
  record.tasks++;
  record.successes += succeeded ? 1 : 0;
  record.totalTimeMs += durationMs;
  record.totalGain += confidenceDelta;
}

function countRows({ outcomes }: History): Map<string, Record> {
  const counts = new Map<string, Record>();
  for (const { agentId, succeeded, executionTimeMs, confidenceDelta } of outcomes) {
    if (agentId === null) continue;
    const record = counts.get(agentId) ?? { tasks: 0, successes: 0, totalTimeMs: 0, totalGain: 0 };
    counts.set(agentId, record);
    add(record, { succeeded, durationMs: executionTimeMs ?? 0, confidenceDelta: confidenceDelta ?? 0 });
  }
  return counts;
}
