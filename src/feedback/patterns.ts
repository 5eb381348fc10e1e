import type { ExecutionKind } from "../domain/run.js";
import type { PatternRow } from "../domain/schemas/phase19-run.js";
import { compareIds, recordOf } from "../domain/ids.js";
import { totalAgents, type AgentNumbers, type WaveStatistics } from "./run-statistics.js";

/** Tasks an agent must have ended of a type, and points it must differ from the others, to be called a specialist. */
export const SPECIALIST_TASKS = 5;
export const SPECIALIST_EDGE = 0.1;
/** Trust in a pattern of n tasks is n / (n + 10): the predictor counts a fully trusted one as ten trials. */
export const PATTERN_SCALE = 10;
/** Spread of the loads a slot over the largest one, from which on a load is called imbalanced. */
export const IMBALANCE_MIN = 0.5;

type Pattern = Omit<PatternRow, "execution" | "timestamp" | "pattern_id">;

/** Patterns of this run, in the shape Phase 18 writes and the loader reads back. Empty where nothing ran. */
export function findPatterns(
  waves: readonly WaveStatistics[],
  execution: ExecutionKind,
  timestamp: string,
): PatternRow[] {
  const agents = totalAgents(waves);
  if (!agents.some((agent) => agent.tasks > 0)) return [];
  const found = [...specializations(agents), loadPattern(agents), efficiencyPattern(agents)];
  return found.map((pattern, k) => ({ pattern_id: `P19_PATTERN_${k + 1}`, ...pattern, execution, timestamp }));
}

/** Agents better or worse at a type than the others are at it. */
function specializations(agents: readonly AgentNumbers[]): Pattern[] {
  const types = [...new Set(agents.flatMap((agent) => [...agent.types.keys()]))].sort(compareIds);
  return types.flatMap((type) => {
    const parts = agents.flatMap((agent) => {
      const counts = agent.types.get(type);
      return counts === undefined ? [] : [{ agent, ...counts }];
    });
    return parts.flatMap(({ agent, tasks, successes }): Pattern[] => {
      const others = parts.filter((part) => part.agent !== agent);
      const otherTasks = others.reduce((sum, part) => sum + part.tasks, 0);
      if (tasks < SPECIALIST_TASKS || otherTasks < SPECIALIST_TASKS) return [];
      const rate = successes / tasks;
      const otherRate = others.reduce((sum, part) => sum + part.successes, 0) / otherTasks;
      if (Math.abs(rate - otherRate) < SPECIALIST_EDGE) return [];
      const word = rate > otherRate ? "better" : "worse";
      return [
        {
          pattern_type: "agent_specialization",
          description: `${agent.agentId} is ${word} at ${type} than the others: ${percent(rate)} of ${tasks} tasks against ${percent(otherRate)} of ${otherTasks}`,
          agent_assignments: recordOf([[agent.agentId, [type]]]),
          success_rate: rate,
          confidence: trust(Math.min(tasks, otherTasks)),
        },
      ];
    });
  });
}

function loadPattern(agents: readonly AgentNumbers[]): Pattern {
  const loads = agents.map(({ busyMs, slots }) => busyMs / slots);
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const imbalance = most > 0 ? (most - least) / most : 0;
  return {
    pattern_type: imbalance >= IMBALANCE_MIN ? "load_imbalance" : "load_balanced",
    description: `busy time a slot from ${least.toFixed(0)} to ${most.toFixed(0)} ms over ${agents.length} agents: they differ by ${percent(imbalance)} of the largest`,
    ...common(agents),
  };
}

function efficiencyPattern(agents: readonly AgentNumbers[]): Pattern {
  const busyMs = agents.reduce((sum, agent) => sum + agent.busyMs, 0);
  const offeredMs = agents.reduce((sum, { slots, makespanMs }) => sum + slots * makespanMs, 0);
  const efficiency = offeredMs > 0 ? Math.min(1, busyMs / offeredMs) : 0;
  return {
    pattern_type: "parallel_efficiency",
    description: `${percent(efficiency)} of the slots' time was busy: ${busyMs.toFixed(0)} of ${offeredMs.toFixed(0)} ms`,
    ...common(agents),
  };
}

function common(agents: readonly AgentNumbers[]): Pick<Pattern, "agent_assignments" | "success_rate" | "confidence"> {
  const tasks = agents.reduce((sum, agent) => sum + agent.tasks, 0);
  const successes = agents.reduce((sum, agent) => sum + agent.successes, 0);
  return {
    agent_assignments: recordOf(
      agents.map(({ agentId, tasks: own, busyMs }) => [agentId, [`${own} tasks`, `${busyMs.toFixed(0)} ms busy`]]),
    ),
    success_rate: tasks > 0 ? successes / tasks : null,
    confidence: trust(tasks),
  };
}

function trust(tasks: number): number {
  return tasks / (tasks + PATTERN_SCALE);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
