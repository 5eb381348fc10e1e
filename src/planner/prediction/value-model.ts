import { GAIN_UNIT, LOG_TIME_UNIT } from "../../domain/index.js";
import type { Covariances } from "./covariances.js";
import { type LevelIndex, UNSEEN_GROUP } from "./levels.js";
import type { ChainedValue } from "./prior.js";
import { type LevelSpread, type SpreadFit, spreadSteps } from "./spread-fit.js";
import { AGENT, AGENT_TYPE, FLEET, type MeasuredGroups, TYPE } from "./measured-groups.js";
import type { Moments } from "./sums.js";

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

const OF_PRESENT = [FLEET, TYPE, AGENT, AGENT_TYPE] as const;
const ONLY_TYPE = [TYPE] as const;
const OF_TYPE = [TYPE, AGENT_TYPE] as const;
const OF_AGENT = [AGENT, AGENT_TYPE] as const;

/** Mean = base + shift on the scale on which the quantity is normal (base · exp(shift) for a log-normal one), by agent. */
export interface FleetValues {
  /** Value of the fallback chain. */
  readonly base: Float64Array;
  readonly shift: Float64Array;
  /** Of the shift. */
  readonly variance: Float64Array;
  /**
   * Variance that raises the mean of a log-normal quantity above its median: the doubt about what was measured. A value of
   * the fallback chain is a mean already, so it is 0 of an agent that is known by its own value alone, or where nothing was measured.
   */
  readonly meanVariance: Float64Array;
  /** Of the part of the shift that is the agent's own, and not shared with the fleet; 0 where nothing was measured. */
  readonly ownVariance: Float64Array;
  /** Of one measurement about its mean. */
  readonly noiseVariance: number;
}

/** What the agents of a fleet need for tasks of a type. */
type ValueModel = (agentIds: readonly string[]) => (taskType: string | null) => FleetValues;

/** Prior mean on the normal scale of a value of the fallback chain, given the noise (a log-normal mean depends on it). */
type PriorMean = (value: number, noiseVariance: number) => number;

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
  measured: MeasuredGroups,
  quantity: "logTimes" | "gains",
  chain: Chain,
  spread: ValueSpread,
  priorMean: PriorMean,
): Generator<void, ValueModel> {
  const { index, model, groups } = measured;
  const moments = measured.momentsOf(quantity, spread.unit);
  const agentsMeasured = new Set(groups.flatMap(({ agentId }, b) => (moments[b]!.count > 0 ? (agentId ?? []) : [])));
  const isAnyMeasured = moments.some(({ count }) => count > 0);
  const baseOf = (agentId: string | null): ChainedValue => {
    if (agentId === null || (agentsMeasured.has(agentId) && chain.isRestated(agentId))) return chain.fleet;
    return chain.ofAgent(agentId);
  };
  yield;
  const fleetSpread = chain.fleet.source === "default" ? spread.fleetUnknown : spread.fleet;
  const levels = valueLevels(spread, fleetSpread);
  const { fit, noiseVariance } = yield* noiseSteps(measured, moments, levels, spread.noise, (agentId, noise) =>
    priorMean(baseOf(agentId).value, noise),
  );
  // The model will be used again, for the other quantity.
  const sums = new ValueSums(index, { ...fit, effects: fit.effects.slice() }, model.covariances());
  return (agentIds) => {
    const takeUp = sums.rows(agentIds);
    return (taskType) => {
      takeUp(taskType);
      const column = (): Float64Array => new Float64Array(agentIds.length);
      const values = {
        ...{ base: column(), shift: column(), variance: column(), meanVariance: column(), ownVariance: column() },
        noiseVariance,
      };
      agentIds.forEach((agentId, agent) => {
        const { value: base, source } = baseOf(agentId);
        const isOwn = source === "agent";
        const isUnmeasured = isOwn && !agentsMeasured.has(agentId);
        const ofBase = isOwn ? sums.variance(OF_TYPE, agent) + spread.ownAggregate ** 2 : Infinity;
        const variance = isUnmeasured ? ofBase : Math.min(ofBase, sums.variance(OF_PRESENT, agent));
        values.base[agent] = base;
        values.shift[agent] = sums.mean(isUnmeasured ? ONLY_TYPE : OF_PRESENT, agent);
        values.variance[agent] = variance;
        values.meanVariance[agent] = !isAnyMeasured || isUnmeasured ? 0 : variance;
        values.ownVariance[agent] = isAnyMeasured ? Math.min(variance, sums.variance(OF_AGENT, agent)) : 0;
      });
      return values;
    };
  };
}

/** Alternates between the effects and the noise variance, which is shrunk towards its prior. */
function* noiseSteps(
  { groups, model }: MeasuredGroups,
  moments: readonly Moments[],
  levels: readonly LevelSpread[],
  priorNoise: number,
  priorAt: (agentId: string | null, noiseVariance: number) => number,
): Generator<void, { fit: SpreadFit; noiseVariance: number }> {
  const count = moments.map((group) => group.count);
  const total = moments.map((group) => group.count * group.mean);
  const numMeasured = count.reduce((sum, one) => sum + one, 0);
  let noiseVariance = priorNoise ** 2;
  let variances: Float64Array | null = null;
  function* fitNow(): Generator<void, { fit: SpreadFit; residual: number }> {
    const prior = groups.map(({ agentId }) => priorAt(agentId, noiseVariance));
    model.restart({ prior, count, total }, { kind: "gaussian", noiseVariance });
    const fit = yield* spreadSteps(model, levels, variances);
    ({ variances } = fit);
    let residual = 0;
    for (const [b, { count: ofGroup, squares }] of moments.entries()) {
      if (ofGroup === 0) continue;
      let shift = 0;
      for (const g of groups[b]!.effects) shift += fit.effects[g]!;
      const deviation = total[b]! / ofGroup - prior[b]! - shift;
      residual = residual + squares + ofGroup * deviation ** 2;
    }
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

/** By level of `VALUE_GROUPING`. */
function valueLevels(spread: ValueSpread, fleetSpread: number): LevelSpread[] {
  return [
    { variance: fleetSpread ** 2, trust: null },
    { variance: spread.type ** 2, trust: TRUST },
    { variance: spread.agent ** 2, trust: TRUST },
    { variance: spread.agentType ** 2, trust: spread.agentTypeTrust },
    { variance: spread.change ** 2, trust: null },
  ];
}

/** Means and variances of sums of the effects of kinds at some levels. */
class ValueSums {
  readonly #index: LevelIndex;
  readonly #fit: SpreadFit;
  readonly #covariances: Covariances;
  readonly #known = new Int32Array(OF_PRESENT.length);
  /** Groups of the kinds at hand, by level and agent. */
  #groups: readonly Int32Array[] = [];

  constructor(index: LevelIndex, fit: SpreadFit, covariances: Covariances) {
    this.#index = index;
    this.#fit = fit;
    this.#covariances = covariances;
  }

  /** Takes up what these agents need for tasks of a type. */
  rows(agentIds: readonly string[]): (taskType: string | null) => void {
    const agents = this.#index.agentNumbers(agentIds);
    const groups = OF_PRESENT.map(() => new Int32Array(agents.length));
    return (taskType) => {
      const kind = { agentId: null, taskType, riskLevel: null };
      for (const level of OF_PRESENT) this.#index.findEach(level, kind, agents, groups[level]!);
      this.#groups = groups;
    };
  }

  mean(levels: readonly number[], agent: number): number {
    let mean = 0;
    for (const level of levels) {
      const group = this.#groups[level]![agent]!;
      if (group >= 0) mean += this.#fit.effects[group]!;
    }
    return mean;
  }

  variance(levels: readonly number[], agent: number): number {
    let [numKnown, unseen] = [0, 0];
    for (const level of levels) {
      const group = this.#groups[level]![agent]!;
      if (group === UNSEEN_GROUP) unseen += this.#fit.variances[level]!;
      if (group >= 0) this.#known[numKnown++] = group;
    }
    return this.#covariances.varianceOfSum(this.#known, numKnown) + unseen;
  }
}
