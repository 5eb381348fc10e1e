import type { Kind, KindEvidence } from "../domain/evidence.js";
import type { Level } from "./levels.js";
import { chainVariance, LevelIndex, presentInformation } from "./levels.js";
import { Cells } from "./mixed-effects.js";
import { baselineSuccess, NEUTRAL_CONFIDENCE } from "./prior.js";
import { fitSpread } from "./spread-fit.js";
import { meanConfidence } from "../evidence/trial-bands.js";

/**
 * Expected standard deviations, on the logit scale, of how far the baseline formula is off; those with a trust are
 * learned as well. The largest is the interaction the formula lacks, agent × type. `change`: how far an agent that
 * changed may be from what it was. `slope`: of the logit a unit of confidence.
 */
export const SUCCESS_SPREAD = {
  ...{ fleet: 0.4, risk: 0.25, type: 0.25, agent: 0.4, agentType: 0.5, cell: 0.2 },
  ...{ change: 1, changeOfType: 0.5, slope: 1.5 },
} as const;
/** Effects the expected deviation is worth against those the data show. */
const TRUST = { type: 6, agent: 6, agentType: 6, cell: 20 } as const;

const FLEET = 0;
const RISK = 1;
const TYPE = 2;
const AGENT = 3;
const AGENT_TYPE = 4;
const CELL = 5;
const CHANGE = 6;
const CHANGE_OF_TYPE = 7;
const SLOPE = 8;

const LEVELS: readonly Level[] = [
  { variance: SUCCESS_SPREAD.fleet ** 2, trust: null, keyOf: () => [] },
  {
    ...{ variance: SUCCESS_SPREAD.risk ** 2, trust: null },
    keyOf: (kind) => (kind.riskLevel === null ? null : [kind.riskLevel]),
  },
  {
    ...{ variance: SUCCESS_SPREAD.type ** 2, trust: TRUST.type },
    keyOf: (kind) => (kind.taskType === null ? null : [kind.taskType]),
  },
  {
    ...{ variance: SUCCESS_SPREAD.agent ** 2, trust: TRUST.agent },
    keyOf: (kind) => (kind.agentId === null ? null : [kind.agentId]),
  },
  {
    ...{ variance: SUCCESS_SPREAD.agentType ** 2, trust: TRUST.agentType },
    keyOf: (kind) => (kind.agentId === null || kind.taskType === null ? null : [kind.agentId, kind.taskType]),
  },
  {
    ...{ variance: SUCCESS_SPREAD.cell ** 2, trust: TRUST.cell },
    keyOf: (kind, isBefore) =>
      kind.agentId === null || kind.riskLevel === null || isBefore
        ? null
        : [kind.agentId, kind.taskType, kind.riskLevel],
  },
  {
    ...{ variance: SUCCESS_SPREAD.change ** 2, trust: null },
    keyOf: (kind, isBefore) => (kind.agentId === null || !isBefore ? null : [kind.agentId]),
  },
  {
    ...{ variance: SUCCESS_SPREAD.changeOfType ** 2, trust: null },
    keyOf: (kind, isBefore) =>
      kind.agentId === null || kind.taskType === null || !isBefore ? null : [kind.agentId, kind.taskType],
  },
  // Acts with a weight of its own, so kinds do not register it.
  { variance: SUCCESS_SPREAD.slope ** 2, trust: null, keyOf: () => [] },
];
const OF_KINDS = LEVELS.map((_, level) => level).filter((level) => level !== SLOPE);
const OF_PRESENT = [FLEET, RISK, TYPE, AGENT, AGENT_TYPE, CELL] as const;
const NO_KIND: Kind = { agentId: null, taskType: null, riskLevel: null };

/** What history adds to the baseline for one kind of attempt. */
export interface SuccessShift {
  /** Added to the logit of the baseline at the neutral confidence. */
  readonly shift: number;
  /** Posterior variance of the shift. */
  readonly variance: number;
}

export interface SuccessModel {
  readonly shiftOf: (kind: Kind) => SuccessShift;
  /** Added to the logit for each unit of confidence above the neutral one. */
  readonly confidenceSlope: number;
}

/**
 * Learns from trials by how much the baseline is off: for the fleet, per risk, per type, per agent, per agent × type
 * and per agent × type × risk, and how much more or less a task's confidence means. What was seen of an agent before it
 * changed tells of its skills up to the size of a change. `agentSuccess` is the agent term of the baseline (null: of an
 * unknown agent).
 */
export function fitSuccess(
  evidence: readonly KindEvidence[],
  agentSuccess: (agentId: string | null) => number,
): SuccessModel {
  const index = new LevelIndex(LEVELS);
  const slopeGroup = index.registerAt(SLOPE, NO_KIND, false)!;
  const cells = new Cells();
  for (const { kind, isBefore, trials } of evidence) {
    if (trials.length === 0) continue;
    const agentTerm = agentSuccess(kind.agentId);
    const groups = OF_KINDS.flatMap((level) => index.registerAt(level, kind, isBefore) ?? []);
    for (const band of trials) {
      const confidence = meanConfidence(band);
      const prior = logit(baselineSuccess(confidence, agentTerm, kind.riskLevel));
      const slope = { group: slopeGroup, weight: confidence - NEUTRAL_CONFIDENCE };
      cells.add(groups, prior, band.count, band.successes, slope);
    }
  }
  const { effects, information, variances } = fitSpread(cells, index.levelOf, LEVELS, { kind: "bernoulli" });
  return {
    confidenceSlope: effects[slopeGroup]!,
    shiftOf: (kind) => {
      const groups = OF_PRESENT.map((level) => index.find(level, kind));
      const shift = groups.reduce<number>((sum, group) => sum + (group === undefined ? 0 : effects[group]!), 0);
      const known = (group: number | undefined): number => (group === undefined ? 0 : information[group]!);
      const before = {
        agent: known(index.find(CHANGE, kind, true)),
        type: known(index.find(CHANGE_OF_TYPE, kind, true)),
      };
      return { shift, variance: shiftVariance(kind, groups.map(known), before, index, variances) };
    },
  };
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function shiftVariance(
  kind: Kind,
  known: readonly number[],
  before: { readonly agent: number; readonly type: number },
  index: LevelIndex,
  variances: Float64Array,
): number {
  const [fleet, risk, type, wholeAgent, wholeType, cell] = known as [number, number, number, number, number, number];
  const agent = presentInformation(wholeAgent, before.agent, variances[CHANGE]!);
  const agentType = presentInformation(wholeType, before.type, variances[CHANGE]! + variances[CHANGE_OF_TYPE]!);
  const variance = (level: number): number => variances[level]!;
  const numAgents = Math.max(1, index.count(AGENT));
  const numTypes = Math.max(1, index.count(TYPE));
  const isTyped = kind.taskType !== null;
  const below = isTyped ? agentType : cell;
  const steps = [
    { variance: variance(FLEET), information: fleet - wholeAgent, heterogeneity: variance(AGENT) / numAgents },
    { variance: variance(RISK), information: risk - cell, heterogeneity: variance(CELL) / numAgents },
    { variance: variance(AGENT), information: agent - below, heterogeneity: variance(AGENT_TYPE) / numTypes },
    { variance: variance(CELL), information: cell, heterogeneity: 0 },
  ];
  if (isTyped) {
    const ofType = { variance: variance(TYPE), information: type - wholeType };
    const ofPair = { variance: variance(AGENT_TYPE), information: agentType - cell };
    steps.splice(2, 0, { ...ofType, heterogeneity: variance(AGENT_TYPE) / numAgents });
    steps.splice(4, 0, { ...ofPair, heterogeneity: variance(CELL) });
  }
  return chainVariance(steps);
}
