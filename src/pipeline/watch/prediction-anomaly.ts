import { AgentGaps, showingWaves, totalOf } from "./agent-gaps.js";
import { BUDGET, type Look } from "./budget.js";
import { type Finding, wholePercent, severityOf } from "./ledger.js";
import { METRIC_RULES } from "./metrics.js";
import { SequentialCount } from "./sequential-count.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import type { StartedTask } from "../measure/wave-outcome.js";

/** Least deficit of an agent on its own tasks, a fraction. */
const AGENT_DEFICIT = 0.1;
/** Least gap of the fleet: accuracy below its minimum. */
const FLEET_GAP = 1 - METRIC_RULES.schedule_accuracy.min;
const SEVERITY = { medium: 0.2, high: 0.3 };
/** Gaps are quotients of sums: a gap this close to its threshold has reached it. */
const ROUNDING = 1e-9;

/**
 * The task's result on the agent it was planned on: 1 or 0 where it ended there. Where it was moved, or its last attempt
 * was cut off, after m attempts: the predicted chance 1 − Π_{k≥m} (1 − p_k) it still had. Under the predictions that
 * keeps the mean and narrows the spread of the sum, so an exact tail at the sum, rounded towards its expectation, errs
 * on the quiet side.
 */
export function ownResult({ plan, task }: StartedTask): number {
  const { attempts } = task;
  const left = attempts.findIndex((attempt) => attempt.agentId !== plan.agentId || attempt.fault === "aborted");
  if (left === -1) return task.succeeded ? 1 : 0;
  return 1 - plan.attemptProbabilities.slice(left).reduce((failing, p) => failing * (1 - p), 1);
}

/**
 * Predicted against actual success: of the fleet in both directions, of each agent downwards. Which tasks are started
 * depends on their predecessors; given that a task is started its result follows its own chance.
 */
export class PredictionErrors {
  readonly #gaps = new AgentGaps();
  readonly #fleet = new SequentialCount(["lower", "upper"]);
  readonly #agents = new Map<string, SequentialCount>();
  #actual = 0;
  #tasks = 0;

  observe({ record, started }: MeasuredWave, look: Look): void {
    for (const entry of started) {
      const { agentId, successProbability } = entry.plan;
      const result = ownResult(entry);
      this.#gaps.add(agentId, record.wave, successProbability, result);
      this.#fleet.add(successProbability, result);
      this.#testOf(agentId).add(successProbability, result);
      this.#actual += entry.task.succeeded ? 1 : 0;
      this.#tasks++;
    }
    this.#fleet.look(look.share * BUDGET.fleetPrediction);
    for (const { agentId } of record.agents) {
      this.#testOf(agentId).look((look.share * BUDGET.agentPrediction) / record.agents.length);
    }
  }

  findings(): Finding[] {
    return [...this.#fleetFinding(), ...this.#gaps.agentIds().flatMap((agentId) => this.#agentFinding(agentId))];
  }

  #testOf(agentId: string): SequentialCount {
    let test = this.#agents.get(agentId);
    if (test === undefined) this.#agents.set(agentId, (test = new SequentialCount(["lower"])));
    return test;
  }

  /** The gap counts results wherever they came about; the evidence is about the predictions, hence own results. */
  #fleetFinding(): Finding[] {
    const test = this.#fleet;
    if (test.crossed === null) return [];
    const sign = test.crossed === "lower" ? 1 : -1;
    const waves = this.#gaps.fleetWaves();
    const expected = totalOf(waves, "expected") / this.#tasks;
    const actual = this.#actual / this.#tasks;
    const gap = sign * (expected - actual);
    if (gap <= FLEET_GAP) return [];
    const way = sign === 1 ? "below" : "above";
    return [
      {
        anomaly_id: "AN_PREDICTION_ERROR_FLEET",
        anomaly_type: "prediction_error",
        severity: severityOf(gap, SEVERITY),
        description:
          `${wholePercent(actual)} % of ${this.#tasks} tasks succeeded where ${wholePercent(expected)} % were predicted: ` +
          `${wholePercent(gap)} points ${way} the plan.`,
        affected_waves: showingWaves(waves, sign),
        affected_agents: this.#gaps.contributors(sign, AGENT_DEFICIT),
        recommendation:
          "Learn from the real outcomes of this run before the next one is planned, and check what differs from the history.",
        evidence: {
          test: "exact Poisson-binomial tail of the successes on their planned agents, two-sided, group-sequential",
          effect: gap,
          threshold: FLEET_GAP,
          p_value: test.pValue,
          alpha: test.allowed,
          observations: test.tries,
        },
      },
    ];
  }

  #agentFinding(agentId: string): Finding[] {
    const test = this.#testOf(agentId);
    if (test.crossed === null || test.deficit < AGENT_DEFICIT - ROUNDING) return [];
    const waves = this.#gaps.wavesOf(agentId);
    const expected = totalOf(waves, "expected") / test.tries;
    const points = wholePercent(test.deficit);
    return [
      {
        anomaly_id: `AN_PREDICTION_ERROR_${agentId}`,
        anomaly_type: "prediction_error",
        severity: severityOf(test.deficit, SEVERITY),
        description:
          `${agentId} succeeded in ${wholePercent(expected - test.deficit)} % of its own ${test.tries} tasks where ` +
          `${wholePercent(expected)} % were predicted: a deficit of ${points} points.`,
        affected_waves: showingWaves(waves, 1),
        affected_agents: [agentId],
        recommendation:
          `Inspect ${agentId} and its failed attempts; until then give it fewer tasks, and learn from its real outcomes ` +
          "so that the next plan expects less of it.",
        evidence: {
          test: "exact lower Poisson-binomial tail of the agent's own successes, group-sequential",
          effect: test.deficit,
          threshold: AGENT_DEFICIT,
          p_value: test.pValue,
          alpha: test.allowed,
          observations: test.tries,
        },
      },
    ];
  }
}
