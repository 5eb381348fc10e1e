import { type Figure, figureBuilder } from "./figures.js";
import { type MeanInterval, meanInterval, numberOf, percentOf, verdictOn } from "./intervals.js";
import type { JobOutcome } from "./play-world.js";
import { learningName, TOLD_NO_TYPE } from "./policies.js";
import { type Cell, ceilingShare, LEARNED, leadQuotient, scoreOf } from "./results.js";
import { CHANGE_WAVE, STATIONARY, TASKS_PER_WAVE, type WorldName } from "./worlds.js";

/** Successes that types without meaning may cost, as a share of the tasks. */
const USELESS_TYPE_COST = 0.01;
/** How much more the first words of titles have to win than no type at all. */
const FIRST_WORD_GAIN = 1.8;
/** Changes found in a run where nothing changed. */
const FALSE_CHANGES = { success: 0.35, time: 0.1 } as const;
const FALSE_ALARMS = 0.05;
/** Worlds whose alarms are also judged apart. */
const ALARMED: readonly WorldName[] = ["sparse", "throughput"];

/** Figures that compare worlds or are means over several. */
export function comparisonFigures(cells: readonly Cell[], exploration: number): Figure[] {
  return [...cells.flatMap((cell) => typeFigures(cell, cells, exploration)), ...falseFigures(cells, exploration)];
}

function typeFigures(cell: Cell, cells: readonly Cell[], exploration: number): Figure[] {
  const build = figureBuilder(cell, exploration);
  const own = learningName(exploration);
  if (cell.world === "useless-types") {
    const plain = cells.find(({ world, numAgents }) => world === "untyped-risk" && numAgents === cell.numAgents);
    if (plain === undefined) return [];
    const cost = uselessTypeCost(plain, cell, own);
    const shares = [plain, cell].map((one) => ceilingShare(one, own, LEARNED)?.mean ?? 1);
    return [
      build(
        "successes lost to types that mean nothing, of all tasks, waves 10 on",
        "≤ 1 point",
        percentOf(cost),
        verdictOn(cost, -1, USELESS_TYPE_COST),
      ),
      build("the same in shares of the ceiling", "", `${(100 * (shares[0]! - shares[1]!)).toFixed(1)} points`, null),
    ];
  }
  if (cell.world !== "hidden-types") return [];
  const gain = leadQuotient(cell, own, TOLD_NO_TYPE, LEARNED);
  return [
    build(
      "advantage with first words over that without a type, waves 10 on",
      `≥ ${FIRST_WORD_GAIN} ×`,
      gain === null ? "nothing is won without a type" : numberOf(gain),
      gain === null ? "met" : verdictOn(gain, FIRST_WORD_GAIN, Infinity),
    ),
  ];
}

/** Paired: both worlds have the same draws for the same seed. */
function uselessTypeCost(plain: Cell, typed: Cell, own: string): MeanInterval {
  const bySeed = new Map(plain.outcomes.map((one) => [one.job.seed, one]));
  const costs = typed.outcomes.flatMap((one) => {
    const other = bySeed.get(one.job.seed);
    return other === undefined ? [] : (scoreOf(other, own, LEARNED) - scoreOf(one, own, LEARNED)) / TASKS_PER_WAVE;
  });
  return meanInterval(costs);
}

function falseFigures(cells: readonly Cell[], exploration: number): Figure[] {
  if (cells.length === 0) return [];
  const build = figureBuilder({ world: "all", numAgents: null }, exploration);
  const own = learningName(exploration);
  const changes = (["success", "time"] as const).map((what) => {
    const found = meanInterval(cells.flatMap(({ outcomes }) => outcomes.map((one) => falseChanges(one, own, what))));
    const most = FALSE_CHANGES[what];
    return build(`false changes of ${what} a run`, `≤ ${most}`, numberOf(found), verdictOn(found, 0, most));
  });
  const stationary = cells.filter(({ world }) => STATIONARY.includes(world));
  const alarms = [null, ...ALARMED].flatMap((name) => {
    const outcomes = stationary.filter(({ world }) => name === null || world === name).flatMap((cell) => cell.outcomes);
    if (outcomes.length === 0) return [];
    const raised = meanInterval(outcomes.map((one) => Number((one.policies[own]!.alarms ?? []).length > 0)));
    const verdict = verdictOn(raised, 0, FALSE_ALARMS);
    return build(`runs with an alarm, ${name ?? "stationary worlds"}`, "≤ 5 %", percentOf(raised), verdict);
  });
  return [...changes, ...alarms];
}

/** Changes that learning found in agents that did not change. */
export function falseChanges(
  { watched, control, policies }: JobOutcome,
  own: string,
  what: "success" | "time",
): number {
  // A control is played where somebody changes; one who only joins is watched too.
  const changed = control === null ? null : watched;
  const isTrue = (agentId: string, wave: number): boolean =>
    what === "success" && agentId === changed && wave >= CHANGE_WAVE;
  const found = (policies[own]!.changes ?? []).filter((change) => change.what === what);
  return found.filter(({ agentId, wave }) => !isTrue(agentId, wave)).length;
}
