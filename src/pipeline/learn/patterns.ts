import { type ExecutionKind, recordOf } from "../../domain/index.js";
import type { PatternRow } from "../../domain/schemas/index.js";
import type { SkillPredictor } from "../../planner/index.js";
import { type Pattern, trust } from "./pattern-shape.js";
import { findSpecialists } from "./specialists.js";
import { type AgentStats, totalAgents } from "../measure/agent-stats.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { percent } from "./percent.js";

/** Spread of the loads a slot over the largest one, from which on a load is called imbalanced. */
const IMBALANCE_MIN = 0.5;

/** Where patterns come from. */
export interface PatternOrigin {
  readonly execution: ExecutionKind;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
  /** By it the loader knows outcomes it has learned already; absent: not of a run. */
  readonly runId?: string | undefined;
  /** Judges who is good at what; without it raw rates do. */
  readonly skills?: SkillPredictor | undefined;
}

/** Patterns of this run, in the shape Phase 18 writes and the loader reads back. Empty where nothing ran. */
export function findPatterns(waves: readonly WaveStats[], origin: PatternOrigin): PatternRow[] {
  const { execution, timestamp, runId, skills } = origin;
  const agents = totalAgents(waves);
  if (!agents.some((agent) => agent.tasks > 0)) return [];
  const found = [...findSpecialists(agents, skills), loadPattern(agents), efficiencyPattern(agents)];
  return found.map((pattern, k) => ({
    pattern_id: `P19_PATTERN_${k + 1}`,
    ...pattern,
    execution,
    timestamp,
    ...(runId && { run_id: runId }),
  }));
}

function loadPattern(agents: readonly AgentStats[]): Pattern {
  const loads = agents.map(({ busyMs, slots }) => busyMs / slots);
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const imbalance = most > 0 ? (most - least) / most : 0;
  return {
    pattern_type: imbalance >= IMBALANCE_MIN ? "load_imbalance" : "load_balanced",
    description: `busy time a slot from ${least.toFixed(0)} to ${most.toFixed(0)} ms over ${agents.length} agents: they differ by ${percent(imbalance)} of the largest`,
    ...common(agents),
  };
}

function efficiencyPattern(agents: readonly AgentStats[]): Pattern {
  const busyMs = agents.reduce((sum, agent) => sum + agent.busyMs, 0);
  const offeredMs = agents.reduce((sum, { slots, makespanMs }) => sum + slots * makespanMs, 0);
  const efficiency = offeredMs > 0 ? Math.min(1, busyMs / offeredMs) : 0;
  return {
    pattern_type: "parallel_efficiency",
    description: `${percent(efficiency)} of the slots' time was busy: ${busyMs.toFixed(0)} of ${offeredMs.toFixed(0)} ms`,
    ...common(agents),
  };
}

function common(agents: readonly AgentStats[]): Pick<Pattern, "agent_assignments" | "success_rate" | "confidence"> {
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
