import { EMPTY_HISTORY, InputError } from "../../domain/index.js";
import type { CalibrationReport, LearnedStateDocument } from "../../domain/schemas/index.js";
import type { TrialOutcomes } from "../files/trial-outcomes.js";
import { attemptConfidences, attemptTime, chanceAt } from "../../planner/index.js";
import { isWithin, timeInterval } from "../measure/calibration.js";
import { chooseTrials, type ChosenTrials, type JudgeableOutcome } from "./choose-trials.js";
import { weighHeuristics } from "../measure/heuristic-weights.js";
import { compareWays, type Trial } from "./compare-ways.js";
import { compareChoices } from "./compare-choices.js";
import { historyOfState, jointPredictorFrom, predictorFrom } from "./state-predictor.js";
import { wilsonInterval } from "../measure/wilson.js";

/** Fewer trials than this say little: the Brier score's standard error is then some .02 and more. */
const ENOUGH_TRIALS = 100;

/**
 * Predicts every attempt of the outcomes from the real compartment of the state alone, and scores the predictions beside
 * those of the prior formula and of a constant.
 *
 * @param place how errors name the outcomes
 * @throws InputError where no row says enough to be predicted. O(outcomes of the state + attempts)
 */
export async function calibrateState(
  state: LearnedStateDocument,
  outcomes: TrialOutcomes,
  place: string,
): Promise<CalibrationReport> {
  const chosen = chooseTrials(outcomes);
  const [first] = chosen.rows;
  if (first === undefined) throw nothingToJudge(chosen, place);
  const heuristics = weighHeuristics(outcomes.heuristics, state);
  const model = jointPredictorFrom(historyOfState(state), heuristics);
  const learned = model.predict;
  const prior = predictorFrom(EMPTY_HISTORY, heuristics);
  const confidencesOf = ({ isSingleAttempt, confidence, riskLevel, attempts }: JudgeableOutcome): number[] =>
    isSingleAttempt ? [confidence] : attemptConfidences(confidence, riskLevel, heuristics, attempts - 1);
  const trials = chosen.rows.flatMap((row): Trial[] => {
    const { agentId, taskType, riskLevel } = row;
    const byState = learned(agentId, taskType, riskLevel);
    const byPrior = prior(agentId, taskType, riskLevel);
    const confidences = confidencesOf(row);
    return confidences.map((confidence, k) => ({
      ...{ agentId, taskType },
      learned: chanceAt(byState, riskLevel, confidence),
      prior: chanceAt(byPrior, riskLevel, confidence),
      succeeded: row.succeeded && k === confidences.length - 1,
    }));
  });
  const report = {
    schema_version: 1 as const,
    execution: first.execution,
    in_sample: first.isKnown,
    rows: chosen.rows.length,
    ...compareWays(trials),
    skipped: chosen.skipped,
    state: { outcomes: state.real.outcomes, runs: state.runs.length, files: state.files.length },
    choices: await compareChoices(chosen.rows, model, (row) => confidencesOf(row)[0]!),
    time_interval: coverTimes(chosen.rows, ({ agentId, taskType, riskLevel }) => learned(agentId, taskType, riskLevel)),
  };
  return { ...report, notes: notesOf(report) };
}

/**
 * Times against their 5–95 % intervals. The sum of several attempts is taken as log-normal with the mean and variance of
 * the sum (Fenton, IRE Trans. Communications Systems 8, 1960).
 */
function coverTimes(
  rows: readonly JudgeableOutcome[],
  predict: (row: JudgeableOutcome) => { readonly duration: { readonly mean: number; readonly standardError: number } },
): CalibrationReport["time_interval"] {
  const found = { count: 0, covered: 0, below: 0, above: 0 };
  for (const row of rows) {
    const { executionTimeMs, attempts } = row;
    if (executionTimeMs === null || executionTimeMs <= 0) continue;
    const { mean, standardError } = predict(row).duration;
    const durationMs = attempts * mean;
    const errors = { successProbability: 0, retries: 0, confidenceDelta: 0, cost: 0 };
    const { sigma } = attemptTime({
      durationMs,
      standardErrors: { ...errors, durationMs: Math.sqrt(attempts) * standardError },
    });
    const interval = timeInterval(durationMs, sigma);
    found.count++;
    if (isWithin(executionTimeMs, interval)) found.covered++;
    else if (executionTimeMs < interval[0]) found.below++;
    else found.above++;
  }
  return { ...found, share_interval: wilsonInterval(found.covered, found.count) };
}

function notesOf(report: Pick<CalibrationReport, "execution" | "in_sample" | "trials" | "state">): string[] {
  const { execution, in_sample: isInSample, trials, state } = report;
  return [
    ...(isInSample
      ? ["the state has learned these very outcomes, so the figures flatter it; give outcomes it has not seen"]
      : []),
    ...(execution === "simulated"
      ? ["the outcomes are simulated: they were drawn from predictions, and do not tell whether these are right"]
      : []),
    ...(state.outcomes === 0 ? ["the state has learned no real outcome, so its predictions are the prior's"] : []),
    ...(trials < ENOUGH_TRIALS
      ? [`${trials} ${trials === 1 ? "trial is" : "trials are"} few: differences may well be chance`]
      : []),
  ];
}

function nothingToJudge({ skipped }: ChosenTrials, place: string): InputError {
  const reasons = skipped.map(({ reason, rows, examples }) => `${reason} (${rows}, such as ${examples[0]!})`);
  return new InputError(
    place,
    `no row can be predicted: ${reasons.join("; ")}; give agent_id, confidence and risk_level in the rows, or Phase 16's plan with --phase16`,
  );
}
