import type { CalibrationSums } from "./calibration.js";
import { type Figure, figureBuilder } from "./figures.js";
import { type MeanInterval, meanInterval, percentOf, type Verdict, verdictIf, verdictOn } from "./intervals.js";
import { learningName } from "./policies.js";
import type { Cell } from "./results.js";
import { STATIONARY } from "./worlds.js";

const BRIER_EXCESS: Readonly<Record<number, number>> = { 6: 0.08, 12: 0.15 };
/** Mean error of a forecast that is honest. */
const MAKESPAN_ERROR = 0.02;
const COVERAGE = { least: 0.85, most: 0.95 } as const;

/** Calibration of the assigned pairs, waves 11–20; none where the truth changes. */
export function calibrationFigures(cell: Cell, exploration: number): Figure[] {
  if (!STATIONARY.includes(cell.world)) return [];
  const build = figureBuilder(cell, exploration);
  const sums = cell.outcomes.map(({ policies }) => policies[learningName(exploration)]!.calibration!);
  const over = (figure: (sums: CalibrationSums) => number) => meanInterval(sums.map(figure));
  const excess = over(({ ownBrier, trueBrier }) => ownBrier / trueBrier - 1);
  const prior = over(({ priorBrier, trueBrier }) => priorBrier / trueBrier - 1);
  const bias = over(({ bias: total, pairs }) => total / pairs);
  const ofKind = over(({ coveredOfKind, pairs }) => coveredOfKind / pairs);
  const ofTask = over(({ coveredOfTask, pairs }) => coveredOfTask / pairs);
  const ofTimes = over(({ coveredTimes, pairs }) => coveredTimes / pairs);
  const most = BRIER_EXCESS[cell.numAgents]!;
  const coverageVerdict = (share: MeanInterval): Verdict => verdictOn(share, COVERAGE.least, COVERAGE.most);
  return [
    build(
      "Brier score over that of the true chances",
      `≤ ${100 * most} %`,
      percentOf(excess),
      verdictOn(excess, -1, most),
    ),
    build("the same of the baseline formula", "more than ours", percentOf(prior), verdictIf(prior.mean > excess.mean)),
    build("90 % intervals that hold the chance of the pair", "85–95 %", percentOf(ofKind), coverageVerdict(ofKind)),
    build("90 % intervals that hold it with the task's own noise", "", percentOf(ofTask), null),
    ...makespanFigures(cell, build, over),
    build("predicted less true chance", "", percentOf(bias), null),
    build(
      "5–95 % intervals that hold the time",
      cell.world === "throughput" ? "85–95 %" : "",
      percentOf(ofTimes),
      cell.world === "throughput" ? coverageVerdict(ofTimes) : null,
    ),
  ];
}

/** Forecasts of the makespan against what came, in worlds where agents differ in speed. */
function makespanFigures(
  { world }: Cell,
  build: ReturnType<typeof figureBuilder>,
  over: (figure: (sums: CalibrationSums) => number) => MeanInterval,
): Figure[] {
  if (world !== "throughput") return [];
  const error = over(({ forecastMakespanMs, realisedMakespanMs }) => forecastMakespanMs / realisedMakespanMs - 1);
  const covered = over(({ coveredMakespans, waves }) => coveredMakespans / waves);
  const isRight = verdictOn(error, -MAKESPAN_ERROR, MAKESPAN_ERROR);
  return [
    build("forecast makespan over the real one", "± 2 %", percentOf(error), isRight),
    build(
      "90 % intervals that hold the makespan",
      "85–95 %",
      percentOf(covered),
      verdictOn(covered, COVERAGE.least, COVERAGE.most),
    ),
  ];
}
