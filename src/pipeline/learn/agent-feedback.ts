import { countOf, groupBy } from "../../domain/index.js";
import type { AgentFeedback } from "../../domain/schemas/index.js";
import { clamp, confidenceAccuracy, meanOf, ratioAccuracy, successAccuracy, sumOf } from "../measure/accuracy.js";
import type { AgentStats } from "../measure/agent-stats.js";
import { plannedBusyMs, spentMs } from "../measure/busy-time.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import type { StartedTask } from "../measure/wave-outcome.js";
import { percent } from "./percent.js";

/** Shortfall of the success rate, and relative excess of busy time, from which on an agent gets a recommendation. */
const SUCCESS_SHORTFALL = 0.1;
const TIME_EXCESS = 0.25;

/** `optimization_feedback.json` of every agent of the wave, idle ones too. O(agents + tasks + attempts). */
export function agentFeedback(wave: MeasuredWave, timestamp: string): AgentFeedback[] {
  const planned = groupBy(wave.ended, ({ plan }) => plan.agentId);
  const own = groupBy(wave.ended, ({ task }) => task.agentId);
  return wave.stats.agents.map((agent) => {
    const tasks = { planned: planned.get(agent.agentId) ?? [], own: own.get(agent.agentId) ?? [] };
    return feedbackOf(agent, tasks, wave, timestamp);
  });
}

/** Tasks planned for an agent, and tasks that ended with it. */
interface AgentTasks {
  readonly planned: readonly StartedTask[];
  readonly own: readonly StartedTask[];
}

function feedbackOf(
  agent: AgentStats,
  tasks: AgentTasks,
  { record: { wave, execution }, adherence: { adhered } }: MeasuredWave,
  timestamp: string,
): AgentFeedback {
  const { agentId } = agent;
  const totals = { planned: plannedTotals(agent, tasks), actual: actualTotals(agent, tasks) };
  return {
    agent_id: agentId,
    wave,
    ...totals,
    schedule_adherence: meanOf(tasks.planned.map(({ task }) => (adhered.has(task.taskId) ? 1 : 0))),
    performance_score: performanceScore(tasks),
    recommendations: recommend(totals),
    execution,
    timestamp,
  };
}

function plannedTotals(agent: AgentStats, { planned }: AgentTasks): AgentFeedback["planned"] {
  const { plannedTasks, plannedSuccesses } = agent;
  return {
    tasks: plannedTasks,
    success_rate: plannedTasks === 0 ? null : clamp(plannedSuccesses / plannedTasks, 0, 1),
    busy_time_ms: agent.plannedBusyMs,
    retries: agent.plannedRetries,
    confidence_delta: meanOf(planned.map(({ plan }) => plan.confidenceDelta)),
  };
}
function actualTotals(agent: AgentStats, { own }: AgentTasks): AgentFeedback["actual"] {
  const { tasks, successes } = agent;
  return {
    tasks,
    success_rate: tasks === 0 ? null : successes / tasks,
    busy_time_ms: agent.busyMs,
    retries: agent.retries,
    confidence_delta: meanOf(own.map(({ task }) => task.confidenceDelta)),
  };
}

/** Mean of the accuracies over the tasks the agent brought to their end, against their own predictions; null of none. */
function performanceScore({ own }: AgentTasks): number | null {
  if (own.length === 0) return null;
  const known = own.filter(({ task }) => task.confidenceDelta !== null);
  const gain = {
    planned: meanOf(known.map(({ plan }) => plan.confidenceDelta)),
    actual: meanOf(known.map(({ task }) => task.confidenceDelta)),
  };
  const plannedRate = sumOf(own, ({ plan }) => plan.successProbability) / own.length;
  return meanOf([
    successAccuracy(plannedRate, sumOf(own, ({ task }) => (task.succeeded ? 1 : 0)) / own.length),
    ratioAccuracy(
      sumOf(own, ({ plan }) => plannedBusyMs(plan)),
      sumOf(own, ({ task }) => spentMs(task.attempts)),
    ),
    gain.planned === null || gain.actual === null ? null : confidenceAccuracy(gain.planned, gain.actual),
  ]);
}

function recommend({ planned, actual }: Pick<AgentFeedback, "planned" | "actual">): string[] {
  if (planned.tasks === 0 && actual.tasks === 0) {
    return ["No task ran here in this wave: widen its skills or limits if it is to take work."];
  }
  const advice: string[] = [];
  const [expected, achieved] = [planned.success_rate, actual.success_rate];
  if (expected !== null && achieved !== null && expected - achieved >= SUCCESS_SHORTFALL) {
    advice.push(
      `Success ${percent(achieved)} against ${percent(expected)} planned over ${countOf(actual.tasks, "task")}: give it fewer of the tasks that failed until its predictions have followed.`,
    );
  }
  if (planned.busy_time_ms > 0 && actual.busy_time_ms > (1 + TIME_EXCESS) * planned.busy_time_ms) {
    advice.push(
      `Busy ${actual.busy_time_ms.toFixed(0)} ms against ${planned.busy_time_ms.toFixed(0)} ms planned: plan its attempts longer or its load smaller.`,
    );
  }
  if (actual.tasks !== planned.tasks) {
    advice.push(
      `Ended ${countOf(actual.tasks, "task")} against ${planned.tasks} planned: tasks were moved while the wave ran.`,
    );
  }
  return advice;
}
