import { compareIds, type RiskLevel, type WaveRecord } from "../../domain/index.js";
import { collectFailures, type Failure } from "./failures.js";
import { addCounts, countApplications, type HeuristicCounts } from "./heuristic-weights.js";
import { actualBusyMs, attemptsByAgent, judgedTasks, plannedBusyMs, sumOf } from "./judged-tasks.js";
import { measureWave, type WaveOutcome } from "./wave-outcome.js";

/** One agent in one wave, over the tasks that ran to their end. */
export interface AgentNumbers {
  readonly agentId: string;
  readonly slots: number;
  /** Tasks whose last attempt was its own. */
  readonly tasks: number;
  readonly successes: number;
  /** ΣP of the tasks planned for it, and their number. */
  readonly plannedTasks: number;
  readonly plannedSuccesses: number;
  readonly plannedBusyMs: number;
  /** Of all its attempts. */
  readonly busyMs: number;
  /** From the start of the wave to its last end. */
  readonly makespanMs: number;
  /** By task type; tasks without a type are left out. */
  readonly types: ReadonlyMap<string, TypeNumbers>;
}

/** An agent's tasks of one type. */
export interface TypeNumbers {
  readonly tasks: number;
  readonly successes: number;
  /** Tasks by risk. */
  readonly risks: ReadonlyMap<RiskLevel, number>;
}

/** What is kept of a wave: numbers and a few examples, never its record. */
export interface WaveStatistics {
  readonly outcome: WaveOutcome;
  readonly agents: readonly AgentNumbers[];
  readonly applications: HeuristicCounts;
  readonly failures: readonly Failure[];
}

/** Condenses a wave. O(tasks + attempts + agents). */
export function condenseWave(record: WaveRecord): WaveStatistics {
  return {
    outcome: measureWave(record),
    agents: numbersOfAgents(record),
    applications: countApplications(record),
    failures: collectFailures(record),
  };
}

/** Heuristic applications of all waves together. */
export function totalApplications(waves: readonly WaveStatistics[]): HeuristicCounts {
  return waves.reduce<HeuristicCounts>((sum, wave) => addCounts(sum, wave.applications), {});
}

/** An agent's waves as one; its makespans add up, because waves are barriers. Ascending by id. */
export function totalAgents(waves: readonly WaveStatistics[]): AgentNumbers[] {
  const totals = new Map<string, AgentNumbers>();
  for (const { agents } of waves) {
    for (const agent of agents) {
      const known = totals.get(agent.agentId);
      totals.set(agent.agentId, known === undefined ? agent : addNumbers(known, agent));
    }
  }
  return [...totals.values()].sort((a, b) => compareIds(a.agentId, b.agentId));
}

/** Busy time over slots · makespan, in [0, 1]; null where no time passed. */
export function utilizationOf({ busyMs, slots, makespanMs }: AgentNumbers): number | null {
  return makespanMs > 0 ? Math.min(1, busyMs / (slots * makespanMs)) : null;
}

const NO_TASKS: TypeNumbers = { tasks: 0, successes: 0, risks: new Map() };

function addTypes(a: TypeNumbers, b: TypeNumbers): TypeNumbers {
  const risks = new Map(a.risks);
  for (const [risk, count] of b.risks) risks.set(risk, (risks.get(risk) ?? 0) + count);
  return { tasks: a.tasks + b.tasks, successes: a.successes + b.successes, risks };
}

function addNumbers(a: AgentNumbers, b: AgentNumbers): AgentNumbers {
  const types = new Map(a.types);
  for (const [type, numbers] of b.types) types.set(type, addTypes(types.get(type) ?? NO_TASKS, numbers));
  return {
    agentId: a.agentId,
    slots: Math.max(a.slots, b.slots),
    tasks: a.tasks + b.tasks,
    successes: a.successes + b.successes,
    plannedTasks: a.plannedTasks + b.plannedTasks,
    plannedSuccesses: a.plannedSuccesses + b.plannedSuccesses,
    plannedBusyMs: a.plannedBusyMs + b.plannedBusyMs,
    busyMs: a.busyMs + b.busyMs,
    makespanMs: a.makespanMs + b.makespanMs,
    types,
  };
}

function numbersOfAgents(record: WaveRecord): AgentNumbers[] {
  const judged = judgedTasks(record);
  const attempts = attemptsByAgent(judged);
  const makespanMs = judged.reduce((latest, { task }) => Math.max(latest, task.endMs), 0);
  return record.agents.map(({ agentId, slots }): AgentNumbers => {
    const planned = judged.filter(({ plan }) => plan.agentId === agentId);
    const own = judged.filter(({ task }) => task.agentId === agentId);
    const typed = new Map<string, TypeNumbers>();
    for (const { plan, task } of own) {
      if (plan.taskType === null) continue;
      const one = { tasks: 1, successes: task.succeeded ? 1 : 0, risks: new Map([[plan.riskLevel, 1]]) };
      typed.set(plan.taskType, addTypes(typed.get(plan.taskType) ?? NO_TASKS, one));
    }
    return {
      agentId,
      slots,
      tasks: own.length,
      successes: sumOf(own, ({ task }) => (task.succeeded ? 1 : 0)),
      plannedTasks: planned.length,
      plannedSuccesses: sumOf(planned, ({ plan }) => plan.successProbability),
      plannedBusyMs: sumOf(planned, ({ plan }) => plannedBusyMs(plan)),
      busyMs: actualBusyMs(attempts.get(agentId) ?? []),
      makespanMs,
      types: typed,
    };
  });
}
