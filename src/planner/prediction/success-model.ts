import type { Kind, KindEvidence } from "../../domain/index.js";
import { Cells } from "./cells.js";
import { crossedEffects, type Level, LevelIndex, NO_GROUP, UNSEEN_GROUP } from "./levels.js";
import type { Covariances } from "./covariances.js";
import { EffectsModel } from "./mixed-effects.js";
import { baselineSuccess, NEUTRAL_CONFIDENCE } from "./prior.js";
import { type SpreadFit, spreadSteps } from "./spread-fit.js";
import { meanConfidence } from "./trial-bands.js";

/**
 * Expected standard deviations, on the logit scale, of how far the baseline formula is off; those with a trust are
 * learned as well. The largest is the interaction the formula lacks, agent × type. `agent` is the scale of Student's t.
 * `agentRisk`: where tasks have types, which explain most of what agents differ in, and where they have none. `change`:
 * how far an agent that changed may be from what it was. `slope`: of the logit a unit of confidence.
 */
export const SUCCESS_SPREAD = {
  ...{ fleet: 0.4, risk: 0.25, type: 0.25, agent: 0.4, agentType: 0.65 },
  agentRisk: { typed: 0.2, untyped: 0.5 },
  ...{ change: 1, changeOfType: 0.5, slope: 1.5 },
} as const;
/** Effects the expected deviation is worth against those the data show. */
const TRUST = { type: 3, agent: 1, agentType: 1, agentRisk: 1 } as const;
/** Agents follow Student's t with so many degrees of freedom: now and then one is far from the others. */
const AGENT_DEGREES = 4;

const FLEET = 0;
const RISK = 1;
const TYPE = 2;
const AGENT = 3;
const AGENT_TYPE = 4;
const AGENT_RISK = 5;
// 6 and 7: what an agent was before a change, of which predictions make no use.
const SLOPE = 8;

/** @param typedShare share of the trials whose task has a type */
function successLevels(typedShare: number): Level[] {
  const { agentRisk } = SUCCESS_SPREAD;
  const ofAgentRisk = typedShare * agentRisk.typed ** 2 + (1 - typedShare) * agentRisk.untyped ** 2;
  return [
    { variance: SUCCESS_SPREAD.fleet ** 2, trust: null, by: [] },
    { variance: SUCCESS_SPREAD.risk ** 2, trust: null, by: ["riskLevel"] },
    { variance: SUCCESS_SPREAD.type ** 2, trust: TRUST.type, by: ["taskType"] },
    { variance: SUCCESS_SPREAD.agent ** 2, trust: TRUST.agent, degrees: AGENT_DEGREES, by: ["agentId"] },
    { variance: SUCCESS_SPREAD.agentType ** 2, trust: TRUST.agentType, by: ["agentId", "taskType"] },
    { variance: ofAgentRisk, trust: TRUST.agentRisk, by: ["agentId", "riskLevel"] },
    { variance: SUCCESS_SPREAD.change ** 2, trust: null, by: ["agentId"], isOfBefore: true },
    { variance: SUCCESS_SPREAD.changeOfType ** 2, trust: null, by: ["agentId", "taskType"], isOfBefore: true },
    // Acts with a weight of its own, so kinds do not register it.
    { variance: SUCCESS_SPREAD.slope ** 2, trust: null, by: [] },
  ];
}
const OF_KINDS = [FLEET, RISK, TYPE, AGENT, AGENT_TYPE, AGENT_RISK, 6, 7] as const;
const OF_PRESENT = [FLEET, RISK, TYPE, AGENT, AGENT_TYPE, AGENT_RISK] as const;
/** By place in `OF_PRESENT`. */
const IS_OWN = OF_PRESENT.map((level) => level === AGENT || level === AGENT_TYPE || level === AGENT_RISK);
const NO_KIND: Kind = { agentId: null, taskType: null, riskLevel: null };

/** What history adds to the baseline for one kind of attempt, by agent. */
interface FleetShifts {
  /** Added to the logit of the baseline at the neutral confidence. */
  readonly shift: Float64Array;
  /** Posterior variance of the shift. */
  readonly variance: Float64Array;
  /** Of the part of the shift that is the agent's own, and not shared with the fleet. */
  readonly ownVariance: Float64Array;
  /** Posterior covariance of the shift and the slope. */
  readonly slopeCovariance: Float64Array;
}

/** A share of a sum of logits: `weight` times the logit of the kind, `distance` above the neutral confidence. */
interface LogitTerm {
  readonly kind: Kind;
  readonly weight: number;
  readonly distance: number;
}

export interface SuccessModel {
  /** For all agents of a fleet at once. */
  readonly shiftsOf: (agentIds: readonly string[]) => (kind: Omit<Kind, "agentId">) => FleetShifts;
  /** Posterior variance of a weighted sum of logits, with everything that they share. O(terms + fill) */
  readonly varianceOf: (terms: readonly LogitTerm[]) => number;
  /** Added to the logit for each unit of confidence above the neutral one. */
  readonly confidenceSlope: number;
  /** Posterior variance of the slope. */
  readonly slopeVariance: number;
}

/**
 * Learns from trials by how much the baseline is off: for the fleet, per risk, per type, per agent, per agent × type
 * and per agent × risk, and how much more or less a task's confidence means. What was seen of an agent before it
 * changed tells of its skills up to the size of a change. `agentSuccess` is the agent term of the baseline (null: of an
 * unknown agent). In slices.
 */
export function* successSteps(
  evidence: readonly KindEvidence[],
  agentSuccess: (agentId: string | null) => number,
): Generator<void, SuccessModel> {
  const specs = successLevels(shareWithType(evidence));
  const index = new LevelIndex(specs);
  const slopeGroup = index.registerAt(SLOPE, NO_KIND, false);
  const cells = new Cells();
  for (const { kind, isBefore, trials } of evidence) {
    if (trials.length === 0) continue;
    const agentTerm = agentSuccess(kind.agentId);
    for (const band of trials) {
      const confidence = meanConfidence(band);
      const prior = logit(baselineSuccess(confidence, agentTerm, kind.riskLevel));
      cells.add(prior, band.count, band.successes, confidence - NEUTRAL_CONFIDENCE);
    }
    cells.endBlock(index.register(kind, isBefore, OF_KINDS));
    yield;
  }
  const levels = { shared: [FLEET, RISK], types: [TYPE], agents: [AGENT, AGENT_RISK], pairs: [AGENT_TYPE] };
  cells.wanted.push(...crossedEffects(index, levels));
  yield;
  const names = { levelOf: index.levelOf, slope: slopeGroup };
  const model = new EffectsModel(cells, names, { kind: "bernoulli" });
  const { effects, variances } = yield* spreadSteps(model, specs);
  const covariances = model.covariances();
  return {
    confidenceSlope: effects[slopeGroup]!,
    slopeVariance: covariances.variance(slopeGroup),
    varianceOf: (terms) => {
      const ofKnown = new Map<number, number>();
      const ofUnseen = new Map<string, { level: number; weight: number }>();
      const addKnown = (group: number, weight: number): void =>
        void ofKnown.set(group, (ofKnown.get(group) ?? 0) + weight);
      for (const { kind, weight, distance } of terms) {
        addKnown(slopeGroup, weight * distance);
        for (const level of OF_PRESENT) {
          const group = index.find(level, kind);
          if (group >= 0) addKnown(group, weight);
          if (group !== UNSEEN_GROUP) continue;
          const name = index.nameAt(level, kind);
          ofUnseen.set(name, { level, weight: weight + (ofUnseen.get(name)?.weight ?? 0) });
        }
      }
      const unseen = [...ofUnseen.values()].reduce(
        (sum, { level, weight }) => sum + weight ** 2 * variances[level]!,
        0,
      );
      return covariances.varianceOfCombination(ofKnown) + unseen;
    },
    shiftsOf: shiftFinder(index, { effects, covariances, variances }, slopeGroup),
  };
}

/** What the fit says of a fleet's kinds. */
function shiftFinder(
  index: LevelIndex,
  { effects, covariances, variances }: SpreadFit & { readonly covariances: Covariances },
  slopeGroup: number,
): SuccessModel["shiftsOf"] {
  const [known, isOwn] = [new Int32Array(OF_PRESENT.length), new Uint8Array(OF_PRESENT.length)];
  /** Of all effects of a pair, and of the agent's own. */
  const ofSums = new Float64Array(2);
  return (agentIds) => {
    const agents = index.agentNumbers(agentIds);
    const groups = OF_PRESENT.map(() => new Int32Array(agents.length));
    return (kind) => {
      OF_PRESENT.forEach((level, k) => index.findEach(level, { ...kind, agentId: null }, agents, groups[k]!));
      const column = (): Float64Array => new Float64Array(agents.length);
      const shifts = { shift: column(), variance: column(), ownVariance: column(), slopeCovariance: column() };
      for (let agent = 0; agent < agents.length; agent++) {
        let numKnown = 0;
        let shift = 0;
        let slopeCovariance = 0;
        let unseen = 0;
        let unseenOwn = 0;
        for (let k = 0; k < groups.length; k++) {
          const group = groups[k]![agent]!;
          if (group === NO_GROUP) continue;
          if (group === UNSEEN_GROUP) {
            unseen += variances[OF_PRESENT[k]!]!;
            if (IS_OWN[k]!) unseenOwn += variances[OF_PRESENT[k]!]!;
            continue;
          }
          known[numKnown] = group;
          isOwn[numKnown++] = IS_OWN[k]! ? 1 : 0;
          shift += effects[group]!;
          slopeCovariance += covariances.covariance(group, slopeGroup) ?? 0;
        }
        covariances.variancesOfSums(known, isOwn, numKnown, ofSums);
        const variance = ofSums[0]! + unseen;
        shifts.shift[agent] = shift;
        shifts.slopeCovariance[agent] = slopeCovariance;
        shifts.variance[agent] = variance;
        // Where the sum is known better than its parts, the sum tells.
        shifts.ownVariance[agent] = Math.min(variance, ofSums[1]! + unseenOwn);
      }
      return shifts;
    };
  };
}

/** Share of the trials whose task has a type; 0 of none. */
function shareWithType(evidence: readonly KindEvidence[]): number {
  let [typed, all] = [0, 0];
  for (const { kind, trials } of evidence) {
    const count = trials.reduce((sum, band) => sum + band.count, 0);
    all += count;
    if (kind.taskType !== null) typed += count;
  }
  return all === 0 ? 0 : typed / all;
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
