import { RISK_LEVELS, type RiskLevel } from "../../src/domain/problem.js";

/**
 * What really decides about an attempt, and no planner sees:
 *
 *   P = σ(skill[agent][type] + slope · (confidence − .725) − risk effect + noise of the task),  less the loss of an agent that changed
 *
 * It is near the baseline formula and is not it: that is additive in P, with a fixed slope and fixed penalties; here the
 * slope and the effects are drawn for each world, and every task has a difficulty of its own that nothing announces.
 */
export interface Truth {
  /** Logit at confidence .725 and LOW risk, by agent and type. */
  readonly skills: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Logit by agent and risk on top; null where agents differ in types alone. */
  readonly riskSkills: Readonly<Record<string, RiskSkills>> | null;
  readonly confidenceSlope: number;
  readonly riskEffect: Readonly<Record<RiskLevel, number>>;
  /** Mean time of one attempt in milliseconds, by agent and type. */
  readonly meanTimesMs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Standard deviation of the natural logarithm of a time. */
  readonly timeSigma: number;
  /** From this wave on the agent succeeds this much less often; null where nobody changes. */
  readonly change: { readonly agentId: string; readonly wave: number; readonly loss: number } | null;
}

export type RiskSkills = Readonly<Record<RiskLevel, number>>;

/** A task as the world made it. */
export interface HiddenTask {
  readonly taskId: string;
  readonly wave: number;
  readonly taskType: string;
  /** What the planner sees for its type; null: nothing. */
  readonly givenType: string | null;
  /** Its title, where it has one. */
  readonly title: string | null;
  readonly riskLevel: RiskLevel;
  readonly confidence: number;
  /** Logit by which it is easier than its kind, whoever does it. */
  readonly noise: number;
}

export const MIDDLE_CONFIDENCE = 0.725;
export const CONFIDENCES = { from: 0.5, to: 0.95 } as const;
export const RISK_SHARES: Readonly<Record<RiskLevel, number>> = { LOW: 0.5, MEDIUM: 0.3, HIGH: 0.2 };
/** Nobody is certain to fail or to succeed. */
export const CHANCE_MIN = 0.02;
export const CHANCE_MAX = 0.99;
const RATE_STEPS = 20;

/** True chance of the one attempt a task has. */
export function chanceOf(truth: Truth, task: HiddenTask, agentId: string): number {
  return chanceOfKind(truth, task, agentId, task.noise);
}

/** The same of an ordinary task of its kind, without its own noise. */
export function chanceOfKind(
  truth: Truth,
  task: Pick<HiddenTask, "taskType" | "riskLevel" | "confidence" | "wave">,
  agentId: string,
  noise = 0,
): number {
  const skill = truth.skills[agentId]![task.taskType]! + (truth.riskSkills?.[agentId]![task.riskLevel] ?? 0);
  const ease = truth.confidenceSlope * (task.confidence - MIDDLE_CONFIDENCE) - truth.riskEffect[task.riskLevel];
  const { change } = truth;
  const loss = change !== null && change.agentId === agentId && task.wave >= change.wave ? change.loss : 0;
  return Math.min(CHANCE_MAX, Math.max(CHANCE_MIN, logistic(skill + ease + noise) - loss));
}

export function meanTimeMs(truth: Truth, task: HiddenTask, agentId: string): number {
  return truth.meanTimesMs[agentId]![task.taskType]!;
}

/** Mean chance over the mix of tasks, noise and changes left aside: what an agent's record would show after very many. */
export function overallRate(
  skills: Readonly<Record<string, number>>,
  { confidenceSlope, riskEffect }: Pick<Truth, "confidenceSlope" | "riskEffect">,
  ofRisk: RiskSkills = { LOW: 0, MEDIUM: 0, HIGH: 0 },
): number {
  const eases = RISK_LEVELS.map((risk) => easesOf(confidenceSlope, riskEffect[risk]));
  let [sum, weight] = [0, 0];
  for (const skill of Object.values(skills)) {
    for (let r = 0; r < RISK_LEVELS.length; r++) {
      const risk = RISK_LEVELS[r]!;
      const [share, level, ofConfidence] = [RISK_SHARES[risk], skill + ofRisk[risk], eases[r]!];
      for (let k = 0; k < RATE_STEPS; k++) {
        sum += share * logistic(level + ofConfidence[k]!);
        weight += share;
      }
    }
  }
  return sum / weight;
}

/** By confidence, in the middle of equal steps. */
function easesOf(slope: number, riskEffect: number): Float64Array {
  const eases = new Float64Array(RATE_STEPS);
  for (let k = 0; k < RATE_STEPS; k++) {
    const confidence = CONFIDENCES.from + ((k + 0.5) / RATE_STEPS) * (CONFIDENCES.to - CONFIDENCES.from);
    eases[k] = slope * (confidence - MIDDLE_CONFIDENCE) - riskEffect;
  }
  return eases;
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
