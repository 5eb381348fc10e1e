import { type AttemptRecord, toJsonText, type WaveRecord } from "../../domain/index.js";
import type { AgentFeedback, DeferredRow, GateRow, WaveSummary } from "../../domain/schemas/index.js";
import { breathe } from "../../engine/index.js";
import type { OutputDirectory } from "../files/output-directory.js";
import { attemptRow, plannedRow, scheduledRow } from "../execute/rows.js";
import type { ScheduleAdherence } from "../execute/adherence.js";

/** What the files of one wave are made of besides its record. */
export interface WaveDocuments {
  readonly adherence: ScheduleAdherence;
  /** One an agent, idle ones too. */
  readonly feedback: readonly AgentFeedback[];
  readonly summary: WaveSummary;
  readonly timestamp: string;
}

/** Writes `wave_N/`: a folder an agent, idle ones with empty files, and the two files of the wave. */
export async function writeWave(
  directory: OutputDirectory,
  record: WaveRecord,
  documents: WaveDocuments,
): Promise<void> {
  const folder = `wave_${record.wave}`;
  const attempts = record.tasks.flatMap((task) => task.attempts);
  const feedback = new Map(documents.feedback.map((one) => [one.agent_id, one]));
  for (const { agentId } of record.agents) {
    const rows = agentRows(agentId, record, attempts, documents);
    const place = `${folder}/${agentId}`;
    await directory.appendLines(`${place}/planned_tasks.jsonl`, rows.planned);
    await directory.appendLines(`${place}/scheduled_tasks.jsonl`, rows.scheduled);
    await directory.appendLines(`${place}/execution_outcomes.jsonl`, rows.attempts);
    await directory.writeText(`${place}/optimization_feedback.json`, toJsonText(feedback.get(agentId)));
    await breathe();
  }
  const adherence = {
    wave: record.wave,
    schedule_adherence: documents.adherence.overall,
    agents: documents.adherence.byAgent,
    execution: record.execution,
  };
  await directory.writeText(`${folder}/schedule_adherence.json`, toJsonText(adherence));
  await directory.writeText(`${folder}/wave_summary.json`, toJsonText(documents.summary));
}

function agentRows(
  agentId: string,
  { wave, execution, planned, tasks }: WaveRecord,
  attempts: readonly AttemptRecord[],
  { adherence, timestamp }: WaveDocuments,
) {
  const context = { wave, execution, timestamp };
  const planOf = new Map(planned.map((task) => [task.taskId, task]));
  return {
    planned: planned.filter((task) => task.agentId === agentId).map((task) => plannedRow(task, context)),
    scheduled: tasks
      .filter((task) => task.agentId === agentId)
      .map((task) =>
        scheduledRow(planOf.get(task.taskId)!, task, { ...context, hasAdhered: adherence.adhered.has(task.taskId) }),
      ),
    attempts: attempts.filter((attempt) => attempt.agentId === agentId).map((attempt) => attemptRow(attempt, context)),
  };
}

export function gateRows({ gate }: Pick<WaveRecord, "gate">): GateRow[] {
  return gate.map((decision) => ({
    task_id: decision.taskId,
    risk_level: decision.riskLevel,
    confidence: decision.confidence,
    approval: decision.approval,
    reason: decision.reason,
    wave: decision.wave,
    live_approval: decision.liveApproval,
  }));
}

export function deferredRows({ deferrals }: Pick<WaveRecord, "deferrals">): DeferredRow[] {
  return deferrals.map(({ taskId, wave, stage, hold, reason, isFinal, wavesWaited }) => ({
    task_id: taskId,
    wave,
    stage,
    ...(hold !== undefined && { hold }),
    reason,
    final: isFinal,
    ...(wavesWaited !== undefined && { waves_waited: wavesWaited }),
  }));
}
