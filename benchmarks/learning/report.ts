import { describeSpread } from "../statistics.js";
import { markdownTable } from "../text-table.js";
import { calibrationFigures } from "./calibration-figures.js";
import { comparisonFigures, falseChanges } from "./comparison-figures.js";
import { type Figure, figuresOf } from "./figures.js";
import { type MeanInterval, meanInterval, numberOf, percentOf, type Verdict, verdictIf } from "./intervals.js";
import { FROZEN, INFORMED, learningName, ORACLE, ROUND_ROBIN, ROUTER } from "./policies.js";
import { advantageShare, bestHeuristic, type Cell, ceilingShare, LEARNED, scoreOf } from "./results.js";
import type { Timings } from "./timings.js";

const UPDATE_MS = 50;
const PREDICTION_MS = 200;
const STATE_BYTES = 2 ** 20;
const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  met: "PASS",
  within_interval: "within interval",
  missed: "MISSED",
};

/** Every figure of the goal, in the order of the worlds. */
export function allFigures(cells: readonly Cell[], explorations: readonly number[], timings: Timings | null): Figure[] {
  return [
    ...cells.flatMap((cell) => explorations.flatMap((exploration) => figuresOf(cell, exploration))),
    ...cells.flatMap((cell) => explorations.flatMap((exploration) => calibrationFigures(cell, exploration))),
    ...explorations.flatMap((exploration) => comparisonFigures(cells, exploration)),
    ...(timings === null ? [] : timingFigures(timings)),
  ];
}

function timingFigures({ update, prediction, stateBytes, outcomes }: Timings): Figure[] {
  const none = { world: "timings", numAgents: null, exploration: null };
  return [
    {
      ...none,
      figure: "update after a wave of 1,000 outcomes",
      goal: `≤ ${UPDATE_MS} ms`,
      value: describeSpread(update),
      verdict: verdictIf(update.median <= UPDATE_MS),
    },
    {
      ...none,
      figure: "prediction for 1,000 tasks × 100 agents",
      goal: `≤ ${PREDICTION_MS} ms`,
      value: describeSpread(prediction),
      verdict: verdictIf(prediction.median <= PREDICTION_MS),
    },
    {
      ...none,
      figure: `state of 100 agents × 50 types, ${outcomes} outcomes`,
      goal: "≤ 1 MiB",
      value: `${(stateBytes / 2 ** 20).toFixed(2)} MiB`,
      verdict: verdictIf(stateBytes <= STATE_BYTES),
    },
  ];
}

/** Scores from wave 10 on, a row a world. */
export function scoreTable(cells: readonly Cell[], explorations: readonly number[]): string {
  const header = ["world", "agents", "round robin", "best heuristic", ROUTER, "ours, frozen"];
  for (const exploration of explorations) header.push(`learning, e = ${exploration}`);
  header.push(INFORMED, "oracle");
  for (const exploration of explorations)
    header.push(`of the ceiling, e = ${exploration}`, `of the oracle, e = ${exploration}`);
  header.push("worst seed", "waves 1–9, of the ceiling", "of the oracle");
  return markdownTable(
    header,
    cells.map((cell) => scoreRow(cell, explorations)),
  );
}

function scoreRow(cell: Cell, explorations: readonly number[]): string[] {
  const sign = cell.world === "throughput" ? -1 : 1;
  const score = (policy: string): string => {
    const { mean, ...rest } = meanInterval(cell.outcomes.map((one) => scoreOf(one, policy, LEARNED)));
    return numberOf({ ...rest, mean: sign * mean });
  };
  const shares = explorations.map((exploration) => {
    const known = cell.outcomes.flatMap((one) => advantageShare(one, learningName(exploration), LEARNED) ?? []);
    return known.length === 0 ? null : meanInterval(known);
  });
  const best = bestHeuristic(cell, LEARNED);
  return [
    sign < 0 ? `${cell.world}, ms` : cell.world,
    String(cell.numAgents),
    score(ROUND_ROBIN),
    `${score(best)} (${best})`,
    score(ROUTER),
    score(FROZEN),
    ...explorations.map((exploration) => score(learningName(exploration))),
    ...[score(INFORMED), score(ORACLE)],
    ...explorations.flatMap((exploration, k) => [
      shareText(ceilingShare(cell, learningName(exploration), LEARNED)),
      shareText(shares[k]!),
    ]),
    shares.map((share) => (share === null ? "-" : `${(100 * share.least).toFixed(0)} %`)).join("; "),
    ...earlyShares(cell, learningName(explorations[0] ?? 0)),
  ];
}

/** Shares of the ceiling's and of the oracle's advantage before learning has to pay. */
function earlyShares(cell: Cell, own: string): string[] {
  const window = { from: 1, to: LEARNED.from - 1 };
  const known = cell.outcomes.flatMap((one) => advantageShare(one, own, window) ?? []);
  return [shareText(ceilingShare(cell, own, window)), shareText(known.length === 0 ? null : meanInterval(known))];
}

function shareText(share: MeanInterval | null): string {
  return share === null ? "-" : percentOf(share);
}

/**
 * Share of runs in which the monitor raised anything, and the changes that learning found in agents that did not change,
 * by world; the truth is stable before a change and in most worlds.
 */
export function alarmTable(cells: readonly Cell[], explorations: readonly number[]): string {
  const header = ["world", "agents"];
  for (const e of explorations) {
    header.push(`any alarm, e = ${e}`, `an agent's success, e = ${e}`);
    header.push(`false changes of success a run, e = ${e}`, `of time, e = ${e}`);
  }
  const rows = cells.map((cell) => {
    const shares = explorations.flatMap((exploration) => {
      const alarms = cell.outcomes.map(({ policies }) => policies[learningName(exploration)]!.alarms ?? []);
      const any = meanInterval(alarms.map((own) => Number(own.length > 0)));
      const success = meanInterval(alarms.map((own) => Number(own.some(isAboutSuccess))));
      const found = (["success", "time"] as const).map((what) =>
        numberOf(meanInterval(cell.outcomes.map((one) => falseChanges(one, learningName(exploration), what)))),
      );
      return [percentOf(any), percentOf(success), ...found];
    });
    return [cell.world, String(cell.numAgents), ...shares];
  });
  return markdownTable(header, rows);
}

function isAboutSuccess({ type, agents }: { readonly type: string; readonly agents: readonly string[] }): boolean {
  return (type === "prediction_error" || type === "performance_degradation") && agents.length > 0;
}

export function figureTable(figures: readonly Figure[]): string {
  return markdownTable(
    ["world", "agents", "exploration", "figure", "goal", "measured", "verdict"],
    figures.map(({ world, numAgents, exploration, figure, goal, value, verdict }) => [
      world,
      String(numAgents ?? "-"),
      String(exploration ?? "-"),
      figure,
      goal,
      value,
      verdict === null ? "" : VERDICT_WORDS[verdict],
    ]),
  );
}
