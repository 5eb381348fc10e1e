import type { AgentChange } from "../../../../src/pipeline/execute/settings.js";
import { executePlan } from "../../../../src/pipeline/execute/execute-plan.js";
import type { AttemptRequest, AttemptResult, Executor } from "../../../../src/pipeline/execute/executor.js";
import type { WaveInbox } from "../../../../src/pipeline/execute/live/inbox.js";
import { Purse } from "../../../../src/pipeline/execute/live/purse.js";
import type { Move } from "../../../../src/pipeline/execute/live/mover.js";
import { NO_HEURISTICS } from "../../../../src/domain/history.js";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { planned } from "../plans.js";

type Answer = (request: AttemptRequest) => Partial<AttemptResult>;

export interface World {
  /** Agents, each with one slot; tasks are dealt to them in turn, 100 ms each. */
  readonly agents: readonly string[];
  readonly numTasks: number;
  readonly answer: Answer;
  readonly budget?: number;
  readonly dependsOn?: (k: number) => string[];
  readonly attemptTimeoutMs?: number;
  readonly retryDelayMs?: number;
  /** Milliseconds and cost of an attempt, by agent; default 100 and 10. */
  readonly ms?: (agentId: string) => number;
  readonly cost?: (agentId: string) => number;
  readonly slots?: number;
  readonly inbox?: WaveInbox;
  readonly reassignment?: boolean;
  /** Tasks that only their own agent can take. */
  readonly pinned?: boolean;
}

/** Runs a wave in virtual time; an answer without a time takes 100 ms. */
export async function play({
  agents,
  numTasks,
  answer,
  pinned = false,
  dependsOn = () => [],
  budget,
  ...world
}: World) {
  const { ms = () => 100, cost = () => 10, slots = 1, reassignment = true, ...more } = world;
  const requests: AttemptRequest[] = [];
  const moves: Move[] = [];
  const changes: AgentChange[] = [];
  const agentOf = (k: number): string => agents[k % agents.length]!;
  const numPlaces = agents.length * slots;
  const estimate = (agentId: string) => {
    return { duration_ms: ms(agentId), success_probability: 0.9, retries: 0, confidence_delta: 0, cost: cost(agentId) };
  };
  const problem = fillFromPrior(
    parseProblem(
      {
        agents: agents.map((agent_id) => ({ agent_id, slots })),
        tasks: Array.from({ length: numTasks }, (_, k) => ({
          ...{ task_id: `t${k}`, risk_level: "LOW", confidence: 0.8, depends_on: dependsOn(k) },
          estimates: Object.fromEntries(agents.map((agentId) => [agentId, estimate(agentId)])),
          ...(pinned && { pinned_agent: agentOf(k) }),
        })),
      },
      "problem",
    ),
    { maxRetries: 2 },
  );
  const plan = problem.tasks.map(({ taskId, dependsOn: before }) => {
    const k = Number(taskId.slice(1));
    const [agentId, slot] = [agentOf(k), Math.floor(k / agents.length) % slots];
    const startMs = ms(agentId) * Math.floor(k / numPlaces);
    return planned(taskId, agentId, startMs, { slot, durationMs: ms(agentId), dependsOn: before, cost: cost(agentId) });
  });
  const executor: Executor = {
    ...{ name: "played", execution: "real", time: "virtual" },
    execute: async (request) => {
      requests.push(request);
      return { succeeded: true, durationMs: ms(request.agentId), ...answer(request) };
    },
  };
  const result = await executePlan(problem, plan, {
    ...{ runId: "r", wave: 1, executor, heuristics: NO_HEURISTICS, maxRetries: 2, seed: 1, reassignment },
    ...{ clock: () => performance.now(), onMove: (move: Move) => void moves.push(move), ...more },
    ...(budget !== undefined && { purse: new Purse(budget) }),
    onHealth: (change) => void changes.push(change),
  });
  const completed = result.tasks.filter(({ succeeded }) => succeeded);
  const makespanMs = Math.max(0, ...result.tasks.map(({ endMs }) => endMs));
  return { result, requests, moves, changes, numCompleted: completed.length, makespanMs };
}
