import type { FullProblem, Heuristics, SolveOptions } from "../../../domain/index.js";
import { DEFAULT_STAY, planRest, REPLAN_TIME_LIMIT_MS, type WaveState } from "../../../planner/index.js";

/** Where and when a task is planned. */
export interface RestPlace {
  readonly taskId: string;
  readonly agentId: string;
  readonly slot: number;
  /** Milliseconds from the start of the wave. */
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Plans what is left of a wave near where it is; null where there is no plan.
 *
 * @param present where what waits and what runs is
 * @param unplaced tasks that came since
 */
export type PlanRest = (
  state: WaveState,
  present: readonly Omit<RestPlace, "endMs">[],
  unplaced: ReadonlySet<string>,
) => Promise<readonly RestPlace[] | null>;

interface RestPlannerOptions {
  /** How the wave was planned. */
  readonly planning: SolveOptions;
  readonly heuristics: Heuristics;
  /** Nobody waits: then the work alone ends a plan, and equal seeds give equal bytes. */
  readonly isVirtual: boolean;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
}

/** Moves of a plan in virtual time: about what 150 ms are good for. */
const VIRTUAL_MOVES = 200_000;
const VIRTUAL_TIME_LIMIT_MS = 60_000;

/**
 * Replanning within a wave: the optimizer on what is left, within 150 ms, with a price on every changed assignment.
 *
 * @param problem its tasks are looked at anew with every plan, for some may come; those that neither wait nor run are left out
 * @param budget money of the whole run; null: no limit
 */
export function restPlanner(
  problem: FullProblem,
  budget: number | null,
  { planning, heuristics, isVirtual, clock, signal }: RestPlannerOptions,
): PlanRest {
  const options: SolveOptions = {
    ...planning,
    ...{ budget, noDefer: false, exploration: 0, solver: "greedy" },
    ...(isVirtual
      ? { timeLimitMs: VIRTUAL_TIME_LIMIT_MS, workLimit: VIRTUAL_MOVES }
      : { timeLimitMs: REPLAN_TIME_LIMIT_MS }),
  };
  return async (state, present, unplaced) => {
    const near = new Set([...present.map(({ taskId }) => taskId), ...state.finished, ...state.lost, ...unplaced]);
    const tasks = problem.tasks.filter(({ taskId }) => near.has(taskId));
    const { result } = await planRest(
      { ...problem, tasks, options: { ...problem.options, budget } },
      state,
      { schedule: present.map(({ taskId, agentId, slot, startMs }) => asEntry(taskId, agentId, slot, startMs)) },
      {
        ...{ options, stay: DEFAULT_STAY },
        context: { clock, now: () => 0, fixedNow: true, startMs: clock(), heuristics, ...(signal && { signal }) },
      },
    );
    if (result.schedule.length === 0) return null;
    return result.schedule.map(({ task_id, agent_id, slot, start_ms, end_ms }) => {
      return { taskId: task_id, agentId: agent_id, slot, startMs: start_ms, endMs: end_ms };
    });
  };
}

function asEntry(taskId: string, agentId: string, slot: number, startMs: number) {
  return { task_id: taskId, agent_id: agentId, slot, start_ms: startMs };
}
