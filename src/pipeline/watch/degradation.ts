import { AgentGaps } from "./agent-gaps.js";
import { BUDGET, type Look } from "./budget.js";
import { MIN_TREND_WAVES } from "./convergence.js";
import { type Finding, wholePercent, severityOf } from "./ledger.js";
import { type FittedTrend, fitTrend, logistic, slopeScore, type TrendCell } from "./logistic-trend.js";
import { SequentialScore } from "./sequential-score.js";
import type { MeasuredWave } from "../measure/measured-wave.js";

/** Least fitted decline of the success rate from the first wave to the last, a fraction. */
const DECLINE = 0.1;
const SEVERITY = { medium: 0.2, high: 0.3 };
/** Cells a wave, by predicted chance: the memory of a wave does not grow with its tasks. */
const NUM_CELLS = 50;
/** Predictions are kept off 0 and 1, where the logit is infinite. */
const MIN_CHANCE = 1e-4;

/**
 * A success rate that declines over waves, and more than was planned: the predicted chance is the offset of a logistic
 * trend on tasks, so waves that were known to be harder are no decline.
 */
export class Degradation {
  readonly #cells: TrendCell[] = [];
  readonly #waves: number[] = [];
  readonly #gaps = new AgentGaps();
  readonly #test = new SequentialScore();

  observe({ record, started }: MeasuredWave, look: Look): void {
    const seen = started.filter(({ task }) => task.attempts.at(-1)?.fault !== "aborted");
    if (seen.length > 0) {
      const place = this.#waves.length;
      this.#waves.push(record.wave);
      this.#cells.push(...cellsOf(place, seen));
      for (const { plan, task } of seen) {
        this.#gaps.add(plan.agentId, record.wave, plan.successProbability, task.succeeded ? 1 : 0);
      }
    }
    const score = this.#waves.length < MIN_TREND_WAVES ? null : slopeScore(this.#cells);
    // Declines are large scores of the test, which is one-sided.
    this.#test.look(-(score?.z ?? 0), score?.information ?? 0, look.share * BUDGET.degradation);
  }

  findings(): Finding[] {
    if (!this.#test.hasCrossed) return [];
    const trend = fitTrend(this.#cells);
    const decline = Math.min(this.#fittedDecline(trend), this.#declineBeyondPlan(trend));
    if (decline < DECLINE) return [];
    const [first, last] = [this.#waves[0]!, this.#waves.at(-1)!];
    const waves = this.#showingWaves();
    return [
      {
        anomaly_id: "AN_PERFORMANCE_DEGRADATION",
        anomaly_type: "performance_degradation",
        severity: severityOf(decline, SEVERITY),
        description:
          `The success rate fell by ${wholePercent(this.#fittedDecline(trend))} points from wave ${first} to wave ${last} ` +
          `(fitted), ${wholePercent(this.#declineBeyondPlan(trend))} of them not planned.`,
        affected_waves: waves,
        affected_agents: this.#gaps.contributors(1, DECLINE, (wave) => waves.includes(wave)),
        recommendation:
          "Look for what changed while the run went on (agents wearing out, a service degrading), and pause further waves until it is found.",
        evidence: {
          test: "logistic trend on tasks with the predicted chance as offset, score test, one-sided, group-sequential",
          effect: decline,
          threshold: DECLINE,
          p_value: this.#test.pValue,
          alpha: this.#test.allowed,
          observations: this.#cells.reduce((sum, { tasks }) => sum + tasks, 0),
        },
      },
    ];
  }

  /** Of the waves as they were composed. */
  #fittedDecline(trend: FittedTrend): number {
    const last = this.#waves.length - 1;
    const rateIn = (place: number): number =>
      fittedRate(
        this.#cells.filter((cell) => cell.place === place),
        trend,
        place,
      );
    return rateIn(0) - rateIn(last);
  }

  /** Of one and the same mix of tasks, that of the whole run. */
  #declineBeyondPlan(trend: FittedTrend): number {
    return fittedRate(this.#cells, trend, 0) - fittedRate(this.#cells, trend, this.#waves.length - 1);
  }

  /** Waves of the second half of the run that were worse than planned next to the run as a whole, or the last one. */
  #showingWaves(): number[] {
    const { intercept } = fitTrend(this.#cells.map((cell) => ({ ...cell, place: 0 })));
    const half = this.#waves.length / 2;
    const showing = this.#waves.filter((_, place) => {
      const cells = this.#cells.filter((cell) => cell.place === place);
      const successes = cells.reduce((sum, cell) => sum + cell.successes, 0);
      const tasks = cells.reduce((sum, cell) => sum + cell.tasks, 0);
      return place >= half && successes / tasks < fittedRate(cells, { intercept, slope: 0 }, 0);
    });
    return showing.length > 0 ? showing : [this.#waves.at(-1)!];
  }
}

function fittedRate(cells: readonly TrendCell[], { intercept, slope }: FittedTrend, place: number): number {
  let [sum, tasks] = [0, 0];
  for (const cell of cells) {
    sum += cell.tasks * logistic(cell.offset + intercept + slope * place);
    tasks += cell.tasks;
  }
  return sum / tasks;
}

/** The tasks of a wave by predicted chance, with the mean logit of each cell. */
function cellsOf(place: number, seen: MeasuredWave["started"]): TrendCell[] {
  const sums = new Map<number, { offset: number; tasks: number; successes: number }>();
  for (const { plan, task } of seen) {
    const chance = Math.min(1 - MIN_CHANCE, Math.max(MIN_CHANCE, plan.successProbability));
    const key = Math.floor(chance * NUM_CELLS);
    const sum = sums.get(key) ?? { offset: 0, tasks: 0, successes: 0 };
    sum.offset += Math.log(chance / (1 - chance));
    sum.tasks++;
    sum.successes += task.succeeded ? 1 : 0;
    sums.set(key, sum);
  }
  return [...sums.values()].map(({ offset, tasks, successes }) => ({
    place,
    offset: offset / tasks,
    tasks,
    successes,
  }));
}
