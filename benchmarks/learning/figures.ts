import { NAMING_WAVES } from "./control.js";
import { type MeanInterval, meanInterval, numberOf, percentOf, type Verdict, verdictOn } from "./intervals.js";
import type { JobOutcome } from "./play-world.js";
import { INFORMED, LEAST_LOADED, learningName, ORACLE, ROUTER } from "./policies.js";
import {
  advantageShare,
  bestHeuristic,
  type Cell,
  ceilingShare,
  LEARNED,
  meanOf,
  scoreOf,
  type Window,
} from "./results.js";
import { firstNaming } from "./watch.js";
import { CHANGE_WAVE, type WorldName } from "./worlds.js";

/** One figure of the goal, measured. */
export interface Figure {
  readonly world: string;
  /** Null where it is no matter. */
  readonly numAgents: number | null;
  readonly exploration: number | null;
  readonly figure: string;
  readonly goal: string;
  readonly value: string;
  /** Null where it is shown only. */
  readonly verdict: Verdict | null;
}

/** Five waves have been seen since the change. */
const RECOVERED: Window = { from: CHANGE_WAVE + NAMING_WAVES, to: Infinity };
/** Waves in which one who joined well must have been found, and one who joined badly must be left alone. */
const FOUND: Window = { from: 6, to: 8 };
const AVOIDED: Window = { from: 6, to: 20 };
const RECOVERED_SHARE = 0.8;
const NAMED_SHARE = 0.75;
const CONTROL_SHARE = 0.9;
const FOUND_SHARE = 0.8;
const AVOIDED_POINTS = 0.05;
const EXPLORATION_COST = 0.02;
const MAKESPAN_OVER_CEILING = 0.1;
const MAKESPAN_BELOW_LEAST_LOADED = 0.25;

/** Every figure of one cell at one exploration. */
export function figuresOf(cell: Cell, exploration: number): Figure[] {
  const own = learningName(exploration);
  const build = figureBuilder(cell, exploration);
  return [
    build("against the router by type, waves 10 on", "not worse by more than the interval", ...routerFigure(cell, own)),
    build(
      "against the best heuristic, waves 10 on",
      "not worse by more than the interval",
      ...heuristicFigure(cell, own),
    ),
    ...FIGURES[cell.world](cell, own, exploration).map((entry) => build(...entry)),
  ];
}

type Entry = readonly [figure: string, goal: string, value: string, verdict: Verdict | null];
type Build = (...entry: Entry) => Figure;

export function figureBuilder(
  { world, numAgents }: Pick<Figure, "world" | "numAgents">,
  exploration: number | null,
): Build {
  return (figure, goal, value, verdict) => ({ world, numAgents, exploration, figure, goal, value, verdict });
}

const FIGURES: Readonly<Record<WorldName, (cell: Cell, own: string, exploration: number) => Entry[]>> = {
  specialists: advantageFigures,
  opposite: advantageFigures,
  star: advantageFigures,
  sparse: advantageFigures,
  degrades: (cell, own) => [...advantageFigures(cell, own), ...recoveryFigures(cell, own), ...namingFigures(cell, own)],
  "new-agent-good": (cell, own) => [...advantageFigures(cell, own), foundFigure(cell, own)],
  "new-agent-bad": (cell, own) => [...advantageFigures(cell, own), avoidedFigure(cell, own)],
  "nothing-to-learn": (cell, own, exploration) => (exploration === 0 ? [] : [costFigure(cell, own)]),
  throughput: throughputFigures,
  "untyped-risk": advantageFigures,
  "untyped-overall": advantageFigures,
  "useless-types": advantageFigures,
  "hidden-types": advantageFigures,
  "untyped-change": (cell, own) => [
    ...advantageFigures(cell, own),
    ...recoveryFigures(cell, own),
    ...namingFigures(cell, own),
  ],
};

function heuristicFigure(cell: Cell, own: string): [string, Verdict] {
  const best = bestHeuristic(cell, LEARNED);
  const lead = over(cell, (one) => scoreOf(one, own, LEARNED) - scoreOf(one, best, LEARNED));
  return [`${numberOf(lead)} over ${best}`, verdictOn(lead, 0, Infinity)];
}

function routerFigure(cell: Cell, own: string): [string, Verdict] {
  const lead = over(cell, (one) => scoreOf(one, own, LEARNED) - scoreOf(one, ROUTER, LEARNED));
  return [numberOf(lead), verdictOn(lead, 0, Infinity)];
}

/** Least share of the ceiling's advantage, by fleet size. */
const CEILING_SHARES: Readonly<Partial<Record<WorldName, Readonly<Record<number, number>>>>> = {
  specialists: { 6: 0.98, 12: 0.97 },
  opposite: { 6: 0.98, 12: 0.97 },
  star: { 6: 0.9, 12: 0.9 },
  "new-agent-good": { 6: 0.9, 12: 0.9 },
  "new-agent-bad": { 6: 0.9, 12: 0.9 },
  degrades: { 6: 0.88, 12: 0.88 },
  "untyped-risk": { 6: 0.9, 12: 0.9 },
};

/** The goal is the ceiling's share; that of the oracle, which nobody who has to learn can reach, is shown. */
function advantageFigures(cell: Cell, own: string): Entry[] {
  const ofCeiling = ceilingShare(cell, own, LEARNED);
  const goal = CEILING_SHARES[cell.world]?.[cell.numAgents] ?? null;
  const ofOracle = over(cell, (one) => advantageShare(one, own, LEARNED) ?? 1);
  return [
    [
      "share of the informed Bayesian's advantage, waves 10 on",
      goal === null ? "" : `≥ ${percentText(goal)}`,
      ofCeiling === null ? "-" : percentOf(ofCeiling),
      goal === null || ofCeiling === null ? null : verdictOn(ofCeiling, goal, Infinity),
    ],
    ["share of the oracle's advantage, waves 10 on", "", percentOf(ofOracle), null],
    ["the same, worst seed", "", `${(100 * ofOracle.least).toFixed(1)} %`, null],
  ];
}

function percentText(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function recoveryFigures(cell: Cell, own: string): Entry[] {
  const shareIn = (window: Window): MeanInterval => over(cell, (one) => advantageShare(one, own, window) ?? 1);
  const share = shareIn(RECOVERED);
  const before = shareIn({ from: CHANGE_WAVE - 1, to: CHANGE_WAVE - 1 });
  const during = [0, 2, 4].map((k) => percentOf(shareIn({ from: CHANGE_WAVE + k, to: CHANGE_WAVE + k })));
  return [
    [
      `share of the oracle's advantage, waves ${RECOVERED.from} on`,
      "≥ 80 %",
      percentOf(share),
      verdictOn(share, RECOVERED_SHARE, Infinity),
    ],
    ["the same in waves 9; 10, 12, 14", "", [percentOf(before), ...during].join("; "), null],
  ];
}

function namingFigures(cell: Cell, own: string): Entry[] {
  const isNamed = (one: JobOutcome, alarms: JobOutcome["control"]): boolean => {
    const wave = firstNaming(alarms ?? [], one.watched!, CHANGE_WAVE);
    return wave !== null && wave < CHANGE_WAVE + NAMING_WAVES;
  };
  const byMonitor = over(cell, (one) => Number(isNamed(one, one.policies[own]!.alarms ?? [])));
  const byControl = over(cell, (one) => Number(isNamed(one, one.control)));
  const early = over(cell, (one) => Number((one.control ?? []).some(({ wave }) => wave < CHANGE_WAVE)));
  const isJudged = cell.numAgents === 6;
  return [
    [
      "named by the monitor by wave 14",
      isJudged ? "≥ 75 % of seeds" : "",
      percentOf(byMonitor),
      isJudged ? verdictOn(byMonitor, NAMED_SHARE, 1) : null,
    ],
    [
      "control, 30 tasks a wave, named by wave 14",
      "≥ 90 % of seeds",
      percentOf(byControl),
      verdictOn(byControl, CONTROL_SHARE, 1),
    ],
    ["control, any alarm before wave 10", "", percentOf(early), null],
  ];
}

function foundFigure(cell: Cell, own: string): Entry {
  const tasks = (one: JobOutcome, policy: string): number => meanOf(one, policy, FOUND, (score) => score.watchedTasks);
  const ratio = over(cell, (one) => tasks(one, own) / tasks(one, ORACLE));
  return [
    "tasks of the new agent in waves 6–8, of the oracle's",
    "≥ 80 %",
    percentOf(ratio),
    verdictOn(ratio, FOUND_SHARE, Infinity),
  ];
}

function avoidedFigure(cell: Cell, own: string): Entry {
  const share = (one: JobOutcome, policy: string): number =>
    meanOf(one, policy, AVOIDED, (score) => score.watchedTasks / score.placed);
  const excess = over(cell, (one) => share(one, own) - share(one, ORACLE));
  const name = "share of tasks of the new agent in waves 6–20, over the oracle's";
  return [name, "≤ 5 points", percentOf(excess), verdictOn(excess, -1, AVOIDED_POINTS)];
}

function costFigure(cell: Cell, own: string): Entry {
  const without = learningName(0);
  const cost = over(
    cell,
    (one) => 1 - scoreOf(one, own, { from: 1, to: Infinity }) / scoreOf(one, without, { from: 1, to: Infinity }),
  );
  return ["completed tasks given up for exploration", "≤ 2 %", percentOf(cost), verdictOn(cost, -1, EXPLORATION_COST)];
}

function throughputFigures(cell: Cell, own: string): Entry[] {
  return (["realisedMakespanMs", "expectedMakespanMs"] as const).flatMap((figure): Entry[] => {
    const span = (one: JobOutcome, policy: string): number => meanOf(one, policy, LEARNED, (score) => score[figure]);
    const excess = over(cell, (one) => span(one, own) / span(one, ORACLE) - 1);
    const overCeiling = over(cell, (one) => span(one, own) / span(one, INFORMED) - 1);
    const saving = over(cell, (one) => 1 - span(one, own) / span(one, LEAST_LOADED));
    const name =
      figure === "realisedMakespanMs" ? "makespan with the times as they came" : "makespan by true mean times";
    return [
      [`${name}, over the oracle's`, "", percentOf(excess), null],
      [
        `${name}, over the informed Bayesian's`,
        "≤ 10 %",
        percentOf(overCeiling),
        verdictOn(overCeiling, -1, MAKESPAN_OVER_CEILING),
      ],
      [`${name}, below least loaded`, "≥ 25 %", percentOf(saving), verdictOn(saving, MAKESPAN_BELOW_LEAST_LOADED, 1)],
    ];
  });
}

function over({ outcomes }: Cell, figure: (outcome: JobOutcome) => number): MeanInterval {
  return meanInterval(outcomes.map(figure));
}
