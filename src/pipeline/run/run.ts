import type { PlanContext } from "../../planner/index.js";
import { countOf, type GateDecision, type Heuristics, type StrategyName, type WaveRecord } from "../../domain/index.js";
import type { LearnedStateDocument, Phase19Summary } from "../../domain/schemas/index.js";
import { collectTrials } from "../learn/heuristic-trials.js";
import { historyFor, learnWave } from "../learn/learn.js";
import { leftOut } from "../learn/strategy-recovery.js";
import { OptimizationFeedbackLoop } from "../learn/optimization-feedback-loop.js";
import { StrategyChooser } from "../learn/strategy-chooser.js";
import { weighHeuristics } from "../measure/heuristic-weights.js";
import { OptimizationMonitor, type WaveObservation } from "../watch/optimization-monitor.js";
import { AgentHealth } from "../execute/live/agent-health.js";
import { Purse } from "../execute/live/purse.js";
import { applyGate } from "../execute/gate.js";
import { AuditTrail } from "./audit.js";
import { auditExploration, auditGate, auditHoldOut, auditPlan, auditStart } from "./audit-rows.js";
import { type News, planNews } from "./events.js";
import { executionOf } from "./execution-of.js";
import { explorationOf, holdOutShare, withheldIn, withholdBoost } from "./hold-out.js";
import type { RunOptions } from "./options.js";
import type { RunContext } from "./run-context.js";
import { ThresholdRelaxation } from "./relaxation.js";
import { gateDeferrals, heldRows, planWave, type WavePlan } from "./plan-wave.js";
import { RunTotals } from "./run-totals.js";
import { runPlan, type WaveRun } from "./run-wave.js";
import type { StartedRun } from "./start-run.js";
import { WaveQueue } from "./wave-queue.js";

/** A wave gated: who may run, by whose word. */
export interface GatedWave {
  /** Number of the wave, from 1. */
  readonly wave: number;
  /** The gate's word on each task. */
  readonly decisions: readonly GateDecision[];
  /** Tasks that may be planned. */
  readonly approvedIds: ReadonlySet<string>;
  /** Those of them that only H16_004 let through. */
  readonly relaxedIds: ReadonlySet<string>;
}

/** The strategy of a wave, with the reason. */
export interface ChosenStrategy {
  /** The strategy that plans the wave. */
  readonly strategy: StrategyName;
  /** Why it was chosen, one sentence. */
  readonly reason: string;
}

/** One run under way: what it started from, what it has learned and seen so far, wave by wave. */
export class Run {
  readonly queue: WaveQueue;
  readonly loop: OptimizationFeedbackLoop;
  readonly monitor: OptimizationMonitor;
  readonly audit: AuditTrail;
  readonly totals = new RunTotals();
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly #startedMs: number;
  /** What waves are planned by. */
  state: LearnedStateDocument;
  /** With every outcome so far: the same, unless nothing may be learned between waves. */
  learned: LearnedStateDocument;
  readonly #chooser: StrategyChooser;
  readonly #relaxation: ThresholdRelaxation;
  /** The money of the run. */
  readonly purse: Purse;
  readonly health: AgentHealth;

  constructor(
    readonly start: StartedRun,
    readonly options: RunOptions,
    readonly context: RunContext,
  ) {
    const { phases, waves, state } = start;
    const { execution } = context;
    this.state = state;
    this.learned = state;
    this.startedAt = context.now();
    this.#startedMs = context.clock();
    this.purse = new Purse(options.budget ?? null);
    this.health = new AgentHealth(context.planning.seed);
    this.queue = new WaveQueue(phases.tasks, waves);
    this.audit = new AuditTrail(this.timestamp);
    this.loop = new OptimizationFeedbackLoop({
      ...{ execution, heuristics: phases.heuristics, state, now: this.timestamp },
      stateBefore: start.stateBefore,
    });
    this.monitor = new OptimizationMonitor({
      execution,
      numWaves: waves.length,
      phase18Health: phases.health.phase18?.overall_health_score ?? null,
      money: () => this.purse,
      timestamp: this.timestamp,
    });
    this.#chooser = new StrategyChooser(context.planning.weights);
    const isAllowed = options.allowThresholdRelaxation === true;
    this.#relaxation = new ThresholdRelaxation(isAllowed ? phases.heuristics.relaxation : null, this.audit);
    auditStart(this.audit, start);
  }

  /** Whole milliseconds from the start, by the monotonic clock. */
  elapsedMs(): number {
    return Math.round(this.context.clock() - this.#startedMs);
  }

  /** ISO-8601 UTC. */
  readonly timestamp = (): string => new Date(this.context.now()).toISOString();

  /** Rules with the weights learned so far. */
  heuristics(): Heuristics {
    return weighHeuristics(this.start.phases.heuristics, this.state);
  }

  tell(wave: number, news: News): void {
    this.options.onEvent?.({ ...news, run_id: this.start.runId, wave, timestamp: this.timestamp() });
  }

  tellStart(): void {
    const { runId: run_id, waves } = this.start;
    const facts = { waves: waves.length, tasks: this.queue.numTasks };
    this.options.onEvent?.({ event: "run_started", run_id, timestamp: this.timestamp(), ...facts });
  }

  /** What the run wrote is in place. */
  tellEnd(summary: Phase19Summary | null): void {
    const { runId: run_id } = this.start;
    this.options.onEvent?.({ event: "run_finished", run_id, timestamp: this.timestamp(), summary });
  }

  /** The gate's word on every task of the wave. */
  applyGate(wave: number): GatedWave {
    const relaxed = this.#relaxation.thresholdOf(wave);
    const decisions = this.#askGate(wave, relaxed);
    const approvedIds = approvedOf(decisions);
    const plain = relaxed === null ? approvedIds : approvedOf(this.#askGate(wave, null));
    const relaxedIds = new Set([...approvedIds].filter((taskId) => !plain.has(taskId)));
    const gated = { wave, decisions, approvedIds, relaxedIds };
    auditGate(this.audit, gated, this.context.gate, relaxed);
    return gated;
  }

  chooseStrategy(wave: number): ChosenStrategy {
    const { strategy: asked } = this.options;
    const strategy = asked ?? "maximize_success";
    const { state, context, monitor } = this;
    const { seed } = context.planning;
    const chosen =
      strategy === "adaptive"
        ? this.#chooser.choose({
            ...{ state, wave, seed, execution: context.execution, exploration: explorationOf(context.planning) },
            failing: leftOut(monitor.strategyFailures(), (missed) => monitor.wavesSince(missed)),
          })
        : { strategy, reason: asked === undefined ? "the default" : "as asked", numbers: {} };
    const { reason, numbers: input } = chosen;
    this.audit.record({ wave, decision: "strategy_chosen", subject: chosen.strategy, reason, input });
    return { strategy: chosen.strategy, reason };
  }

  /** Plans the approved tasks of a wave. */
  async plan(gated: GatedWave, strategy: StrategyName, context: Partial<PlanContext> = {}): Promise<WavePlan> {
    const { planning, now, clock, fixedNow, execution } = this.context;
    const heuristics = this.#rulesOf(gated);
    const { state } = this;
    const { phases, journal } = this.start;
    const plan = await planWave(
      {
        wave: gated.wave,
        phases,
        queue: this.queue,
        approvedIds: gated.approvedIds,
        relaxedIds: gated.relaxedIds,
        held: heldRows(gated.decisions),
        agentIds: this.options.agents,
        heuristics,
        history: historyFor(phases, state, execution),
        options: { ...planning, strategy, budget: this.purse.left },
        given: journal?.planOf(gated.wave) ?? null,
      },
      { now, clock, fixedNow, ...(this.options.signal && { signal: this.options.signal }), ...context },
    );
    this.tell(gated.wave, planNews(plan.result));
    auditPlan(this.audit, plan, gated);
    auditExploration(this.audit, plan);
    return plan;
  }

  /** Runs the plan of a wave. */
  async execute(plan: WavePlan): Promise<WaveRun> {
    await this.start.journal?.choosePlan(plan.wave, plan.result, plan.held, plan.problem);
    return runPlan(plan, executionOf(this, plan));
  }

  /** Books a wave that ended: who is finished, who goes on to the next wave, whose threshold is lowered there. */
  settle(plan: WavePlan, gated: GatedWave, ran: WaveRun, strategyReason: string): WaveRecord {
    const { wave, deferrals: planDeferrals } = plan;
    const finished = ran.tasks.filter(({ succeeded }) => succeeded).map(({ taskId }) => taskId);
    const failed = ran.tasks.filter(({ succeeded }) => !succeeded).map(({ taskId }) => taskId);
    const deferrals = this.queue.settle(wave, {
      finished,
      failed,
      deferrals: [...gateDeferrals(gated.decisions, this.#openToRelaxation(wave)), ...planDeferrals, ...ran.deferrals],
    });
    for (const { taskId, stage, reason, isFinal } of deferrals) {
      const input = { stage, final: isFinal };
      this.audit.record({ wave, decision: "task_deferred", subject: taskId, reason, input });
    }
    this.#relaxation.observe(wave, finished.length, ran.tasks.length);
    const { execution } = this.context;
    return {
      ...{ wave, execution, strategyReason, deferrals, gate: gated.decisions, tasks: ran.tasks },
      ...{ strategy: plan.strategy, result: plan.result, agents: plan.agents, planned: plan.planned },
      ...{ forecast: plan.forecast, baseline: plan.baseline },
      heuristicTrials: collectTrials(ran.tasks, plan.planned, {
        ...{ heuristics: plan.heuristics, chances: plan.chances, maxRetries: this.context.planning.maxRetries },
      }),
      ...withheldIn(plan.heuristics),
      ...(plan.reference && { reference: plan.reference }),
    };
  }

  /** Waves in which H16_004 lowered the HIGH threshold. */
  get relaxedWaves(): readonly number[] {
    return this.#relaxation.waves;
  }

  /** Learns a wave's outcomes: for the next waves, or with `learnBetweenWaves: false` for the next run. */
  learn(record: WaveRecord): void {
    const { learnBetweenWaves = true } = this.options;
    const { heuristics } = this.start.phases;
    this.learned = learnWave(this.learned, record, { heuristics, mission: this.context.planning.weights });
    if (learnBetweenWaves) this.state = this.learned;
    if (record.tasks.length === 0) return;
    this.audit.record({
      ...{ wave: record.wave, decision: "prediction_updated", subject: `wave ${record.wave}` },
      reason: `${countOf(record.tasks.length, `${record.execution} outcome`)} ${record.tasks.length === 1 ? "moves" : "move"} the predictions of later ${learnBetweenWaves ? "waves" : "runs"}`,
      input: { outcomes: record.tasks.length, execution: record.execution },
    });
  }

  /** Does all of the work that books a wave, or none of it. @throws what the work throws */
  async bookWholly(wave: number, work: () => Promise<void>): Promise<void> {
    const [state, learned] = [this.state, this.learned];
    try {
      await this.start.directory.wholly(work);
    } catch (error) {
      [this.state, this.learned] = [state, learned];
      this.loop.forget(wave);
      throw error;
    }
  }

  /** Shows a wave to the monitor, and tells what it sees. */
  observe(record: WaveRecord): WaveObservation {
    const observation = this.monitor.observeWave(record);
    for (const metric of observation.metrics) this.tell(record.wave, { event: "metric", metric });
    for (const anomaly of observation.newAnomalies) this.tell(record.wave, { event: "anomaly", anomaly });
    for (const alert of observation.newAlerts) this.tell(record.wave, { event: "alert", alert });
    return observation;
  }

  /** Rules of a wave: with the weights learned so far, and what an exploring run withholds. */
  #rulesOf({ wave, approvedIds }: GatedWave): Heuristics {
    const { planning } = this.context;
    const share = holdOutShare(explorationOf(planning));
    const tasks = this.queue.pending(wave).map(({ task }) => task);
    const lot = { share, wave, seed: planning.seed, maxRetries: planning.maxRetries };
    const rules = withholdBoost(tasks, approvedIds, this.heuristics(), lot);
    const withheld = rules.boost?.withheldFrom;
    if (withheld !== undefined) auditHoldOut(this.audit, wave, withheld, share);
    return rules;
  }

  #askGate(wave: number, relaxed: number | null): GateDecision[] {
    return applyGate(
      this.queue.pending(wave).map(({ task, approvalStatus }) => ({
        taskId: task.taskId,
        wave,
        riskLevel: task.riskLevel,
        confidence: task.confidence,
        approvalStatus,
      })),
      {
        mode: this.context.gate,
        approved: new Set(this.options.approved ?? []),
        requireApproval: this.options.requireApproval ?? false,
        ...(relaxed !== null && { highThreshold: relaxed, isThresholdRelaxed: true }),
      },
    );
  }

  /** Tasks of the wave that the gate lets through once H16_004 lowers its threshold; a later wave may. */
  #openToRelaxation(wave: number): ReadonlySet<string> {
    const { rule } = this.#relaxation;
    return rule === null ? new Set() : approvedOf(this.#askGate(wave, rule.highRiskThreshold));
  }
}

function approvedOf(decisions: readonly GateDecision[]): ReadonlySet<string> {
  return new Set(decisions.filter(({ approval }) => approval === "approved").map(({ taskId }) => taskId));
}
