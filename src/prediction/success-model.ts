import type { Kind, KindEvidence, Trials } from "../domain/evidence.js";
import { CONFIDENCE_STEPS } from "./collector.js";
import type { Level } from "./levels.js";
import { chainVariance, LevelIndex } from "./levels.js";
import type { Block, Cells } from "./mixed-effects.js";
import { fitEffects } from "./mixed-effects.js";
import { baselineSuccess } from "./prior.js";

/**
 * Prior standard deviations, on the logit scale, of how far the baseline formula is off. Together they give the
 * baseline the weight of about eight trials; the largest is the interaction the formula lacks, agent × type.
 */
export const SUCCESS_SPREAD = { fleet: 0.4, risk: 0.25, type: 0.25, agent: 0.4, agentType: 0.5, cell: 0.3 } as const;

const FLEET = 0;
const RISK = 1;
const TYPE = 2;
const AGENT = 3;
const AGENT_TYPE = 4;
const CELL = 5;

const LEVELS: readonly Level[] = [
  { variance: SUCCESS_SPREAD.fleet ** 2, keyOf: () => [] },
  { variance: SUCCESS_SPREAD.risk ** 2, keyOf: (kind) => (kind.riskLevel === null ? null : [kind.riskLevel]) },
  { variance: SUCCESS_SPREAD.type ** 2, keyOf: (kind) => (kind.taskType === null ? null : [kind.taskType]) },
  { variance: SUCCESS_SPREAD.agent ** 2, keyOf: (kind) => (kind.agentId === null ? null : [kind.agentId]) },
  {
    variance: SUCCESS_SPREAD.agentType ** 2,
    keyOf: (kind) => (kind.agentId === null || kind.taskType === null ? null : [kind.agentId, kind.taskType]),
  },
  {
    variance: SUCCESS_SPREAD.cell ** 2,
    keyOf: (kind) =>
      kind.agentId === null || kind.riskLevel === null ? null : [kind.agentId, kind.taskType, kind.riskLevel],
  },
];

/** What history adds to the baseline for one kind of attempt. */
export interface SuccessShift {
  /** Added to the logit of the baseline. */
  readonly shift: number;
  /** Posterior variance of the shift. */
  readonly variance: number;
}

export type SuccessModel = (kind: Kind) => SuccessShift;

/**
 * Learns from trials by how much the baseline is off: for the fleet, per risk, per type, per agent, per agent × type
 * and per agent × type × risk. `agentSuccess` is the agent term of the baseline (null: of an unknown agent).
 */
export function fitSuccess(
  evidence: readonly KindEvidence[],
  agentSuccess: (agentId: string | null) => number,
): SuccessModel {
  const index = new LevelIndex(LEVELS);
  const blocks: Block[] = [];
  for (const { kind, trials } of evidence) {
    if (trials.length === 0) continue;
    const agentTerm = agentSuccess(kind.agentId);
    const cells = mergeTrials(trials, (confidence) => logit(baselineSuccess(confidence, agentTerm, kind.riskLevel)));
    blocks.push({ groups: index.register(kind), cells });
  }
  const { effects, information } = fitEffects(blocks, index.variances, { kind: "bernoulli" });
  return (kind) => {
    const groups = LEVELS.map((_, level) => index.find(level, kind));
    const shift = groups.reduce<number>((sum, group) => sum + (group === undefined ? 0 : effects[group]!), 0);
    const known = groups.map((group) => (group === undefined ? 0 : information[group]!));
    return { shift, variance: shiftVariance(kind, known, index) };
  };
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** One cell a confidence, in ascending order. Whole counts add up exactly, so the order of the rows is no matter. */
function mergeTrials(trials: readonly Trials[], priorAt: (confidence: number) => number): Cells {
  const counts = new Float64Array(CONFIDENCE_STEPS + 1);
  const totals = new Float64Array(CONFIDENCE_STEPS + 1);
  for (const { confidence, count, successes } of trials) {
    const step = Math.round(confidence * CONFIDENCE_STEPS);
    counts[step]! += count;
    totals[step]! += successes;
  }
  const numCells = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const prior = new Float64Array(numCells);
  const count = new Float64Array(numCells);
  const total = new Float64Array(numCells);
  for (let step = 0, c = 0; c < numCells; step++) {
    if (counts[step]! <= 0) continue;
    prior[c] = priorAt(step / CONFIDENCE_STEPS);
    count[c] = counts[step]!;
    total[c++] = totals[step]!;
  }
  return { prior, count, total };
}

function shiftVariance(kind: Kind, known: readonly number[], index: LevelIndex): number {
  const [fleet, risk, type, agent, agentType, cell] = known as [number, number, number, number, number, number];
  const variance = (level: number): number => LEVELS[level]!.variance;
  const numAgents = Math.max(1, index.count(AGENT));
  const numTypes = Math.max(1, index.count(TYPE));
  const isTyped = kind.taskType !== null;
  const below = isTyped ? agentType : cell;
  const steps = [
    { variance: variance(FLEET), information: fleet - agent, heterogeneity: variance(AGENT) / numAgents },
    { variance: variance(RISK), information: risk - cell, heterogeneity: variance(CELL) / numAgents },
    { variance: variance(AGENT), information: agent - below, heterogeneity: variance(AGENT_TYPE) / numTypes },
    { variance: variance(CELL), information: cell, heterogeneity: 0 },
  ];
  if (isTyped) {
    const ofType = { variance: variance(TYPE), information: type - agentType };
    const ofPair = { variance: variance(AGENT_TYPE), information: agentType - cell };
    steps.splice(2, 0, { ...ofType, heterogeneity: variance(AGENT_TYPE) / numAgents });
    steps.splice(4, 0, { ...ofPair, heterogeneity: variance(CELL) });
  }
  return chainVariance(steps);
}
