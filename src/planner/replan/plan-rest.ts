import type { FullProblem, LoadLimit, SolveOptions, SolveResult } from "../../domain/index.js";
import type { PlanContext } from "../solve/plan-context.js";
import { solveProblem } from "../solve/solve-problem.js";
import type { PlanBefore } from "../verify/places-before.js";
import { restProblem } from "./rest-problem.js";
import type { WaveState } from "./wave-state.js";

/** How the rest of a wave is planned. */
export interface RestCall {
  readonly options: SolveOptions;
  /** What each changed task costs, a share of the first goal's value. */
  readonly stay: number;
  /** Whether there is time for the whole search after that near the plan before; default no. */
  readonly goesOn?: boolean;
  readonly context: PlanContext;
}

/** A plan for what is left of a wave, in the wave's own times. */
export interface RestPlan {
  readonly rest: FullProblem;
  readonly options: SolveOptions;
  readonly result: SolveResult;
}

/**
 * Plans what is left of a wave near the plan before: what has ended stands, what runs goes on, and each changed assignment has a price.
 * Who waits for it sets a short time limit; where nobody does, the work alone ends it.
 */
export async function planRest(
  problem: FullProblem,
  state: WaveState,
  plan: PlanBefore,
  { options, stay, goesOn = false, context }: RestCall,
): Promise<RestPlan> {
  const rest = restProblem(problem, state, options.maxRetries);
  const restOptions = {
    ...options,
    budget: rest.options.budget ?? null,
    loadLimit: roomFor(options.loadLimit, rest, state),
  };
  const request = { plan, price: stay, running: state.running, isQuick: true as const, goesOn };
  const result = await solveProblem(rest, restOptions, { ...context, stay: request });
  return { rest, options: restOptions, result };
}

/** A load limit in milliseconds that what runs keeps: it is there, whatever the limit. */
function roomFor(limit: LoadLimit | null, { tasks }: FullProblem, { running }: WaveState): LoadLimit | null {
  if (limit?.kind !== "absolute") return limit;
  const longestMs = tasks.reduce((longest, { taskId, estimates }) => {
    const one = running.get(taskId);
    return one === undefined ? longest : Math.max(longest, estimates[one.agentId]!.durationMs);
  }, 0);
  return longestMs <= limit.limitMs ? limit : { kind: "absolute", limitMs: longestMs };
}
