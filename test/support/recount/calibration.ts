import { mean, sum } from "./figures.js";
import type { WaveRows } from "./rows.js";

/** A prediction of success and what came of it. */
interface Pair {
  readonly chance: number;
  readonly done: 0 | 1;
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly successes: number;
  readonly predicted: number | null;
  readonly observed: number | null;
  readonly interval: readonly [number, number] | null;
}

/** How good the predictions of some waves were, counted from their rows. */
export interface Scores {
  readonly tasks: number;
  readonly brier: number | null;
  readonly expectedBrier: number | null;
  readonly logLoss: number | null;
  readonly error: number | null;
  readonly decomposition: Readonly<Record<string, number>> | null;
  readonly bins: readonly Bin[];
  readonly ends: { readonly count: number; readonly covered: number };
  /** Attempts that say how long one takes on the planned agent. */
  readonly attempts: number;
}

const NUM_BINS = 10;

export function scoresOf(waves: readonly WaveRows[]): Scores {
  const planOf = new Map(
    waves.flatMap(({ wave, planned }) => planned.map((plan) => [`${wave} ${plan.task_id}`, plan])),
  );
  const ran = waves.flatMap(({ wave, scheduled }) =>
    scheduled.map((row) => ({ row, plan: planOf.get(`${wave} ${row.task_id}`)! })),
  );
  const pairs = ran.map(({ row, plan }): Pair => {
    return { chance: plan.predicted_success_probability, done: row.status === "completed" ? 1 : 0 };
  });
  const bins = Array.from({ length: NUM_BINS }, (_, k) =>
    binOf(
      pairs.filter(({ chance }) => placeOf(chance) === k),
      k,
    ),
  );
  const covered = ran.filter(
    ({
      row: { actual_end_time: end },
      plan: {
        end_interval_ms: [low, high],
      },
    }) => {
      return end >= low && end <= high;
    },
  );
  const loss = ({ chance, done }: Pair): number =>
    -Math.log(Math.min(1 - 1e-6, Math.max(1e-6, done ? chance : 1 - chance)));
  const brier = mean(pairs.map(({ chance, done }) => (chance - done) ** 2));
  return {
    tasks: pairs.length,
    brier,
    expectedBrier: mean(pairs.map(({ chance }) => chance * (1 - chance))),
    logLoss: mean(pairs.map(loss)),
    error: mean(pairs.map(({ chance }) => gapOf(bins[placeOf(chance)]!))),
    decomposition: brier === null ? null : decompose(pairs, bins, brier),
    bins,
    ends: { count: ran.length, covered: covered.length },
    attempts: sum(waves.map((wave) => timedAttempts(wave))),
  };
}

const placeOf = (chance: number): number => Math.min(NUM_BINS - 1, Math.floor(10 * chance));
const gapOf = ({ predicted, observed }: Bin): number => Math.abs(predicted! - observed!);

function binOf(pairs: readonly Pair[], k: number): Bin {
  const successes = sum(pairs.map(({ done }) => done));
  return {
    ...{ from: k / NUM_BINS, to: (k + 1) / NUM_BINS, count: pairs.length, successes },
    ...{ predicted: mean(pairs.map(({ chance }) => chance)), observed: mean(pairs.map(({ done }) => done)) },
    interval: pairs.length === 0 ? null : wilson(successes, pairs.length),
  };
}

/** The rates whose own normal test with 95 % does not refuse so many successes: the roots of (p̂ − p)² = z² p (1 − p) / n. */
function wilson(successes: number, count: number): [number, number] {
  const z2 = 1.959963984540054 ** 2;
  const [a, b, c] = [count + z2, -(2 * successes + z2), successes ** 2 / count];
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}

/** Murphy's three parts, each a mean over tasks, and what is left of the score. */
function decompose(pairs: readonly Pair[], bins: readonly Bin[], brier: number): Record<string, number> {
  const rate = mean(pairs.map(({ done }) => done))!;
  const over = (part: (bin: Bin) => number): number => mean(pairs.map(({ chance }) => part(bins[placeOf(chance)]!)))!;
  const reliability = over((bin) => gapOf(bin) ** 2);
  const resolution = over((bin) => (bin.observed! - rate) ** 2);
  const uncertainty = rate * (1 - rate);
  return { reliability, resolution, uncertainty, within_bins: brier - reliability + resolution - uncertainty };
}

/** Attempts of ended tasks by the planned agent that ended by themselves and took time. */
function timedAttempts({ planned, scheduled, attempts }: WaveRows): number {
  const agentOf = new Map(planned.map(({ task_id, agent_id }) => [task_id, agent_id]));
  const ended = new Set(scheduled.map(({ task_id }) => task_id));
  const isTimed = ({ task_id, agent_id, fault, execution_time_ms }: WaveRows["attempts"][number]): boolean =>
    ended.has(task_id) && agentOf.get(task_id) === agent_id && fault === null && execution_time_ms > 0;
  return attempts.filter(isTimed).length;
}

type Compare = (place: string, told: unknown, counted: unknown) => void;
type Row = Readonly<Record<string, unknown>>;

/** `calibration.jsonl`: every score, part and bin of each wave. */
export function checkCalibration(rows: readonly Row[], waves: readonly WaveRows[], compare: Compare): void {
  compare("calibration.jsonl: rows", rows.length, waves.length);
  for (const wave of waves) {
    const row = rows.find((one) => one["wave"] === wave.wave) ?? {};
    const counted = scoresOf([wave]);
    const told = (name: string): unknown => row[name];
    const check = (name: string, one: unknown, other: unknown): void =>
      compare(`calibration.jsonl: ${name} of wave ${wave.wave}`, one, other);
    check("tasks", told("tasks"), counted.tasks);
    check("brier_score", told("brier_score"), counted.brier);
    check("expected_brier_score", told("expected_brier_score"), counted.expectedBrier);
    check("log_loss", told("log_loss"), counted.logLoss);
    check("expected_calibration_error", told("expected_calibration_error"), counted.error);
    const parts = (told("brier_decomposition") ?? {}) as Row;
    for (const [name, part] of Object.entries(counted.decomposition ?? {})) check(name, parts[name], part);
    checkBins((told("reliability_bins") ?? []) as readonly Row[], counted.bins, check);
    const { count, covered } = told("end_interval") as { count: number; covered: number };
    check("ends", count, counted.ends.count);
    check("ends covered", covered, counted.ends.covered);
    check("attempts", (told("duration_interval") as Row)["count"], counted.attempts);
    for (const name of ["duration_interval", "makespan_interval", "success_interval"]) {
      const { count: of, covered: held } = told(name) as { count: number; covered: number };
      check(`${name} covers no more than there is`, held >= 0 && held <= of, true);
    }
  }
}

function checkBins(told: readonly Row[], counted: readonly Bin[], check: Compare): void {
  check("bins", told.length, counted.length);
  counted.forEach((bin, k) => {
    const row = told[k] ?? {};
    const ends = row["observed_interval"] as readonly number[] | null;
    const pairs: readonly (readonly [string, unknown, unknown])[] = [
      ["from", row["from"], bin.from],
      ["to", row["to"], bin.to],
      ["count", row["count"], bin.count],
      ["successes", row["successes"], bin.successes],
      ["mean_predicted", row["mean_predicted"], bin.predicted],
      ["observed_rate", row["observed_rate"], bin.observed],
      ["observed from", ends?.[0], bin.interval?.[0]],
      ["observed to", ends?.[1], bin.interval?.[1]],
    ];
    for (const [name, one, other] of pairs) check(`bin ${k}: ${name}`, one, other);
  });
}
