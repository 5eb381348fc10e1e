import { STRATEGY_OF_GOAL } from "../../../models/index.js";
import type { GoalKey } from "../../domain/index.js";
import { AgentGaps, totalOf } from "./agent-gaps.js";
import { SequentialCount } from "./sequential-count.js";
import { SequentialScore } from "./sequential-score.js";
import { readMeasure, type ScoredMeasure } from "./strategy-goal.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import { confidenceTrajectory } from "../measure/accuracy.js";
import { heldMs, plannedBusyMs } from "../measure/busy-time.js";
import type { StartedTask } from "../measure/wave-outcome.js";

/** How a strategy did on one goal over its waves: sums and a sequential test. */
export interface GoalRecord {
  observe(wave: MeasuredWave, allowance: number): void;
  /** Achieved over planned, the other way round where less is better; 1 is as planned. */
  readonly achievement: number;
  readonly hasEvidence: boolean;
  readonly pValue: number;
  readonly allowed: number;
  readonly observations: number;
  readonly test: string;
  /** Waves in which the goal was missed, at least one once there is evidence. */
  readonly missedWaves: readonly number[];
  /** Agents that contribute most to missing it. */
  contributors(): string[];
}

/** An agent contributes clearly where its results fall this far behind a task. */
const CLEAR_GAP = 0.1;

export function goalRecord(goal: GoalKey): GoalRecord {
  const { measure } = STRATEGY_OF_GOAL[goal];
  return measure === "successes" ? new SuccessRecord() : new ScoredRecord(measure);
}

/** Final success against the predicted chances, by the exact lower tail. */
class SuccessRecord implements GoalRecord {
  readonly test = "exact lower Poisson-binomial tail of the final successes, group-sequential";
  readonly #gaps = new AgentGaps();
  readonly #count = new SequentialCount(["lower"]);

  observe({ record, started }: MeasuredWave, allowance: number): void {
    for (const { plan, task } of started) {
      const isCutOff = task.attempts.at(-1)?.fault === "aborted";
      const result = isCutOff ? plan.successProbability : task.succeeded ? 1 : 0;
      this.#gaps.add(plan.agentId, record.wave, plan.successProbability, result);
      this.#count.add(plan.successProbability, result);
    }
    this.#count.look(allowance);
  }

  get achievement(): number {
    const waves = this.#gaps.fleetWaves();
    const expected = totalOf(waves, "expected");
    return expected > 0 ? totalOf(waves, "observed") / expected : 1;
  }

  get hasEvidence(): boolean {
    return this.#count.crossed !== null;
  }

  get pValue(): number {
    return this.#count.pValue;
  }

  get allowed(): number {
    return this.#count.allowed;
  }

  get observations(): number {
    return this.#count.tries;
  }

  get missedWaves(): readonly number[] {
    return this.#gaps
      .fleetWaves()
      .filter(({ expected, observed }) => observed < expected)
      .map(({ wave }) => wave);
  }

  contributors(): string[] {
    return this.#gaps.contributors(1, CLEAR_GAP);
  }
}

/** How a measure makes an achievement of sums over waves, and what each task adds to the miss, in the measure's own unit. */
interface ScoredRule {
  achievement(planned: number, achieved: number, readings: number): number;
  contribution(started: StartedTask): { readonly expected: number; readonly observed: number };
}

const achievedLess = (planned: number, achieved: number): number => (achieved > 0 ? planned / achieved : 1);

const BY_BUSY_TIME: ScoredRule = {
  achievement: achievedLess,
  contribution: ({ plan, task }) => ({ expected: plannedBusyMs(plan), observed: heldMs(task.attempts) }),
};

const SCORED_RULES: Readonly<Record<ScoredMeasure, ScoredRule>> = {
  makespan: BY_BUSY_TIME,
  largest_load: BY_BUSY_TIME,
  cost: BY_BUSY_TIME,
  retries: {
    achievement: achievedLess,
    contribution: ({ plan, task }) => ({ expected: plan.retries, observed: task.attempts.length - 1 }),
  },
  confidence: {
    achievement: (planned, achieved, readings) => {
      const waves = Math.max(1, readings);
      return confidenceTrajectory(planned / waves, achieved / waves);
    },
    contribution: ({ plan, task }) => ({
      expected: -plan.confidenceDelta,
      observed: -(task.confidenceDelta ?? 0),
    }),
  },
};

/** A measure of the whole wave against its forecast: normal scores added up over waves (Stouffer, 1949). */
class ScoredRecord implements GoalRecord {
  readonly test =
    "place of each wave among the replications of its forecast, Stouffer's sum, one-sided, group-sequential";
  readonly #measure: ScoredMeasure;
  readonly #sequential = new SequentialScore();
  readonly #excess = new AgentGaps();
  readonly #missed: number[] = [];
  #planned = 0;
  #achieved = 0;
  #scores = 0;
  #readings = 0;
  #tasks = 0;

  constructor(measure: ScoredMeasure) {
    this.#measure = measure;
  }

  observe(wave: MeasuredWave, allowance: number): void {
    const reading = readMeasure(this.#measure, wave);
    if (reading !== null) {
      this.#planned += reading.planned;
      this.#achieved += reading.achieved;
      this.#scores += reading.score;
      this.#readings++;
      this.#tasks += wave.started.length;
      if (reading.score > 0) this.#missed.push(wave.record.wave);
      this.#addContributions(wave);
    }
    const score = this.#readings === 0 ? 0 : this.#scores / Math.sqrt(this.#readings);
    this.#sequential.look(score, this.#readings, allowance);
  }

  get achievement(): number {
    return SCORED_RULES[this.#measure].achievement(this.#planned, this.#achieved, this.#readings);
  }

  get hasEvidence(): boolean {
    return this.#sequential.hasCrossed;
  }

  get pValue(): number {
    return this.#sequential.pValue;
  }

  get allowed(): number {
    return this.#sequential.allowed;
  }

  get observations(): number {
    return this.#tasks;
  }

  get missedWaves(): readonly number[] {
    return this.#missed;
  }

  contributors(): string[] {
    return this.#excess.contributors(-1, Infinity);
  }

  /** What each agent adds to the miss. */
  #addContributions({ record, started }: MeasuredWave): void {
    for (const one of started) {
      const { expected, observed } = SCORED_RULES[this.#measure].contribution(one);
      this.#excess.add(one.plan.agentId, record.wave, expected, observed);
    }
  }
}
