import { compareIds, groupBy } from "../../domain/index.js";
import type { CalibrationReport } from "../../domain/schemas/index.js";
import { CalibrationTally, squaredError } from "../measure/calibration-tally.js";

/** One attempt, as it was predicted in two ways and as it came. */
export interface Trial {
  readonly agentId: string;
  readonly taskType: string | null;
  readonly learned: number;
  readonly prior: number;
  readonly succeeded: boolean;
}

type Comparison = Pick<
  CalibrationReport,
  "trials" | "successes" | "predictions" | "brier_difference" | "agents" | "task_types"
>;
type Way = keyof CalibrationReport["predictions"];
type Predict = (trial: Trial) => number;
type Group = Omit<CalibrationReport["agents"][number], "agent_id">;

/**
 * Scores of the learned predictions, of the prior's and of the constant that suits the trials best, over all and by agent
 * and type. The constant's Brier score is ō(1 − ō): whoever cannot beat it knows nothing about single attempts.
 *
 * @param trials at least one
 */
export function compareWays(trials: readonly Trial[]): Comparison {
  const successes = trials.filter(({ succeeded }) => succeeded).length;
  const baseRate = successes / trials.length;
  const ways: Readonly<Record<Way, Predict>> = {
    learned: (trial) => trial.learned,
    prior: (trial) => trial.prior,
    base_rate: () => baseRate,
  };
  const groupsBy = (keyOf: (trial: Trial) => string | null): [string | null, Group][] =>
    [...groupBy(trials, keyOf)]
      .sort(([a], [b]) => (a === null || b === null ? Number(a === null) - Number(b === null) : compareIds(a, b)))
      .map(([key, members]) => [key, describeGroup(members, ways)]);
  return {
    trials: trials.length,
    successes,
    predictions: {
      learned: scoresOf(trials, ways.learned),
      prior: scoresOf(trials, ways.prior),
      base_rate: scoresOf(trials, ways.base_rate),
    },
    brier_difference: {
      prior: meanAndError(trials.map((trial) => errorOf(trial, ways.learned) - errorOf(trial, ways.prior))),
      base_rate: meanAndError(trials.map((trial) => errorOf(trial, ways.learned) - errorOf(trial, ways.base_rate))),
    },
    agents: groupsBy(({ agentId }) => agentId).map(([agentId, group]) => ({ agent_id: agentId!, ...group })),
    task_types: groupsBy(({ taskType }) => taskType).map(([taskType, group]) => ({ task_type: taskType, ...group })),
  };
}

function describeGroup(members: readonly Trial[], ways: Readonly<Record<Way, Predict>>): Group {
  const brier = (way: Way): number => meanAndError(members.map((trial) => errorOf(trial, ways[way]))).mean;
  return {
    trials: members.length,
    successes: members.filter(({ succeeded }) => succeeded).length,
    brier_score: { learned: brier("learned"), prior: brier("prior"), base_rate: brier("base_rate") },
  };
}

function scoresOf(trials: readonly Trial[], predict: Predict): CalibrationReport["predictions"][Way] {
  const tally = new CalibrationTally();
  for (const trial of trials) tally.add(predict(trial), trial.succeeded);
  const { standard_error: error } = meanAndError(trials.map((trial) => errorOf(trial, predict)));
  return { ...tally.scores(), brier_standard_error: error };
}

function errorOf(trial: Trial, predict: Predict): number {
  return squaredError(predict(trial), trial.succeeded);
}

function meanAndError(values: readonly number[]): { mean: number; standard_error: number | null } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, standard_error: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standard_error: Math.sqrt(squares / (count - 1) / count) };
}
