import { createRandom, type Random } from "../../src/domain/random.js";
import { NO_HEURISTICS } from "../../src/domain/history.js";
import type { FullProblem } from "../../src/domain/problem.js";
import type { AttemptRequest, AttemptResult, Executor } from "../../src/pipeline/execute/executor.js";
import { predictedWorld } from "../../src/pipeline/execute/predicted-world.js";
import { SimulatedExecutor } from "../../src/pipeline/execute/simulated-executor.js";

/** What befalls a wave at a third of it. */
export const EVENTS = ["dead", "hangs", "slow", "flapping", "budget", "added"] as const;
export type EventKind = (typeof EVENTS)[number];

export const MAX_RETRIES = 2;
const SLOW_FACTOR = 50;
/** An attempt that hangs is given up after so many predicted durations. */
const HANG_FACTOR = 10;
/** How long an agent that is gone takes to say so. */
const ERROR_MS = 5;
/** What attempts cost from the event on, times what was expected. */
export const COST_FACTOR = 2;
/** A flapping agent is gone and back in turn, each for so long. */
const FLAP_MS = 4_000;

/** An event of one wave. */
export interface WaveEvent {
  readonly kind: EventKind;
  readonly atMs: number;
  /** Whom it befalls; of no meaning where money or a task is at stake. */
  readonly agentId: string;
}

interface Row {
  readonly [name: string]: unknown;
}

/** One wave: every pair has its own chance and time, tasks have weights. */
export function waveDocument(seed: number, numTasks: number, numAgents: number): { agents: Row[]; tasks: Row[] } {
  const random = createRandom(seed);
  return {
    agents: Array.from({ length: numAgents }, (_, j) => ({ agent_id: `agent_${j}` })),
    tasks: Array.from({ length: numTasks }, (_, k) => taskRow(k, numAgents, random)),
  };
}

export function taskRow(k: number, numAgents: number, random: Random): Row {
  const estimates = Object.fromEntries(
    Array.from({ length: numAgents }, (_, j) => [
      `agent_${j}`,
      {
        success_probability: 0.75 + 0.24 * random.unit(),
        duration_ms: 500 + 1_500 * random.unit(),
        retries: 0.1,
        confidence_delta: 0.02,
        cost: 0.5 + random.unit(),
      },
    ]),
  );
  const weight = 1 + random.below(3);
  return { task_id: `t${String(k).padStart(3, "0")}`, risk_level: "LOW", confidence: 0.8, weight, estimates };
}

/**
 * Plays attempts as predicted, but for what the event does to them. Luck is that of the task, whoever makes the attempt; an attempt that
 * the agent did not make takes none of the task's.
 */
export function eventfulExecutor(problem: FullProblem, event: WaveEvent, seed: number): Executor {
  const rules = { heuristics: NO_HEURISTICS, maxRetries: MAX_RETRIES };
  const plain = new SimulatedExecutor({ seed, world: predictedWorld(problem, rules) });
  const costs = new Map(problem.tasks.map(({ taskId, estimates }) => [taskId, estimates]));
  const notMade = new Map<string, number>();
  return {
    ...{ name: "eventful", execution: "real", time: "virtual" },
    execute: async (request) => {
      const missed = notMade.get(request.taskId) ?? 0;
      const answer = await plain.execute({ ...request, attempt: request.attempt - missed });
      if (event.kind === "budget") {
        const { cost, retries } = costs.get(request.taskId)![request.agentId]!;
        return { ...answer, cost: (cost / (1 + retries)) * (request.startMs >= event.atMs ? COST_FACTOR : 1) };
      }
      if (request.agentId !== event.agentId) return answer;
      const befallen = befall(event, request, answer);
      if (befallen.errorKind === "agent") notMade.set(request.taskId, missed + 1);
      return befallen;
    },
  };
}

function befall({ kind, atMs }: WaveEvent, request: AttemptRequest, answer: AttemptResult): AttemptResult {
  const { startMs, predicted } = request;
  const durationMs = answer.durationMs!;
  if (startMs + durationMs <= atMs) return answer;
  const afterMs = Math.max(0, atMs - startMs);
  const gone = (ms: number): AttemptResult => {
    return { succeeded: false, durationMs: ms, errorKind: "agent", errorMessage: "no answer" };
  };
  switch (kind) {
    case "dead":
      return gone(afterMs === 0 ? ERROR_MS : afterMs);
    case "hangs":
      return gone(HANG_FACTOR * predicted.durationMs);
    case "slow":
      return { ...answer, durationMs: afterMs + SLOW_FACTOR * (durationMs - afterMs) };
    case "flapping": {
      const phaseMs = Math.max(0, startMs - atMs) % (2 * FLAP_MS);
      if (afterMs > 0) return gone(afterMs);
      if (phaseMs < FLAP_MS) return gone(ERROR_MS);
      // It goes again before the attempt has ended.
      const leftMs = 2 * FLAP_MS - phaseMs;
      return durationMs <= leftMs ? answer : gone(leftMs);
    }
    case "budget":
    case "added":
      return answer;
  }
}
