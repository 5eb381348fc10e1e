import { z } from "zod";
import { wordsOf } from "../../../../models/index.js";
import { groupBy, InputError, type StrategyName } from "../../../domain/index.js";
import {
  alertSchema,
  attemptRowSchema,
  auditRowSchema,
  calibrationRowSchema,
  check,
  deferredRowSchema,
  type DeferredRow,
  metricRowSchema,
  type OptimizationReport,
  optimizationReportSchema,
  type OptimizationSummary,
  optimizationSummarySchema,
  p19HealthSchema,
  type PageDocument,
  type PageTask,
  type PageWave,
  phase19SummarySchema,
  plannedRowSchema,
  type ScheduledRow,
  scheduledRowSchema,
  strategyEffectivenessSchema,
  summaryDocumentSchema,
  waveSummarySchema,
} from "../../../domain/schemas/index.js";
import { MARK_FILE } from "../../files/output-mark.js";
import { calibrateRun } from "../../measure/calibration.js";
import { describeCalibration } from "../calibration-section.js";
import { agentsOf, type AgentTimes, costsOf, endOf, taskOfRows, withAbsences } from "./page-wave.js";
import { describeRun } from "./plain-words.js";
import { parseJson, readDocument, readRows, type TreeSource } from "./tree-source.js";
import { troubleOf } from "./trouble.js";

/** More tasks or audit rows than this make a page slow to open; it says what it leaves out. */
const MAX_TASKS = 10_000;
const MAX_AUDIT_ROWS = 10_000;

const listOfAlerts = alertSchema.array();

/**
 * The page of a run, from the files of its tree.
 *
 * @throws InputError where a file is missing or damaged, or the tree was swapped three times while it was read
 */
export async function pageOfTree(source: TreeSource): Promise<PageDocument> {
  for (let numTries = 0; numTries < 3; numTries++) {
    const before = await source.read(MARK_FILE);
    const page = await readPage(source);
    // Between two reads another run may have put its tree in place: a page must not be half of each.
    if ((await source.read(MARK_FILE)) === before) return page;
  }
  throw new InputError(source.placeOf(""), "is replaced again and again while it is read; try again later");
}

async function readPage(source: TreeSource): Promise<PageDocument> {
  const report = await readDocument(source, "optimization_report.json", optimizationReportSchema);
  return pageOf(source, report, await wavesOfTree(source));
}

/** The waves as the page shows them. */
export async function wavesOfTree(source: TreeSource): Promise<PageWave[]> {
  const { waves: numbers } = await readDocument(source, "summary.json", summaryDocumentSchema);
  const plans = await readDocument(source, "optimization_summary.json", optimizationSummarySchema);
  const deferred = groupBy(await readRows(source, "deferred_tasks.jsonl", deferredRowSchema), ({ wave }) =>
    String(wave),
  );
  const waves: PageWave[] = [];
  let room = MAX_TASKS;
  for (const { wave } of numbers) {
    const entry = plans.optimization_results.find((one) => one.wave === wave);
    const page = await readWave(source, wave, { entry, deferred: deferred.get(String(wave)) ?? [], room });
    room -= page.tasks.length;
    waves.push(page);
  }
  return waves;
}

/** The page of these waves, with what the files at the root say of all together. */
export async function pageOf(
  source: TreeSource,
  { optimizations, what_to_do: advice }: OptimizationReport,
  waves: PageWave[],
): Promise<PageDocument> {
  const summary = await readDocument(source, MARK_FILE, phase19SummarySchema);
  const health = await readDocument(source, "system_health.json", p19HealthSchema);
  const effectiveness = await readDocument(source, "strategy_effectiveness.json", strategyEffectivenessSchema);
  const alerts = await readDocument(source, "alerts.json", listOfAlerts);
  const audit = await readRows(source, "audit.jsonl", auditRowSchema);
  const document: Omit<PageDocument, "headline"> = {
    ...{ schema_version: 1, kind: "run", state: summary.partial ? "interrupted" : "finished" },
    ...{ run_id: summary.run_id, version: summary.version, execution: summary.execution, gate: summary.gate },
    ...{ strategy: summary.strategy, seed: summary.seed, started_at: summary.start_time, ended_at: summary.end_time },
    ...{ duration_ms: summary.duration_ms, tasks: summary.tasks },
    health: {
      score: health.overall_health_score,
      status: health.health_status,
      components: { ...health.component_scores },
    },
    metrics: await readRows(source, "metrics.jsonl", metricRowSchema),
    waves,
    calibration: shortCalibration(calibrateRun(await readRows(source, "calibration.jsonl", calibrationRowSchema))),
    strategy_effectiveness: { ...effectiveness },
    ...{ alerts, issues: optimizations },
    advice: advice ?? [...new Set(optimizations.map(({ recommendation }) => recommendation))],
    audit: audit.slice(0, MAX_AUDIT_ROWS),
    hidden_audit: Math.max(0, audit.length - MAX_AUDIT_ROWS),
    inputs: summary.inputs,
    ...{ history: [], answers: null },
  };
  return { ...document, headline: describeRun(document) };
}

interface WaveContext {
  readonly entry: OptimizationSummary["optimization_results"][number] | undefined;
  readonly deferred: readonly DeferredRow[];
  /** Tasks that may still be drawn. */
  readonly room: number;
}

async function readWave(source: TreeSource, wave: number, { entry, deferred, room }: WaveContext): Promise<PageWave> {
  const folder = `wave_${wave}`;
  const summary = await readDocument(source, `${folder}/wave_summary.json`, waveSummarySchema);
  const tasks = await readTasks(source, folder, summary.agents);
  const costs = costsOf(tasks);
  const isDrawn = tasks.length <= room;
  const problemFile = summary.problem_file === undefined ? null : `${folder}/${summary.problem_file}`;
  const times = isDrawn && problemFile !== null ? await readAgentTimes(source, problemFile) : null;
  const known = agentsOf(summary.agents, tasks, summary.load_limits_ms ?? {});
  const agents = times === null ? known : withAbsences(known, times);
  return {
    ...{
      wave,
      name: `wave ${wave}`,
      state: "ended",
      strategy: summary.strategy,
      strategy_words: pickWords(summary.strategy),
    },
    ...{ strategy_reason: summary.strategy_reason, termination: summary.termination },
    ...{ objective: summary.objective, baseline: summary.baseline },
    counts: {
      ...{ total: summary.total_tasks, completed: summary.completed_tasks, failed: summary.failed_tasks },
      ...{ deferred: summary.deferred_tasks, retries: summary.retries },
      assigned: summary.assigned_tasks ?? summary.completed_tasks + summary.failed_tasks,
    },
    planned: {
      ...{ success_rate: summary.planned_success_rate, throughput_per_s: summary.planned_throughput },
      ...{ confidence_delta: summary.planned_confidence_delta, makespan_ms: summary.planned_makespan_ms },
      cost: costs.planned,
    },
    actual: {
      ...{ success_rate: summary.actual_success_rate, throughput_per_s: summary.actual_throughput },
      ...{ confidence_delta: summary.actual_confidence_delta, makespan_ms: summary.actual_makespan_ms },
      cost: costs.actual,
    },
    planned_makespan_of: summary.planned_makespan_of,
    schedule_adherence: summary.schedule_adherence,
    late: {
      deadlines: summary.tasks_with_deadline ?? 0,
      ...{ planned: summary.planned_late_tasks ?? [], actual: summary.actual_late_tasks ?? [] },
    },
    agents,
    stages: entry?.attempts ?? [],
    tasks: isDrawn ? tasks : [],
    hidden_tasks: isDrawn ? 0 : tasks.length,
    ...endOf(isDrawn ? tasks : []),
    deferred: deferred.map(({ task_id, stage, hold, reason, final }) => ({
      ...{ task_id, stage, reason, final },
      ...(hold !== undefined && { hold }),
    })),
    problem_file: problemFile,
    ...{ down_agents: [], trouble: troubleOf(tasks, agents) },
  };
}

/** Of the problem that was planned what a page shows: a wave of which tasks were put off need not keep the rules of a document. */
const agentTimesSchema = z.looseObject({
  agents: z.array(
    z.looseObject({
      agent_id: z.string(),
      available_from_ms: z.number().default(0),
      unavailable: z.array(z.tuple([z.number(), z.number()])).default([]),
      available_until_ms: z.number().nullable().default(null),
    }),
  ),
});

/** When the agents of the problem that was planned are there; null where the file was taken away, which only tells less of them. */
async function readAgentTimes(source: TreeSource, path: string): Promise<AgentTimes[] | null> {
  const place = source.placeOf(path);
  const text = await source.read(path);
  if (text === null) return null;
  return check<z.infer<typeof agentTimesSchema>>(agentTimesSchema, parseJson(text, place), place).agents.map(
    (agent) => ({
      ...{ agentId: agent.agent_id, availableFromMs: agent.available_from_ms },
      ...{ unavailable: agent.unavailable, availableUntilMs: agent.available_until_ms },
    }),
  );
}

async function readTasks(source: TreeSource, folder: string, agentIds: readonly string[]): Promise<PageTask[]> {
  const planned = [];
  const attempts = [];
  const places = new Map<string, ScheduledRow>();
  for (const agentId of agentIds) {
    planned.push(...(await readRows(source, `${folder}/${agentId}/planned_tasks.jsonl`, plannedRowSchema)));
    const scheduled = await readRows(source, `${folder}/${agentId}/scheduled_tasks.jsonl`, scheduledRowSchema);
    for (const row of scheduled) places.set(row.task_id, row);
    attempts.push(...(await readRows(source, `${folder}/${agentId}/execution_outcomes.jsonl`, attemptRowSchema)));
  }
  const attemptsOf = groupBy(attempts, ({ task_id }) => task_id);
  return planned.map((row) => taskOfRows(row, attemptsOf.get(row.task_id) ?? [], places.get(row.task_id)));
}

export function pickWords(strategy: StrategyName): PageWave["strategy_words"] {
  const { title, unit, goal, adjective } = wordsOf(strategy);
  return { title, unit, goal, adjective };
}

function shortCalibration(run: ReturnType<typeof calibrateRun>): PageDocument["calibration"] {
  if (run === null) return null;
  const { tasks, brier_score, expected_brier_score, expected_calibration_error, reliability_bins, end_interval } = run;
  return {
    ...{ tasks, brier_score, expected_brier_score, expected_calibration_error, reliability_bins, end_interval },
    verdict: describeCalibration(run),
  };
}
