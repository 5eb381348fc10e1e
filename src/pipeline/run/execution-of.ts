import type { PlanExecution } from "../execute/execute-plan.js";
import { auditDecision, auditHealth, auditMove } from "./audit-rows.js";
import { attemptNews, healthNews, moveNews, startNews } from "./events.js";
import type { WavePlan } from "./plan-wave.js";
import type { Run } from "./run.js";

/** How a wave of a run is executed: with its executor, its money and its journal; whatever happens is told and audited. */
export function executionOf(run: Run, plan: WavePlan): Omit<PlanExecution, "wave"> {
  const { options, context, audit, start } = run;
  const { signal, executor, attemptTimeoutMs, retryDelayMs, reassignment = true } = options;
  const { journal } = start;
  const { wave } = plan;
  const rows = new Map(run.queue.pending(wave).map(({ task, row }) => [task.taskId, row]));
  return {
    ...{ runId: start.runId, executor: executor ?? null, heuristics: plan.heuristics, reassignment },
    planning: { ...context.planning, strategy: plan.strategy },
    ...{ maxRetries: context.planning.maxRetries, seed: context.planning.seed, clock: context.clock },
    ...{ health: run.health, purse: run.purse, taskRow: (taskId: string) => rows.get(taskId) },
    ...(signal && { signal }),
    ...(attemptTimeoutMs !== undefined && { attemptTimeoutMs }),
    ...(retryDelayMs !== undefined && { retryDelayMs }),
    ...(journal && { journal: journal.ofWave(wave) }),
    onStart: (request) => run.tell(wave, startNews(request)),
    onAttempt: (attempt) => run.tell(wave, attemptNews(attempt)),
    onDecision: (decision) => auditDecision(audit, wave, decision),
    onMove: (move) => {
      journal?.move(wave, move);
      auditMove(audit, wave, move);
      run.tell(wave, moveNews(move));
    },
    onHealth: (change) => {
      journal?.changeAgent(wave, change);
      auditHealth(audit, wave, change);
      run.tell(wave, healthNews(change));
    },
  };
}
