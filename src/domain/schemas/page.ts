import { z } from "zod";
import type { DeepReadonly } from "../deep-readonly.js";
import { CUSTOM_STRATEGY, STRATEGIES } from "../problem.js";
import { alertSchema, reportedAttemptSchema, metricRowSchema, optimizationReportSchema } from "./phase19-run.js";
import { auditRowSchema, waveSummarySchema } from "./phase19-wave.js";
import { calibrationRowSchema } from "./calibration.js";
import { compareReportSchema } from "./compare-report.js";
import { agentExplanationSchema, explainReportSchema } from "./explain-report.js";
import { strict, text, wholeNumber } from "./fields.js";
import {
  DEFERRAL_FIELDS,
  agentId,
  count,
  execution,
  finite,
  interval,
  rate,
  taskId,
  timeMs,
  timestamp,
  waveNumber,
  words,
} from "./output-fields.js";
import { phase19SummarySchema } from "./phase19-summary.js";

/** What the page of `report` and `serve` shows: the data in its HTML, built from a tree, a journal or a result. */

const pageAttempt = strict(() => ({
  agent_id: agentId(),
  slot: count().nullable(),
  start_ms: timeMs(),
  /** Null while it runs. */
  end_ms: timeMs().nullable(),
  /** Null while it runs. */
  succeeded: z.boolean().nullable(),
  error: z.string().nullable(),
  cost: z.number().min(0).nullable(),
}));

const pageTask = strict(() => ({
  task_id: taskId(),
  agent_id: agentId(),
  slot: count(),
  start_ms: timeMs(),
  end_ms: timeMs(),
  end_interval_ms: interval(),
  success_probability: rate(),
  risk_level: text().nullable(),
  task_type: text().nullable(),
  depends_on: z.array(taskId()),
  deadline_ms: z.exactOptional(
    timeMs().describe("When it is to have ended, milliseconds from the start of the wave; absent: no deadline, or not known."),
  ),
  /** Why this agent; null where nobody says. */
  reason: text().nullable(),
  cost: z.number().min(0).nullable(),
  state: z.enum(["planned", "running", "completed", "failed"]),
  attempts: z.array(pageAttempt),
}));

const pageAgent = strict(() => ({
  agent_id: agentId(),
  slots: wholeNumber(1),
  tasks: count(),
  /** Busy time of its busiest slot. */
  planned_ms: timeMs(),
  actual_ms: timeMs().nullable(),
  away: z
    .array(z.tuple([timeMs(), timeMs().nullable()]))
    .describe("When it takes no task, milliseconds: from and until; null: from then on. Empty also where nobody says."),
  /** Tasks that ended on it, and those of them that were completed. */
  ended: count(),
  completed: count(),
  /** Busy time that each slot may have; null: none, or not known. */
  limit_ms: timeMs().nullable(),
  planned_success_rate: rate().nullable(),
  actual_success_rate: rate().nullable(),
}));

/** Planned or actual figures of a wave. */
const pageFigures = strict(() => ({
  success_rate: rate().nullable(),
  throughput_per_s: finite().nullable(),
  confidence_delta: finite().nullable(),
  makespan_ms: timeMs().nullable(),
  cost: z.number().min(0).nullable(),
}));

/** What went wrong while a wave ran, tasks of one agent with one cause together. */
const pageTrouble = strict(() => ({ issue: text(), analysis: text(), recommendation: text() }));

const pageWave = strict(() => ({
  wave: waveNumber(),
  /** How sentences call it: "wave 2", or "the wave" of a plan that does not know its number. */
  name: text(),
  state: z.enum(["planned", "running", "ended"]),
  strategy: z.enum([...STRATEGIES, CUSTOM_STRATEGY]),
  /** What its first goal counts, in which unit, what it asks for, and what its plan is among all plans. */
  strategy_words: z.strictObject({ title: text(), unit: text(), goal: text(), adjective: text() }),
  strategy_reason: text().nullable(),
  termination: text(),
  objective: waveSummarySchema.unwrap().shape.objective,
  baseline: waveSummarySchema.unwrap().shape.baseline,
  counts: z.strictObject({
    total: count(),
    completed: count(),
    failed: count(),
    deferred: count(),
    retries: count(),
    /** Tasks of the plan whose end is known: both success rates are of these. */
    assigned: count(),
  }),
  planned: pageFigures,
  actual: pageFigures,
  /** What the planned time is: the mean of the forecast, with chance, or the end of the schedule. */
  planned_makespan_of: waveSummarySchema.unwrap().shape.planned_makespan_of,
  schedule_adherence: rate().nullable(),
  late: z
    .strictObject({
      deadlines: count().describe("Tasks of the plan that have a deadline; 0 also where nobody says."),
      planned: z.array(taskId()).describe("Those that the plan ends after it."),
      actual: z.array(taskId()).describe("Those that ended after it."),
    })
    .describe("Deadlines of the wave, and what is late."),
  agents: z.array(pageAgent),
  /** Stages of the search. */
  stages: z.array(reportedAttemptSchema),
  tasks: z.array(pageTask),
  /** Tasks left out of `tasks` because they are too many to draw. */
  hidden_tasks: count(),
  /** Tasks that set the planned end: each starts when the one before it ends. */
  critical_tasks: z.array(taskId()),
  /** What sets the planned end, in sentences; null where nothing is placed or drawn. */
  bottleneck: text().nullable(),
  deferred: z.array(
    z.strictObject(DEFERRAL_FIELDS()),
  ),
  /** Document of the problem that was planned, below the folder of the run; null where there is none. */
  problem_file: text().nullable(),
  /** Agents that are down now. */
  down_agents: z.array(agentId()),
  trouble: z
    .array(pageTrouble)
    .describe(
      "Attempts that failed, and agents that were busy beyond their limit; empty where every attempt succeeded within them.",
    ),
}));

const summary = () => phase19SummarySchema.unwrap().shape;

export const pageSchema = strict(() => ({
  schema_version: z.literal(1),
  kind: z.enum(["run", "plan"]),
  state: z.enum(["waiting", "running", "finished", "interrupted"]),
  run_id: text().nullable(),
  version: text(),
  execution: execution().nullable(),
  gate: z.enum(["live", "rehearse"]).nullable(),
  strategy: text(),
  seed: z.int().nullable(),
  started_at: timestamp().nullable(),
  ended_at: timestamp().nullable(),
  duration_ms: timeMs().nullable(),
  /** The whole in a few plain sentences. */
  headline: words(),
  /** What to do, the most urgent first; empty while a run goes. */
  advice: words(),
  tasks: summary().tasks,
  health: z
    .strictObject({ score: finite().nullable(), status: text(), components: z.record(text(), finite().nullable()) })
    .nullable(),
  metrics: z.array(metricRowSchema),
  waves: z.array(pageWave),
  /** Over all waves; null where nothing was judged. */
  calibration: z
    .strictObject({
      tasks: count(),
      brier_score: calibrationRowSchema.unwrap().shape.brier_score,
      expected_brier_score: calibrationRowSchema.unwrap().shape.expected_brier_score,
      expected_calibration_error: rate().nullable(),
      reliability_bins: calibrationRowSchema.unwrap().shape.reliability_bins,
      end_interval: calibrationRowSchema.unwrap().shape.end_interval,
      /** Whether the predictions can be believed, of successes and of times. */
      verdict: words(),
    })
    .nullable(),
  strategy_effectiveness: z.record(text(), finite()),
  alerts: z.array(alertSchema),
  /** What went wrong, each with what to do. */
  issues: optimizationReportSchema.unwrap().shape.optimizations,
  audit: z.array(auditRowSchema),
  /** Rows of the audit left out because they are too many. */
  hidden_audit: count(),
  inputs: summary().inputs.nullable(),
  answers: z
    .strictObject({
      explanation: explainReportSchema.nullable().describe("Why the plan is as it is; null where that was not asked."),
      without: z.array(agentExplanationSchema).describe("The best plan without each agent that has a task."),
      comparison: compareReportSchema.nullable().describe("Strategies side by side; null where none were compared."),
    })
    .nullable()
    .describe("What was solved for beside the plan, of the page of a plan; null on the page of a run."),
  /** Runs whose feedback rows are there, newest first; of a page that is served. */
  history: z.array(
    z.strictObject({
      run_id: text(),
      timestamp: timestamp(),
      execution: execution(),
      tasks: count(),
      success_rate: rate().nullable(),
      strategies: words(),
    }),
  ),
}));

/** What changed on a page since the last message: waves without their tasks, and the tasks that changed. */
export interface PagePatch {
  readonly page: Omit<PageDocument, "waves" | "audit" | "inputs" | "history" | "answers">;
  readonly waves: readonly Omit<PageWave, "tasks">[];
  readonly tasks: readonly { readonly wave: number; readonly task: PageTask }[];
}

type WholePage = z.infer<typeof pageSchema>;
export type PageAnswers = DeepReadonly<NonNullable<WholePage["answers"]>>;
export type PageDocument = Omit<WholePage, "answers"> & { answers: PageAnswers | null };
export type PageWave = PageDocument["waves"][number];
export type PageTask = PageWave["tasks"][number];
export type PageAttempt = PageTask["attempts"][number];
export type PageAgent = PageWave["agents"][number];
export type PageTrouble = PageWave["trouble"][number];
export type PageStage = PageWave["stages"][number];
