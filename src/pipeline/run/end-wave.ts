import type { WaveRecord } from "../../domain/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";
import { optionsFromDocument } from "../../domain/index.js";
import { problemToDocument } from "../../planner/index.js";
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
  const problem = plan === null ? null : problemText(plan);
  const problemFile = problem === null ? null : PROBLEM_FILE;
  const summary = waveSummary(measured, comparison, { timestamp, problemFile });
  const calibration = run.loop.calibrationRow(record);
  const events = run.loop.generateFeedbackEvents(record);
  await writeWave(directory, record, { adherence, feedback: run.loop.agentFeedback(record), summary, timestamp });
  if (problem !== null) await directory.writeText(`wave_${record.wave}/${PROBLEM_FILE}`, problem);
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

const PROBLEM_FILE = "problem.json";

/** A document of more estimates takes longer to write than a person who asks about the wave is likely to gain. */
const MAX_ESTIMATES = 10_000;

/** The problem of the wave with its estimates and options, so that the same plan can be made and asked about again; null where it is large. */
function problemText({ problem, result }: WavePlan): string | null {
  if (problem.tasks.length * problem.agents.length > MAX_ESTIMATES) return null;
  const options = optionsFromDocument(result.options, (name) => `options.${name}`);
  return `${JSON.stringify(problemToDocument(problem, options))}\n`;
}
