import { type AttemptRecord, countOf, joinWords, type PlannedTaskRecord } from "../../domain/index.js";
import { isTimeGuessed } from "../execute/guessed-time.js";
import { BUDGET, type Look } from "./budget.js";
import { type Finding, wholePercent, severityOf } from "./ledger.js";
import { METRIC_RULES } from "./metrics.js";
import { SequentialScore } from "./sequential-score.js";
import type { MeasuredWave } from "../measure/measured-wave.js";

/** Least mean slowdown (a factor) at which an agent is named. */
const AGENT_SLOWDOWN = 1.1;
const MIN_ADHERENCE = METRIC_RULES.schedule_adherence.min;
const SEVERITY = { medium: 1.25, high: 1.5 };

interface WaveLateness {
  readonly wave: number;
  tasks: number;
  adhered: number;
  attempts: number;
  /** Sums of ln(time) − its predicted mean, and of the same over its standard deviation. */
  residual: number;
  score: number;
  /** Sums of the share of the doubt about means in the standard deviation, and of its square. */
  doubt: number;
  squaredDoubt: number;
}

/** Attempt times against their predictions, for one agent or the fleet. */
class Lateness {
  readonly waves: WaveLateness[] = [];
  readonly test = new SequentialScore();

  inWave(wave: number): WaveLateness {
    let last = this.waves.at(-1);
    if (last?.wave !== wave) {
      this.waves.push(
        (last = { wave, tasks: 0, adhered: 0, attempts: 0, residual: 0, score: 0, doubt: 0, squaredDoubt: 0 }),
      );
    }
    return last!;
  }

  total(name: Exclude<keyof WaveLateness, "wave">): number {
    return this.waves.reduce((sum, wave) => sum + wave[name], 0);
  }

  look(allowance: number): void {
    const variance = this.#variance();
    this.test.look(variance === 0 ? 0 : this.total("score") / Math.sqrt(variance), variance, allowance);
  }

  /** Of the sum of scores at most: within a wave doubt about means is taken as one and the same, from wave to wave as new. */
  #variance(): number {
    return this.waves.reduce((sum, wave) => sum + wave.attempts - wave.squaredDoubt + wave.doubt ** 2, 0);
  }

  get adherence(): number {
    const tasks = this.total("tasks");
    return tasks === 0 ? 1 : this.total("adhered") / tasks;
  }

  /** exp of the mean residual: 1.25 takes a quarter longer than predicted. */
  get slowdown(): number {
    const attempts = this.total("attempts");
    return attempts === 0 ? 1 : Math.exp(this.total("residual") / attempts);
  }

  /** The waves that were slower than predicted, or the slowest one. */
  slowWaves(): number[] {
    const slow = this.waves.filter(({ residual }) => residual > 0);
    const named = slow.length > 0 ? slow : [...this.waves].sort((a, b) => b.residual - a.residual).slice(0, 1);
    return named.map(({ wave }) => wave);
  }
}

/**
 * Schedules that are not kept because attempts take longer than predicted. The ends themselves are no evidence: within a
 * slot each waits for those before it, so one late attempt makes many late ends. Under the predictions
 * z = (ln t − (ln d − σ²/2)) / σ is N(0, 1). Given the means attempt times are independent, but the doubt about a mean is the
 * same for all tasks that share it; each wave is predicted from those before it, so its errors are new (innovations:
 * Kailath, IEEE Trans. Automatic Control 13, 1968).
 */
export class ScheduleDrift {
  readonly #fleet = new Lateness();
  readonly #agents = new Map<string, Lateness>();

  observe({ record, started, adherence }: MeasuredWave, look: Look): void {
    for (const { plan, task } of started) {
      if (isTimeGuessed(plan, record.execution)) continue;
      const books = [this.#fleet, this.#bookOf(plan.agentId)].map((book) => book.inWave(record.wave));
      const kept = adherence.adhered.has(task.taskId) ? 1 : 0;
      for (const book of books) {
        book.tasks++;
        book.adhered += kept;
      }
      for (const attempt of task.attempts) {
        const residual = residualOf(plan, attempt);
        if (residual === null) continue;
        const doubt = Math.min(1, (plan.durationLogDoubt ?? 0) / plan.durationLogSpread);
        for (const book of books) {
          book.attempts++;
          book.residual += residual;
          book.score += residual / plan.durationLogSpread;
          book.doubt += doubt;
          book.squaredDoubt += doubt ** 2;
        }
      }
    }
    this.#fleet.look(look.share * BUDGET.fleetDrift);
    for (const { agentId } of record.agents) {
      this.#bookOf(agentId).look((look.share * BUDGET.agentDrift) / record.agents.length);
    }
  }

  findings(): Finding[] {
    const named = [...this.#agents]
      .filter(([, book]) => book.test.hasCrossed && book.slowdown >= AGENT_SLOWDOWN && book.adherence < MIN_ADHERENCE)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([agentId, book]) => agentFinding(agentId, book));
    const isFleet = this.#fleet.test.hasCrossed && this.#fleet.slowdown > 1 && this.#fleet.adherence < MIN_ADHERENCE;
    return isFleet && named.length === 0 ? [this.#fleetFinding()] : named;
  }

  #bookOf(agentId: string): Lateness {
    let book = this.#agents.get(agentId);
    if (book === undefined) this.#agents.set(agentId, (book = new Lateness()));
    return book;
  }

  #fleetFinding(): Finding {
    const slowest = [...this.#agents].sort(([, a], [, b]) => b.slowdown - a.slowdown)[0]!;
    const { adherence, slowdown, test } = this.#fleet;
    return {
      anomaly_id: "AN_SCHEDULE_DRIFT_FLEET",
      anomaly_type: "schedule_drift",
      severity: severityOf(slowdown, SEVERITY),
      description:
        `${wholePercent(adherence)} % of ${this.#fleet.total("tasks")} tasks kept to the schedule (at least ` +
        `${wholePercent(MIN_ADHERENCE)} % should): attempts took ${wholePercent(slowdown - 1)} % longer than predicted, ` +
        `${slowest[0]} longest.`,
      affected_waves: this.#fleet.slowWaves(),
      affected_agents: [slowest[0]],
      recommendation:
        "Plan with the durations seen in this run (learn from its outcomes), and leave slack before deadlines until then.",
      evidence: {
        test: "sum of the standardised log times of attempts, one-sided, group-sequential",
        effect: adherence,
        threshold: MIN_ADHERENCE,
        p_value: test.pValue,
        alpha: test.allowed,
        observations: this.#fleet.total("attempts"),
      },
    };
  }
}

/** ln of the time minus its predicted mean; null where the attempt says nothing of the planned agent's pace. */
function residualOf(plan: PlannedTaskRecord, attempt: AttemptRecord): number | null {
  const { durationMs, durationLogSpread: sigma } = plan;
  const isComparable = attempt.agentId === plan.agentId && attempt.fault === null && attempt.durationMs > 0;
  if (!isComparable || !(sigma > 0) || !(durationMs > 0)) return null;
  return Math.log(attempt.durationMs) - (Math.log(durationMs) - (sigma * sigma) / 2);
}

/** What to do about agents that became slow. */
export function findWhatSlows(agentIds: readonly string[]): string {
  const [its, it] = agentIds.length === 1 ? ["its", "it"] : ["their", "them"];
  return `Find out what slows ${joinWords(agentIds)} down, and learn ${its} durations before the next plan, which else overloads ${it} again.`;
}

function agentFinding(agentId: string, book: Lateness): Finding {
  return {
    anomaly_id: `AN_SCHEDULE_DRIFT_${agentId}`,
    anomaly_type: "schedule_drift",
    severity: severityOf(book.slowdown, SEVERITY),
    description:
      `${agentId} took ${wholePercent(book.slowdown - 1)} % longer than predicted over ${countOf(book.total("attempts"), "attempt")}; ` +
      `${wholePercent(book.adherence)} % of its tasks kept to the schedule.`,
    affected_waves: book.slowWaves(),
    affected_agents: [agentId],
    recommendation: findWhatSlows([agentId]),
    evidence: {
      test: "sum of the agent's standardised log times of attempts, one-sided, group-sequential",
      effect: book.slowdown,
      threshold: AGENT_SLOWDOWN,
      p_value: book.test.pValue,
      alpha: book.test.allowed,
      observations: book.total("attempts"),
    },
  };
}
