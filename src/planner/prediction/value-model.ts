import { GAIN_UNIT, type Kind, LOG_TIME_UNIT, type Sums } from "../../domain/index.js";
import { Cells } from "./cells.js";
import { crossedEffects, type Level, LevelIndex, UNSEEN_GROUP } from "./levels.js";
import { EffectsModel } from "./mixed-effects.js";
import type { ChainedValue } from "./prior.js";
import { type SpreadFit, spreadSteps } from "./spread-fit.js";
import { addSums, momentsOf } from "./sums.js";

/** Prior standard deviations of a measured quantity, on the scale on which it is normal. */
export interface ValueSpread {
  /** One measurement about its mean. */
  readonly noise: number;
  /** The fleet about its summary, and about the default where there is no summary. */
  readonly fleet: number;
  readonly fleetUnknown: number;
  readonly type: number;
  readonly agent: number;
  readonly agentType: number;
  /** Groups that the expected variance of agent × type is worth against those the data show. */
  readonly agentTypeTrust: number;
  /** An agent about its own aggregate, in place of fleet and agent. */
  readonly ownAggregate: number;
  /** How far an agent that changed may be from what it was. */
  readonly change: number;
  /** Unit the measurements were rounded to. */
  readonly unit: number;
}

/** Natural logarithm of the milliseconds of one attempt. */
export const LOG_TIME_SPREAD: ValueSpread = {
  noise: 0.3,
  fleet: 0.3,
  fleetUnknown: 1,
  type: 0.3,
  agent: 0.3,
  agentType: 0.5,
  agentTypeTrust: 3,
  ownAggregate: 0.15,
  change: 0.5,
  unit: LOG_TIME_UNIT,
};

/** Standard deviation of the logarithm of a predicted time from which on nothing was measured: the default about an unknown fleet. */
export const UNMEASURED_TIME_SPREAD = Math.hypot(LOG_TIME_SPREAD.noise, LOG_TIME_SPREAD.fleetUnknown);

export const GAIN_SPREAD: ValueSpread = {
  noise: 0.03,
  fleet: 0.01,
  fleetUnknown: 0.03,
  type: 0.01,
  agent: 0.01,
  agentType: 0.01,
  agentTypeTrust: 6,
  ownAggregate: 0.01,
  change: 0.03,
  unit: GAIN_UNIT,
};

/** Measurements the prior noise is worth in the estimate of the noise. */
const NOISE_PRIOR_WEIGHT = 10;
/** Fits alternate with estimates of the noise until it has settled; three estimates are enough for any that settles. */
const MAX_NOISE_STEPS = 3;
/** Relative change of the noise variance below which another fit would tell nothing new. */
const SETTLED_CHANGE = 0.02;

/**
 * Largest noise believed. The mean of a log-normal moves with its noise, so times that differ by many orders of magnitude
 * would drive the two apart without end.
 */
const MAX_NOISE = 1.5;

/** Groups that the expected variances of types and agents are worth against those the data show. */
const TRUST = 6;

const FLEET = 0;
const TYPE = 1;
const AGENT = 2;
const AGENT_TYPE = 3;
const OF_PRESENT = [FLEET, TYPE, AGENT, AGENT_TYPE] as const;
const ONLY_TYPE = [TYPE] as const;
const OF_TYPE = [TYPE, AGENT_TYPE] as const;
const OF_AGENT = [AGENT, AGENT_TYPE] as const;
const OF_MEASURED = [FLEET, TYPE, AGENT, AGENT_TYPE, 4] as const;

/** Mean = base + shift on the scale on which the quantity is normal (base · exp(shift) for a log-normal one). */
interface PredictedValue {
  /** Value of the fallback chain. */
  readonly base: number;
  readonly shift: number;
  /** Of the shift. */
  readonly variance: number;
  /**
   * Variance that raises the mean of a log-normal quantity above its median: the doubt about what was measured. A value of
   * the fallback chain is a mean already, so it is 0 of an agent that is known by its own value alone, or where nothing was measured.
   */
  readonly meanVariance: number;
  /** Of the part of the shift that is the agent's own, and not shared with the fleet; 0 where nothing was measured. */
  readonly ownVariance: number;
  /** Of one measurement about its mean. */
  readonly noiseVariance: number;
}

export type ValueModel = (kind: Kind) => PredictedValue;

/** Prior mean on the normal scale of a value of the fallback chain, given the noise (a log-normal mean depends on it). */
export type PriorMean = (value: number, noiseVariance: number) => number;

/** Values measured on one kind, on the normal scale, rounded. */
export interface Measurements {
  readonly kind: Kind;
  /** Whether they are from before the agent changed. */
  readonly isBefore: boolean;
  readonly values: Sums;
}

/** Values of the fallback chain by agent, and of the fleet. */
export interface Chain {
  readonly fleet: ChainedValue;
  readonly ofAgent: (agentId: string) => ChainedValue;
  /** Whether the agent's own value only restates what was measured. */
  readonly isRestated: (agentId: string) => boolean;
}

/**
 * Shrinks measurements towards the fallback chain: fleet, type, agent, agent × type. An agent whose aggregate restates
 * its measurements is known by these alone; one with measurements besides its aggregate starts from the aggregate; one
 * without any keeps it, moved by type only. What was measured before an agent changed tells of it up to the size of a
 * change. In slices.
 */
export function* valueSteps(
  measurements: readonly Measurements[],
  chain: Chain,
  spread: ValueSpread,
  priorMean: PriorMean,
): Generator<void, ValueModel> {
  const fleetSpread = chain.fleet.source === "default" ? spread.fleetUnknown : spread.fleet;
  const index = new LevelIndex(valueLevels(spread, fleetSpread));
  const groups = groupMeasurements(measurements, index, spread.unit);
  const measured = new Set(groups.flatMap((group) => group.agentId ?? []));
  const baseOf = (agentId: string | null): ChainedValue => {
    if (agentId === null || (measured.has(agentId) && chain.isRestated(agentId))) return chain.fleet;
    return chain.ofAgent(agentId);
  };
  yield;
  const { fit, noiseVariance } = yield* noiseSteps(groups, index, spread.noise, (agentId, noise) =>
    priorMean(baseOf(agentId).value, noise),
  );
  const sumOver = sumFinder(index, fit);
  return (kind) => {
    const isMeasured = kind.agentId !== null && measured.has(kind.agentId);
    const { value: base, source } = baseOf(kind.agentId);
    const isOwn = source === "agent";
    const isUnmeasured = isOwn && !isMeasured;
    const present = sumOver(OF_PRESENT, kind);
    const shift = isUnmeasured ? sumOver(ONLY_TYPE, kind).mean : present.mean;
    const ofBase = isOwn ? sumOver(OF_TYPE, kind).variance + spread.ownAggregate ** 2 : Infinity;
    const variance = isUnmeasured ? ofBase : Math.min(ofBase, present.variance);
    const ownVariance = groups.length === 0 ? 0 : Math.min(variance, sumOver(OF_AGENT, kind).variance);
    const meanVariance = groups.length === 0 || isUnmeasured ? 0 : variance;
    return { base, shift, variance, meanVariance, ownVariance, noiseVariance };
  };
}

/** Alternates between the effects and the noise variance, which is shrunk towards its prior. */
function* noiseSteps(
  groups: readonly MeasuredGroup[],
  index: LevelIndex,
  priorNoise: number,
  priorAt: (agentId: string | null, noiseVariance: number) => number,
): Generator<void, { fit: SpreadFit; noiseVariance: number }> {
  const numMeasured = groups.reduce((sum, group) => sum + group.count, 0);
  let noiseVariance = priorNoise ** 2;
  let variances: Float64Array | null = null;
  const cells = new Cells();
  for (const { effects, count, total } of groups) {
    cells.add(0, count, total);
    cells.endBlock(effects);
  }
  const levels = { shared: [FLEET], types: [TYPE], agents: [AGENT], pairs: [AGENT_TYPE] };
  cells.wanted.push(...crossedEffects(index, levels));
  const names = { levelOf: index.levelOf, slope: null };
  const model = new EffectsModel(cells, names, { kind: "gaussian", noiseVariance });
  yield;
  function* fitNow(): Generator<void, { fit: SpreadFit; residual: number }> {
    const priors = groups.map(({ agentId }) => priorAt(agentId, noiseVariance));
    model.restart(priors, { kind: "gaussian", noiseVariance });
    const fit = yield* spreadSteps(model, index.levels, variances);
    ({ variances } = fit);
    const residual = groups.reduce((sum, group, b) => {
      const shift = group.effects.reduce((all, g) => all + fit.effects[g]!, 0);
      const deviation = group.total / group.count - priors[b]! - shift;
      return sum + group.squaresAboutMean + group.count * deviation ** 2;
    }, 0);
    return { fit, residual };
  }
  for (let step = 0; step < MAX_NOISE_STEPS; step++) {
    const { fit, residual } = yield* fitNow();
    const estimate = (NOISE_PRIOR_WEIGHT * priorNoise ** 2 + residual) / (NOISE_PRIOR_WEIGHT + numMeasured);
    const change = Math.abs(Math.min(estimate, MAX_NOISE ** 2) / noiseVariance - 1);
    if (change < SETTLED_CHANGE) return { fit, noiseVariance };
    noiseVariance = Math.min(estimate, MAX_NOISE ** 2);
  }
  return { fit: (yield* fitNow()).fit, noiseVariance };
}

function valueLevels(spread: ValueSpread, fleetSpread: number): Level[] {
  return [
    { variance: fleetSpread ** 2, trust: null, by: [] },
    { variance: spread.type ** 2, trust: TRUST, by: ["taskType"] },
    { variance: spread.agent ** 2, trust: TRUST, by: ["agentId"] },
    { variance: spread.agentType ** 2, trust: spread.agentTypeTrust, by: ["agentId", "taskType"] },
    { variance: spread.change ** 2, trust: null, by: ["agentId"], isOfBefore: true },
  ];
}

interface MeasuredGroup {
  readonly agentId: string | null;
  /** Indices of the effects that act on it. */
  readonly effects: readonly number[];
  readonly count: number;
  readonly total: number;
  /** Σ (value − mean of the group)². */
  readonly squaresAboutMean: number;
}

/** Agent × type groups, merged in the order of the kinds. */
function groupMeasurements(measurements: readonly Measurements[], index: LevelIndex, unit: number): MeasuredGroup[] {
  const byGroups = new Map<string, { kind: Kind; effects: readonly number[]; values: Sums }>();
  for (const { kind, isBefore, values } of measurements) {
    if (values.count === 0) continue;
    const effects = index.register(kind, isBefore, OF_MEASURED);
    const key = effects.join();
    const known = byGroups.get(key);
    if (known === undefined) byGroups.set(key, { kind, effects, values });
    else known.values = addSums(known.values, values);
  }
  return [...byGroups.values()].map(({ kind, effects, values }) => {
    const { count, mean, squares } = momentsOf(values, unit);
    return { agentId: kind.agentId, effects, count, total: count * mean, squaresAboutMean: squares };
  });
}

/** Mean and variance of the sum of a kind's effects at some levels. */
function sumFinder(
  index: LevelIndex,
  { effects, covariances, variances }: SpreadFit,
): (levels: readonly number[], kind: Kind) => { readonly mean: number; readonly variance: number } {
  const known = new Int32Array(OF_PRESENT.length);
  return (levels, kind) => {
    let [numKnown, mean, unseen] = [0, 0, 0];
    for (const level of levels) {
      const group = index.find(level, kind);
      if (group === UNSEEN_GROUP) unseen += variances[level]!;
      if (group < 0) continue;
      known[numKnown++] = group;
      mean += effects[group]!;
    }
    return { mean, variance: covariances.varianceOfSum(known, numKnown) + unseen };
  };
}
