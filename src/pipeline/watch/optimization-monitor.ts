import {
  checkOptionNames,
  type ExecutionKind,
  InputError,
  reading,
  STRATEGIES,
  type StrategyName,
  type WaveRecord,
} from "../../domain/index.js";
import type { AlertRow, AnomalyRow, MetricRow, OptimizationSummary, SystemHealth } from "../../domain/schemas/index.js";
import { AgentDeclines } from "./agent-decline.js";
import { alertRows } from "./alerts.js";
import { lookAt } from "./budget.js";
import { type Convergence, convergenceOf } from "./convergence.js";
import { Degradation } from "./degradation.js";
import { systemHealth } from "./health.js";
import { AnomalyLedger } from "./ledger.js";
import { metricRows } from "./metrics.js";
import type { Money } from "./money-alerts.js";
import { isFailureOf, OptimizationFailures, type StrategyFailure } from "./optimization-failure.js";
import { PredictionErrors } from "./prediction-anomaly.js";
import { ScheduleDrift } from "./schedule-drift.js";
import { measureWave, type WaveStats } from "../measure/measured-wave.js";
import { occupancyShares, totalAgents } from "../measure/agent-stats.js";

export type AgentUtilization = OptimizationSummary["agent_utilization"][string];

export interface MonitorOptions {
  /** Default `simulated`. */
  readonly execution?: ExecutionKind;
  /** Waves the run will have; null (the default) where nobody knows. */
  readonly numWaves?: number | null;
  /** Phase 18's own health score before the run; null (the default) where it left none. */
  readonly phase18Health?: number | null;
  /** The money of the run so far; default: it has no budget. */
  readonly money?: () => Money;
  /** ISO-8601 UTC; default the system's clock. */
  readonly timestamp?: () => string;
}

const NAMES = ["execution", "numWaves", "phase18Health", "money", "timestamp"];

/** @throws InputError naming the option */
function readOptions(options: MonitorOptions): Required<MonitorOptions> {
  checkOptionNames("options", options, NAMES);
  return reading("options", "give a plain object", () => {
    const { execution = "simulated", numWaves = null, phase18Health = null } = options;
    const { money = () => NO_BUDGET, timestamp = () => new Date().toISOString() } = options;
    const refuse = (name: string, rule: string): never => {
      throw new InputError(`options.${name}`, rule);
    };
    if (execution !== "simulated" && execution !== "real") refuse("execution", "is not simulated or real");
    if (numWaves !== null && !(Number.isSafeInteger(numWaves) && numWaves >= 0)) {
      refuse("numWaves", "is not a whole number of at least 0; leave it out where nobody knows");
    }
    if (phase18Health !== null && !Number.isFinite(phase18Health)) refuse("phase18Health", "is not a number");
    if (typeof timestamp !== "function") refuse("timestamp", "is not a function that returns an ISO-8601 text");
    if (typeof money !== "function") refuse("money", "is not a function that returns budget and spent");
    return { execution, numWaves, phase18Health, money, timestamp };
  });
}

const NO_BUDGET: Money = { budget: null, spent: 0 };

/** What one more wave brought. */
export interface WaveObservation {
  /** Over all waves so far. */
  readonly metrics: MetricRow[];
  /** Anomalies that this wave brought. */
  readonly newAnomalies: AnomalyRow[];
  /** Alerts that this wave brought. */
  readonly newAlerts: AlertRow[];
}

/**
 * Watches a run wave by wave: five metrics, four kinds of anomaly, health, convergence and alerts. It keeps a few numbers
 * a wave, agent and kind of task and the distributions of its exact tests, never a record.
 */
export class OptimizationMonitor {
  readonly #options: Required<MonitorOptions>;
  readonly #waves: WaveStats[] = [];
  readonly #failures = new OptimizationFailures();
  readonly #detectors = [
    new PredictionErrors(),
    new AgentDeclines(),
    new ScheduleDrift(),
    new Degradation(),
    this.#failures,
  ];
  readonly #ledger = new AnomalyLedger();
  readonly #alerted = new Set<string>();

  /** @throws InputError where an option breaks a rule */
  constructor(options: MonitorOptions = {}) {
    this.#options = readOptions(options);
  }

  /**
   * Takes in a wave that has ended; waves come in their order, each once. O(tasks · width of the exact tests).
   * @throws InputError where the record is none
   */
  observeWave(record: WaveRecord): WaveObservation {
    const { execution, numWaves, timestamp } = this.#options;
    const wave = measureWave(record);
    this.#waves.push(wave.stats);
    const look = lookAt(this.#waves.length, numWaves);
    for (const detector of this.#detectors) detector.observe(wave, look);
    const findings = this.#detectors.flatMap((detector) => detector.findings());
    const newAnomalies = this.#ledger.enter(findings, execution, timestamp(), record.wave);
    const newAlerts = this.generateAlerts().filter(({ alert_id }) => !this.#alerted.has(alert_id));
    for (const { alert_id } of newAlerts) this.#alerted.add(alert_id);
    return { metrics: this.calculateMetrics(), newAnomalies, newAlerts };
  }

  /** The five metrics in the order of the contract. */
  calculateMetrics(): MetricRow[] {
    return metricRows(this.#waves, this.#options.execution, this.#options.timestamp());
  }

  /** Every anomaly raised so far, each id once. */
  detectAnomalies(): AnomalyRow[] {
    return this.#ledger.rows();
  }

  /** Health in 0 … 100 with its components, beside Phase 18's own. */
  generateSystemHealth(): SystemHealth {
    const { execution, phase18Health, timestamp } = this.#options;
    return systemHealth({
      metrics: this.calculateMetrics(),
      numAnomalies: this.detectAnomalies().length,
      phase18Health,
      convergence: this.monitorOptimizationConvergence(),
      execution,
      timestamp: timestamp(),
    });
  }

  /** Planned and actual use of each agent over the run, by agent id; a task counts for the agent of its last attempt. */
  monitorAgentUtilization(): Readonly<Record<string, AgentUtilization>> {
    return Object.fromEntries(
      totalAgents(this.#waves).map(({ agentId, occupancy }): [string, AgentUtilization] => [
        agentId,
        { ...occupancyShares(occupancy), busy_time_ms: occupancy.heldMs, tasks: occupancy.tasks },
      ]),
    );
  }

  /** The anomalies that are errors of prediction. */
  detectPredictionErrors(): AnomalyRow[] {
    return this.detectAnomalies().filter(({ anomaly_type }) => anomaly_type === "prediction_error");
  }

  /** The anomalies that are schedules not kept. */
  detectScheduleDrift(): AnomalyRow[] {
    return this.detectAnomalies().filter(({ anomaly_type }) => anomaly_type === "schedule_drift");
  }

  /** Trends of the accuracy and of the gap over the waves. */
  monitorOptimizationConvergence(): Convergence {
    return convergenceOf(this.#waves);
  }

  /** What a person should act on now, gravest first. */
  generateAlerts(): AlertRow[] {
    return alertRows({
      waves: this.#waves,
      metrics: this.calculateMetrics(),
      anomalies: this.detectAnomalies(),
      health: this.generateSystemHealth(),
      money: this.#options.money(),
      timestamp: this.#options.timestamp(),
    });
  }

  /** Strategies that have an anomaly `optimization_failure`. */
  failingStrategies(): ReadonlySet<StrategyName> {
    const failures = this.detectAnomalies().filter(({ anomaly_type }) => anomaly_type === "optimization_failure");
    return new Set(STRATEGIES.filter((name) => failures.some(({ anomaly_id }) => isFailureOf(anomaly_id, name))));
  }

  /** Strategies that fail by the evidence of now: one that has made up for it is not among them. */
  strategyFailures(): readonly StrategyFailure[] {
    return this.#failures.failing();
  }

  /** Waves observed after this one. */
  wavesSince(wave: number): number {
    return this.#waves.filter((stats) => stats.wave > wave).length;
  }
}
