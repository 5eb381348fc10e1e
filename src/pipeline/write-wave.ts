import type { WaveRecord } from "../domain/run.js";
import type { AgentFeedback, DeferredRow, GateRow, WaveSummary } from "../domain/schemas/phase19-wave.js";
import type { OutputDirectory } from "../files/index.js";
import { attemptRow, plannedRow, scheduledRow, type ScheduleAdherence } from "../scheduler/index.js";
import { toJsonText } from "./documents.js";

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
  const plannedOf = new Map(record.planned.map((planned) => [planned.taskId, planned]));
  const attempts = record.tasks.flatMap((task) => task.attempts);
  for (const { agentId } of record.agents) {
    const place = `${folder}/${agentId}`;
    const planned = record.planned.filter((task) => task.agentId === agentId);
    const ended = record.tasks.filter((task) => task.agentId === agentId);
    const tried = attempts.filter((attempt) => attempt.agentId === agentId);
    const context = { wave: record.wave, execution: record.execution, timestamp: documents.timestamp };
    await directory.appendLines(
      `${place}/planned_tasks.jsonl`,
      planned.map((task) => plannedRow(task, context)),
    );
    await directory.appendLines(
      `${place}/scheduled_tasks.jsonl`,
      ended.map((task) =>
        scheduledRow(plannedOf.get(task.taskId)!, task, {
          ...context,
          hasAdhered: documents.adherence.adhered.has(task.taskId),
        }),
      ),
    );
    await directory.appendLines(
      `${place}/execution_outcomes.jsonl`,
      tried.map((attempt) => attemptRow(attempt, context)),
    );
  }
  for (const feedback of documents.feedback) {
    await directory.writeText(`${folder}/${feedback.agent_id}/optimization_feedback.json`, toJsonText(feedback));
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
  return deferrals.map(({ taskId, wave, stage, reason, isFinal }) => ({
    task_id: taskId,
    wave,
    stage,
    reason,
    final: isFinal,
  }));
}
