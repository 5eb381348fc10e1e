import { join } from "node:path";
import type {
  LearnedStateDocument,
  MetricRow,
  Phase16Feedback,
  Phase18Feedback,
  Phase19Summary,
  SystemHealth,
} from "../../domain/schemas/index.js";
import { countOf, isRiskLevel, PACKAGE_VERSION, type Task, toJsonText } from "../../domain/index.js";
import { buildSkillPredictor, type SkillPredictor } from "../../planner/index.js";
import { closeRun, historyFor } from "../learn/learn.js";
import { FEEDBACK_FILE, type FeedbackOptions, relativeDirectory, upsertFeedbackRow } from "../files/feedback-file.js";
import { learnedStateText } from "../files/learned-state.js";
import { buildOptimizationReport } from "../report/optimization-report.js";
import { REPORT_NAME, renderReport } from "../report/markdown.js";
import { pageOf, wavesOfTree } from "../report/page/page-of-tree.js";
import { renderPage } from "../report/page/render-page.js";
import type { RunDigest } from "../report/digest.js";
import { runDigest } from "./digest.js";
import type { Places } from "./places.js";
import { describeNotGuessed } from "../report/page/plain-words.js";
import { describeInputs, metricValues, summaryDocument } from "./root-documents.js";
import type { Run } from "./run.js";

/** A run whose files stand in their place. */
export interface FinishedRun {
  readonly summary: Phase19Summary;
  /** Markdown. */
  readonly report: string;
  /** The verdict in sentences, as page and report begin with it. */
  readonly headline: readonly string[];
  /** What the headline says of words that the gate does not know; "" where it knows all of them. */
  readonly notGuessed: string;
  /** The state after the run. */
  readonly state: LearnedStateDocument;
  readonly warnings: readonly string[];
}

/**
 * Writes the files at the root, swaps the directory in, and adds the feedback rows.
 *
 * @param settings.isPartial the run was interrupted: only finished waves are in it
 * @returns null where no wave ended
 * @throws InputError where the directory cannot be written or moved
 */
export async function finishRun(
  run: Run,
  places: Places,
  settings: { readonly isPartial: boolean },
): Promise<FinishedRun | null> {
  const { start, totals, loop, monitor } = run;
  const { directory, runId } = start;
  if (totals.waves.length === 0) {
    await directory.discard();
    return null;
  }
  const state = closeRun(run.learned, {
    ...{ runId, execution: run.context.execution, before: start.state, updated: run.timestamp() },
    goesOn: start.gathering?.goesOn ?? false,
  });
  run.audit.record({
    ...{ wave: null, decision: "weights_updated", subject: "heuristic_weights" },
    reason: `after ${countOf(totals.waves.length, "wave")}, from measured performance`,
    input: { ...state.real.heuristic_weights },
  });
  const facts = { isPartial: settings.isPartial, state, metrics: monitor.calculateMetrics() };
  const health = monitor.generateSystemHealth();
  const signals = loop.generateLearningSignals();
  const anomalies = monitor.detectAnomalies();
  const alerts = monitor.generateAlerts();
  const summary = await buildSummary(run, places, { ...facts, health, numSignals: signals.length });
  const agents = loop.updatePhase18Coordination(runId, anomalies).agent_performance;
  const digest = runDigest(run, { summary, health, signals, anomalies, alerts, metrics: facts.metrics, state, agents });
  const told = await writeRoot(run, digest, state);
  const complaint = run.context.execution === "real" ? run.totals.attempts.complaint() : null;
  const warnings = [
    ...(complaint === null ? [] : [complaint]),
    ...describeGuesses(newlyGuessed(run)),
    ...(await commit(run, settings.isPartial)),
  ];
  return {
    ...{ summary, ...told, state },
    warnings: [...warnings, ...(await sendFeedback(places, summary, feedbackTools(run)))],
  };
}

/** An evaluation told the waves before its own when it evaluated them. */
function newlyGuessed({ start: { gathering }, totals: { guessedWaves } }: Run): readonly number[] {
  return gathering === undefined ? guessedWaves : guessedWaves.filter((wave) => wave === gathering.wave);
}

function describeGuesses(waves: readonly number[]): string[] {
  if (waves.length === 0) return [];
  const which = waves.length === 1 ? `wave ${waves[0]!}` : `waves ${waves.join(", ")}`;
  return [
    `planned times in ${which} were partly or wholly the default, because nothing told how long tasks take; throughput efficiency is not judged there`,
  ];
}

/** Swaps the tree in. The journal of a complete run goes with it; that of another one stays, to be gone on with. */
async function commit({ start: { directory, journal } }: Run, isPartial: boolean): Promise<string[]> {
  if (journal === undefined || journal.isPassing || isPartial) return directory.commit({ partial: isPartial });
  await journal.finish();
  await directory.takeIn("journal.jsonl", journal.path);
  const warnings = await directory.commit({ partial: false });
  await journal.remove();
  return warnings;
}

interface SummaryFacts {
  readonly isPartial: boolean;
  readonly state: LearnedStateDocument;
  readonly metrics: readonly MetricRow[];
  readonly health: SystemHealth;
  readonly numSignals: number;
}

async function buildSummary(run: Run, places: Places, facts: SummaryFacts): Promise<Phase19Summary> {
  const { start, totals, monitor, context, options } = run;
  const { phases, runId, directory } = start;
  const { metrics, health, isPartial } = facts;
  const strategy = options.strategy ?? "maximize_success";
  const ended = {
    completed: totals.sum((wave) => wave.completed_tasks),
    failed: totals.sum((wave) => wave.failed_tasks),
    deferred: totals.numLeftOut,
  };
  const numEnded = ended.completed + ended.failed + ended.deferred;
  // An evaluation may have no task file to count in; an interrupted run has tasks that no finished wave has seen.
  const total = isPartial ? run.queue.numTasks : numEnded + (start.gathering?.numOpen ?? 0);
  const counts = {
    agents_loaded: phases.agents.length,
    patterns_loaded: phases.numPatterns,
    signals_loaded: phases.numSignals.phase18,
  };
  const anomalies = monitor.detectAnomalies();
  const { phase16, phase18 } = feedbackRows(run);
  return {
    phase: 19,
    run_id: runId,
    version: PACKAGE_VERSION,
    partial: isPartial,
    execution: context.execution,
    gate: context.gate,
    strategy,
    seed: context.planning.seed,
    start_time: new Date(run.startedAt).toISOString(),
    end_time: run.timestamp(),
    duration_ms: context.fixedNow ? null : run.elapsedMs(),
    phase18_counts: counts,
    init_summary: { strategy, load_counts: counts },
    waves_planned: start.waves.length,
    waves_optimized: totals.waves.length,
    tasks: {
      total,
      ...ended,
      open: total - numEnded,
      reassigned: totals.numReassigned,
      retries: totals.sum((wave) => wave.retries),
    },
    exploration: totals.exploration(context.planning.exploration),
    feedback_counts: { learning_signals: facts.numSignals, feedback_events: totals.numEvents },
    health_metrics: {
      metrics: metrics.map(({ metric_name }) => metric_name),
      health: { overall_health_score: health.overall_health_score, health_status: health.health_status },
    },
    anomalies: anomalies.length,
    alerts: monitor.generateAlerts().length,
    inputs: describeInputs(phases.report),
    feedback: {
      phase16: await feedbackFor(places.feedback.phase16, directory.path, phase16),
      phase18: await feedbackFor(places.feedback.phase18, directory.path, phase18),
    },
  };
}

/** Rows of the whole run, or of the one wave an evaluation adds; the weights are those after all of it. */
function feedbackRows({ start, loop, monitor }: Run): { phase16: Phase16Feedback; phase18: Phase18Feedback } {
  const { runId, gathering } = start;
  const anomalies = monitor.detectAnomalies();
  if (gathering === undefined) {
    return {
      phase16: loop.updatePhase16Heuristics(runId),
      phase18: loop.updatePhase18Coordination(runId, anomalies),
    };
  }
  const { wave } = gathering;
  const alone = loop.ofWave(wave);
  const own = anomalies.filter(({ affected_waves }) => affected_waves.includes(wave));
  const heuristicWeights = loop.updateHeuristicWeights();
  return {
    phase16: { ...alone.updatePhase16Heuristics(runId), wave, heuristic_weights: heuristicWeights },
    phase18: { ...alone.updatePhase18Coordination(runId, own), wave },
  };
}

/** The row a phase is owed; its directory is named relative to ours, so that both can move together. */
async function feedbackFor<T>(
  target: string | null,
  outDir: string,
  row: T,
): Promise<{ directory: string; row: T } | null> {
  return target === null ? null : { directory: await relativeDirectory(outDir, target), row };
}

/** Every file at the root. @returns what the reports say */
async function writeRoot(
  run: Run,
  digest: RunDigest,
  state: LearnedStateDocument,
): Promise<Pick<FinishedRun, "report" | "headline" | "notGuessed">> {
  const { start, loop, monitor, totals, context } = run;
  const { directory } = start;
  const { summary, health, metrics, anomalies, alerts, signals } = digest;
  const timestamp = run.timestamp();
  const { execution } = context;
  const utilization = monitor.monitorAgentUtilization();
  const adherence = metrics.find(({ metric_name, waves }) => metric_name === "schedule_adherence" && waves > 0);
  const documents: Record<string, unknown> = {
    "optimization_summary.json": {
      ...{ phase: 19, timestamp, run_id: start.runId, execution },
      optimization_results: totals.entries,
      metrics: metricValues(metrics),
      agent_utilization: utilization,
    },
    "system_health.json": health,
    "coordination_patterns.json": loop.patterns({ runId: start.runId, skills: skillsOf(run) }),
    "heuristic_weights.json": loop.updateHeuristicWeights(),
    "alerts.json": alerts,
    "strategy_effectiveness.json": loop.evaluateStrategyEffectiveness(),
    "agent_assignments.json": Object.fromEntries(
      totals.entries.map(({ wave, agent_assignments }) => [String(wave), agent_assignments]),
    ),
    "schedule_adherence.json": {
      schedule_adherence: adherence?.value ?? null,
      waves: Object.fromEntries(totals.waves.map((wave) => [String(wave.wave), wave.schedule_adherence])),
      execution,
    },
    "phase19_summary.json": summary,
    "summary.json": summaryDocument(summary, totals.waves, timestamp),
  };
  await directory.appendLines("learning_signals.jsonl", signals);
  await directory.appendLines("optimization_feedback.jsonl", loop.optimizationFeedbackRows());
  await directory.appendLines("metrics.jsonl", metrics);
  await directory.appendLines("anomalies.jsonl", anomalies);
  await directory.appendLines("audit.jsonl", run.audit.take());
  await directory.writeText("learned_state.json", learnedStateText(state));
  await directory.writeText("state_before.json", learnedStateText(start.stateBefore));
  for (const [name, document] of Object.entries(documents)) await directory.writeText(name, toJsonText(document));
  const source = { placeOf: (relativePath: string) => relativePath, read: directory.readText };
  const waves = await wavesOfTree(source);
  const found = buildOptimizationReport(digest, waves);
  await directory.writeText("optimization_report.json", toJsonText(found));
  const page = await pageOf(source, found, waves);
  const report = renderReport(digest, page);
  await directory.writeText(`${REPORT_NAME}.md`, report);
  await directory.writeText(`${REPORT_NAME}.html`, renderPage(page));
  const notGuessed = describeNotGuessed(waves.flatMap(({ deferred }) => deferred));
  return { report, headline: page.headline, notGuessed };
}

function feedbackTools({ timestamp, context: { files } }: Run): FeedbackOptions {
  return { now: timestamp, ...(files && { files }) };
}

/** Who is good at what, by everything a run has learned so far: of a real run, from what is real alone. Fits the model. */
function skillsOf(run: Run): SkillPredictor {
  const { phases } = run.start;
  const tasks = phases.tasks.flatMap(({ task }): Task[] => {
    const { riskLevel } = task;
    return isRiskLevel(riskLevel) ? [{ ...task, riskLevel }] : [];
  });
  return buildSkillPredictor(tasks, historyFor(phases, run.learned, run.context.execution), run.heuristics());
}

/** The rows for Phases 16 and 18. The run stands; one that cannot be written is said, and repaired by the next run. */
async function sendFeedback({ feedback }: Places, summary: Phase19Summary, tools: FeedbackOptions): Promise<string[]> {
  const warnings: string[] = [];
  for (const phase of ["phase16", "phase18"] as const) {
    const target = feedback[phase];
    const owed = summary.feedback[phase];
    if (target === null || owed === null) continue;
    try {
      await upsertFeedbackRow(join(target, FEEDBACK_FILE), owed.row, tools);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warnings.push(`the feedback row for ${phase} was not written and is left to the next run: ${reason}`);
    }
  }
  return warnings;
}
