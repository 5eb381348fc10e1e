import type { LearnedStateDocument, Phase18Feedback } from "../../domain/schemas/index.js";
import type { RunDigest } from "../report/digest.js";
import type { Run } from "./run.js";

const MAX_REASONS = 8;

/** What the reports of a run tell, from what its parts found. */
export function runDigest(
  run: Run,
  found: Pick<RunDigest, "summary" | "health" | "signals" | "anomalies" | "alerts" | "metrics"> & {
    readonly state: LearnedStateDocument;
    /** Of all waves together. */
    readonly agents: Phase18Feedback["agent_performance"];
  },
): RunDigest {
  const { totals, loop, monitor, start, relaxedWaves } = run;
  const { state, agents, ...documents } = found;
  const utilization = monitor.monitorAgentUtilization();
  const deferrals = [...totals.deferrals.values()].sort((a, b) => b.count - a.count);
  return {
    ...documents,
    waves: totals.waves,
    calibration: totals.calibration,
    gate: { ...totals.gate, relaxedWaves },
    deferrals: {
      total: deferrals.reduce((sum, { count }) => sum + count, 0),
      final: totals.numLeftOut,
      // The headline counts those nobody reported on, however rare they are.
      topReasons: deferrals.filter(({ stage }, k) => k < MAX_REASONS || stage === "unreported"),
    },
    weights: { before: start.stateBefore.real.heuristic_weights, after: state.real.heuristic_weights },
    heuristicUplift: loop.heuristicUplift(),
    strategyEffectiveness: loop.evaluateStrategyEffectiveness(),
    failures: loop.failureGroups().map(({ wave, agentId, cause, count, examples }) => ({
      ...{ wave, agentId, cause: cause.replaceAll("_", " "), count },
      examples: examples.flatMap(({ taskId }) => taskId ?? []),
    })),
    adjustments: loop.adjustments(),
    agents: Object.entries(agents).map(([agentId, agent]) => ({
      agentId,
      tasks: agent.tasks,
      plannedSuccessRate: agent.planned_success_rate,
      actualSuccessRate: agent.actual_success_rate,
      plannedUtilization: utilization[agentId]?.planned ?? null,
      actualUtilization: utilization[agentId]?.actual ?? null,
    })),
  };
}
