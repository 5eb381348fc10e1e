import type { AttemptRecord, WaveAgent, WaveRecord } from "../../domain/index.js";
import type { AgentFeedback } from "../../domain/schemas/index.js";
import { adheres } from "../execute/adherence.js";
import { clamp, confidenceAccuracy, meanOf, ratioAccuracy, successAccuracy } from "../measure/accuracy.js";
import {
  actualBusyMs,
  attemptsByAgent,
  judgedTasks,
  plannedBusyMs,
  sumOf,
  type JudgedTask,
} from "../measure/judged-tasks.js";

/** Shortfall of the success rate, and relative excess of busy time, from which on an agent gets a recommendation. */
export const SUCCESS_SHORTFALL = 0.1;
export const TIME_EXCESS = 0.25;

/** `optimization_feedback.json` of every agent of the wave, idle ones too. O(agents · tasks). */
export function agentFeedback(record: WaveRecord, timestamp: string): AgentFeedback[] {
  const judged = judgedTasks(record);
  const attempts = attemptsByAgent(judged);
  return record.agents.map((agent) => feedbackOf(agent, judged, attempts.get(agent.agentId) ?? [], record, timestamp));
}

function feedbackOf(
  { agentId }: WaveAgent,
  judged: readonly JudgedTask[],
  attempts: readonly AttemptRecord[],
  { wave, execution }: WaveRecord,
  timestamp: string,
): AgentFeedback {
  const planned = judged.filter(({ plan }) => plan.agentId === agentId);
  const own = judged.filter(({ task }) => task.agentId === agentId);
  const totals = { planned: plannedTotals(planned), actual: actualTotals(own, attempts) };
  return {
    agent_id: agentId,
    wave,
    ...totals,
    schedule_adherence:
      planned.length === 0 ? null : sumOf(planned, (one) => (adheres(one.plan, one.task) ? 1 : 0)) / planned.length,
    performance_score: performanceScore(own),
    recommendations: recommend(totals),
    execution,
    timestamp,
  };
}

function plannedTotals(planned: readonly JudgedTask[]): AgentFeedback["planned"] {
  const tasks = planned.length;
  return {
    tasks,
    success_rate: tasks === 0 ? null : clamp(sumOf(planned, ({ plan }) => plan.successProbability) / tasks, 0, 1),
    busy_time_ms: sumOf(planned, ({ plan }) => plannedBusyMs(plan)),
    retries: sumOf(planned, ({ plan }) => plan.retries),
    confidence_delta: meanOf(planned.map(({ plan }) => plan.confidenceDelta)),
  };
}

function actualTotals(own: readonly JudgedTask[], attempts: readonly AttemptRecord[]): AgentFeedback["actual"] {
  return {
    tasks: own.length,
    success_rate: meanOf(own.map(({ task }) => (task.succeeded ? 1 : 0))),
    busy_time_ms: actualBusyMs(attempts),
    retries: attempts.filter((attempt) => attempt.attempt > 1).length,
    confidence_delta: meanOf(own.map(({ task }) => task.confidenceDelta)),
  };
}

/** Mean of the accuracies over the tasks the agent brought to their end, against their own predictions; null of none. */
function performanceScore(own: readonly JudgedTask[]): number | null {
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
      sumOf(own, ({ task }) => actualBusyMs(task.attempts)),
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
      `Success ${percent(achieved)} against ${percent(expected)} planned over ${actual.tasks} tasks: give it fewer of the tasks that failed until its predictions have followed.`,
    );
  }
  if (planned.busy_time_ms > 0 && actual.busy_time_ms > (1 + TIME_EXCESS) * planned.busy_time_ms) {
    advice.push(
      `Busy ${actual.busy_time_ms.toFixed(0)} ms against ${planned.busy_time_ms.toFixed(0)} ms planned: plan its attempts longer or its load smaller.`,
    );
  }
  if (actual.tasks !== planned.tasks) {
    advice.push(`Ended ${actual.tasks} tasks against ${planned.tasks} planned: tasks were moved while the wave ran.`);
  }
  return advice;
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(1)} %`;
}
