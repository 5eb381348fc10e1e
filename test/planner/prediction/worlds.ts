import type { AgentRecord, Heuristics, History, OutcomeRow } from "../../../src/domain/history.js";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../../src/domain/history.js";
import {
  type Agent,
  type Estimate,
  type GivenEstimate,
  PLAIN_AGENT,
  PLAIN_PROBLEM,
  PLAIN_TASK,
  type Problem,
  type Task,
} from "../../../src/domain/problem.js";
import { fillEstimates } from "../../../src/planner/prediction/fill-estimates.js";

/** The heuristics of the neighbouring phase, at their published numbers. */
export const HEURISTICS: Heuristics = {
  ...NO_HEURISTICS,
  boost: { riskLevels: ["MEDIUM"], from: 0.7, to: 0.75, amount: 0.05 },
  retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
};

export function agent(agentId: string, over: Partial<Agent> = {}): Agent {
  return { ...PLAIN_AGENT, agentId, ...over };
}

export function task(taskId: string, over: Partial<Task> = {}): Task {
  return { ...PLAIN_TASK, taskId, riskLevel: "LOW", confidence: 0.8, ...over };
}

export function problem(agents: readonly Agent[], tasks: readonly Task[]): Problem {
  return { ...PLAIN_PROBLEM, agents, tasks };
}

export function row(over: Partial<OutcomeRow> = {}): OutcomeRow {
  return {
    ...{ source: "phase18", taskId: "t", agentId: "agent_0", wave: 1, succeeded: true, attempts: 1 },
    ...{ confidenceBefore: 0.8, confidenceDelta: 0.02, executionTimeMs: 30, riskLevel: "LOW", taskType: null },
    timestamp: null,
    ...over,
  };
}

/** `count` rows with distinct task ids, the first `successes` of them successful. */
export function rows(count: number, successes: number, over: Partial<OutcomeRow> = {}): OutcomeRow[] {
  return Array.from({ length: count }, (_, k) => row({ taskId: `past_${k}`, succeeded: k < successes, ...over }));
}

export function record(agentId: string, over: Partial<AgentRecord> = {}): AgentRecord {
  const silent = { successRate: null, retryRate: null, confidenceDelta: null, executionTimeMs: null, numTasks: null };
  return { agentId, ...silent, successHistory: [], ...over };
}

export function history(over: Partial<History>): History {
  return { ...EMPTY_HISTORY, ...over };
}

/** Estimate of one task on one agent of a fleet of two. */
export function predict(past: History, over: Partial<Task> = {}, agentId = "agent_0", maxRetries = 0): Estimate {
  const wave = problem([agent("agent_0"), agent("agent_1")], [task("t", over)]);
  return fillEstimates(wave, past, NO_HEURISTICS, { maxRetries }).tasks[0]!.estimates[agentId]!;
}

export function fillGiven(given: GivenEstimate, maxRetries: number, over: Partial<Agent> = {}): Estimate {
  const wave = problem([agent("agent_0", over)], [task("t", { estimates: { agent_0: given } })]);
  return fillEstimates(wave, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries }).tasks[0]!.estimates["agent_0"]!;
}
