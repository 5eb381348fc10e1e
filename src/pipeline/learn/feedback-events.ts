import type { WaveRecord } from "../../domain/index.js";
import type { FeedbackEvent } from "../../domain/schemas/index.js";
import { measureWave } from "../measure/measured-wave.js";
import type { StartedTask } from "../measure/wave-outcome.js";

type EventBody = Pick<FeedbackEvent, "event_type" | "agent_id" | "data">;

/**
 * Rows of `feedback_events.jsonl`: how each task ended, each change of agent, each application of a heuristic, in the
 * order of task ids and attempts. Numbers are what happened beside what was predicted. O(attempts).
 */
export function feedbackEvents(record: WaveRecord, timestamp: string): FeedbackEvent[] {
  const { wave, execution } = record;
  return measureWave(record).ended.flatMap((one) =>
    eventsOf(one).map(({ event_type, agent_id, data }, k): FeedbackEvent => {
      const taskId = one.task.taskId;
      const eventId = `P19_EVT_w${wave}_${taskId}_${k}`;
      return { event_id: eventId, event_type, task_id: taskId, agent_id, wave, data, execution, timestamp };
    }),
  );
}

function eventsOf({ plan, task }: StartedTask): EventBody[] {
  const end: EventBody = {
    event_type: task.succeeded ? "task_success" : "task_failure",
    agent_id: task.agentId,
    data: {
      predicted_success_probability: plan.successProbability,
      attempts: task.attempts.length,
      planned_end_time: plan.endMs,
      actual_end_time: task.endMs,
      confidence: task.confidence,
      confidence_delta: task.confidenceDelta,
      failure_reason: task.failureReason,
    },
  };
  const moves = task.attempts.flatMap((attempt, k): EventBody[] => {
    const from = k === 0 ? plan.agentId : task.attempts[k - 1]!.agentId;
    if (attempt.agentId === from) return [];
    const data = { from_agent: from, to_agent: attempt.agentId, attempt: attempt.attempt };
    return [{ event_type: "task_reassigned", agent_id: attempt.agentId, data }];
  });
  const applied = task.attempts.flatMap((attempt) =>
    attempt.heuristicsApplied.map((id): EventBody => {
      const data = {
        heuristic_id: id,
        attempt: attempt.attempt,
        succeeded: attempt.succeeded,
        confidence: attempt.confidenceBefore,
      };
      return { event_type: "heuristic_applied", agent_id: attempt.agentId, data };
    }),
  );
  return [end, ...moves, ...applied];
}
