import type { GoalKey } from "../../domain/index.js";
import { AgentGaps, totalOf } from "./agent-gaps.js";
import { SequentialCount } from "./sequential-count.js";
import { SequentialScore } from "./sequential-score.js";
import { readGoal } from "./strategy-goal.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import { confidenceTrajectory } from "../measure/accuracy.js";
import { heldMs, plannedBusyMs } from "../measure/busy-time.js";

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
  return goal === "success" ? new SuccessRecord() : new ScoredRecord(goal);
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

/** A measure of the whole wave against its forecast: normal scores added up over waves (Stouffer, 1949). */
class ScoredRecord implements GoalRecord {
  readonly test =
    "place of each wave among the replications of its forecast, Stouffer's sum, one-sided, group-sequential";
  readonly #goal: Exclude<GoalKey, "success">;
  readonly #sequential = new SequentialScore();
  readonly #excess = new AgentGaps();
  readonly #missed: number[] = [];
  #planned = 0;
  #achieved = 0;
  #scores = 0;
  #readings = 0;
  #tasks = 0;

  constructor(goal: Exclude<GoalKey, "success">) {
    this.#goal = goal;
  }

  observe(wave: MeasuredWave, allowance: number): void {
    const reading = readGoal(this.#goal, wave);
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
    const [planned, achieved] = [this.#planned, this.#achieved];
    if (this.#goal === "confidence") {
      const readings = Math.max(1, this.#readings);
      return confidenceTrajectory(planned / readings, achieved / readings);
    }
    return achieved > 0 ? planned / achieved : 1;
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

  /** What each agent adds to the miss, in the unit of the goal. */
  #addContributions({ record, started }: MeasuredWave): void {
    for (const { plan, task } of started) {
      const { agentId } = plan;
      if (this.#goal === "confidence") {
        this.#excess.add(agentId, record.wave, -plan.confidenceDelta, -(task.confidenceDelta ?? 0));
      } else if (this.#goal === "retries") {
        this.#excess.add(agentId, record.wave, plan.retries, task.attempts.length - 1);
      } else {
        this.#excess.add(agentId, record.wave, plannedBusyMs(plan), heldMs(task.attempts));
      }
    }
  }
}
