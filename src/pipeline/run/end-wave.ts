import type { WaveRecord } from "../../domain/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";
import { waveSummary } from "./documents.js";
import type { WavePlan } from "./plan-wave.js";
import { optimizationEntry, recommendationRows } from "./root-documents.js";
import type { Run } from "./run.js";
import { deferredRows, gateRows, writeWave } from "./write-wave.js";
import { measureWave } from "../measure/measured-wave.js";

/**
 * Writes what one wave leaves: its folder, and its rows in the logs at the root. Then the wave is let go.
 *
 * @param plan null where the wave was planned elsewhere: then nothing is recommended
 */
export async function endWave(
  run: Run,
  plan: WavePlan | null,
  record: WaveRecord,
  comparison: ComparisonRow,
): Promise<void> {
  const { directory } = run.start;
  const timestamp = run.timestamp();
  const measured = measureWave(record);
  const { adherence, stats } = measured;
  const summary = waveSummary(measured, comparison, timestamp);
  const calibration = run.loop.calibrationRow(record);
  const events = run.loop.generateFeedbackEvents(record);
  await writeWave(directory, record, { adherence, feedback: run.loop.agentFeedback(record), summary, timestamp });
  await directory.appendLines("safety_gate_decisions.jsonl", gateRows(record));
  await directory.appendLines("deferred_tasks.jsonl", deferredRows(record));
  await directory.appendLines("schedule_comparisons.jsonl", [comparison]);
  await directory.appendLines("feedback_events.jsonl", events);
  await directory.appendLines(
    "schedule_recommendations.jsonl",
    plan === null ? [] : recommendationRows(plan.problem, record),
  );
  await directory.appendLines("calibration.jsonl", [calibration]);
  await directory.appendLines("audit.jsonl", run.audit.take());
  const entry = optimizationEntry(record);
  run.totals.add({ record, stats, summary, calibration, entry, numEvents: events.length });
}
