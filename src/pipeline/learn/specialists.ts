import { compareIds, recordOf } from "../../domain/index.js";
import type { SkillPredictor } from "../../planner/index.js";
import { type Pattern, trust } from "./pattern-shape.js";
import type { AgentStats, TypeStats } from "../measure/agent-stats.js";
import { percent } from "./percent.js";

/** Tasks an agent must have ended of a type, and points it must differ from the others, to be called a specialist. */
const SPECIALIST_TASKS = 5;
const SPECIALIST_EDGE = 0.1;
/** Standard normal quantile of the 95 % with which the model must believe in the edge. */
const EDGE_QUANTILE = 1.6449;

/** One agent at one type. */
interface Part extends TypeStats {
  readonly agentId: string;
}

interface Edge {
  /** Own and the others' chance of success. */
  readonly own: number;
  readonly others: number;
  readonly words: string;
}

/**
 * Agents better or worse at a type than the others are at it, from 5 tasks on either side. With the model: the edge over
 * the mean of the others, on equal tasks, is at least 10 points with 95 % probability,
 *   |e| − 1.645 · SE(e) ≥ .1,   SE(e)² = s_a² + Σ_o s_o² / (m − 1)²,
 * which is too large an error rather than too small: what the agents share is in every s and cancels in e. Without it: raw
 * rates at least 10 points apart. O(types · agents²).
 */
export function findSpecialists(agents: readonly AgentStats[], skills: SkillPredictor | undefined): Pattern[] {
  const types = [...new Set(agents.flatMap((agent) => [...agent.types.keys()]))].sort(compareIds);
  return types.flatMap((type) => {
    const parts = agents.flatMap(({ agentId, types: own }): Part[] => {
      const numbers = own.get(type);
      return numbers === undefined ? [] : [{ agentId, ...numbers }];
    });
    return parts.flatMap((part): Pattern[] => {
      const others = parts.filter((other) => other !== part);
      const otherTasks = others.reduce((sum, { tasks }) => sum + tasks, 0);
      if (part.tasks < SPECIALIST_TASKS || otherTasks < SPECIALIST_TASKS) return [];
      const edge = skills === undefined ? rawEdge(part, others) : modelEdge(part, others, type, skills);
      return edge === null
        ? []
        : [specialist(part, type, edge, Math.min(part.tasks, otherTasks), skills !== undefined)];
    });
  });
}

function rawEdge({ tasks, successes }: Part, others: readonly Part[]): Edge | null {
  const otherTasks = others.reduce((sum, part) => sum + part.tasks, 0);
  const own = successes / tasks;
  const rate = others.reduce((sum, part) => sum + part.successes, 0) / otherTasks;
  if (Math.abs(own - rate) < SPECIALIST_EDGE) return null;
  return {
    ...{ own, others: rate },
    words: `${percent(own)} of ${tasks} tasks against ${percent(rate)} of ${otherTasks}`,
  };
}

function modelEdge(part: Part, others: readonly Part[], type: string, skills: SkillPredictor): Edge | null {
  const own = skills(part.agentId, type, part.risks);
  const theirs = others.map(({ agentId, risks }) => skills(agentId, type, risks));
  const mean = theirs.reduce((sum, { probability }) => sum + probability, 0) / theirs.length;
  const error = Math.hypot(own.standardError, ...theirs.map(({ standardError }) => standardError / theirs.length));
  const edge = own.probability - mean;
  if (Math.abs(edge) - EDGE_QUANTILE * error < SPECIALIST_EDGE) return null;
  return {
    ...{ own: own.probability, others: mean },
    words: `${percent(own.probability)} against ${percent(mean)} on equal tasks (difference ${percent(edge)} ± ${percent(error)}), by the model after ${part.tasks} tasks`,
  };
}

function specialist(
  { agentId }: Part,
  type: string,
  { own, others, words }: Edge,
  tasks: number,
  isModelled: boolean,
): Pattern {
  return {
    pattern_type: "agent_specialization",
    description: `${agentId} is ${own > others ? "better" : "worse"} at ${type} than the others: ${words}`,
    agent_assignments: recordOf([[agentId, [type]]]),
    success_rate: own,
    confidence: trust(tasks),
    basis: isModelled ? "model" : "raw rates",
  };
}
