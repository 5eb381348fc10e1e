import type { KeyedStream } from "../../src/domain/keyed-stream.js";
import { between, below, shuffled } from "./draws.js";
import { type RiskLevel, RISK_LEVELS } from "../../src/domain/problem.js";
import { overallRate, type RiskSkills, type Truth } from "./truth.js";

/** Skills of one agent: a logit by task type. */
export type Skills = Readonly<Record<string, number>>;
type Effects = Pick<Truth, "confidenceSlope" | "riskEffect">;

const BISECTIONS = 60;
/** Logits between which every shift lies. */
const SHIFT_RANGE = 8;

/** The same skills, all moved by one logit, so that the overall rate is `rate`. */
export function withRate(skills: Skills, rate: number, effects: Effects, ofRisk?: RiskSkills): Skills {
  let [low, high] = [-SHIFT_RANGE, SHIFT_RANGE];
  const moved = (shift: number): Skills =>
    Object.fromEntries(Object.entries(skills).map(([type, skill]) => [type, skill + shift]));
  for (let k = 0; k < BISECTIONS; k++) {
    const middle = (low + high) / 2;
    if (overallRate(moved(middle), effects, ofRisk) < rate) low = middle;
    else high = middle;
  }
  return moved((low + high) / 2);
}

/** How skills are brought to an overall rate. */
export type FitRate = typeof withRate;

/** Somebody whose types differ by `spread` (a standard deviation on the logit scale). */
export function plainAgent(
  stream: KeyedStream,
  types: readonly string[],
  rate: number,
  spread: number,
  effects: Effects,
  fit: FitRate = withRate,
): Skills {
  return fit(Object.fromEntries(types.map((type) => [type, spread * stream.normal()])), rate, effects);
}

/** Agents good at two types each and poor at the rest, every type with about as many experts, overall rates within two points. */
export function specialists(
  stream: KeyedStream,
  agentIds: readonly string[],
  types: readonly string[],
  rate: number,
  effects: Effects,
  fit: FitRate = withRate,
): Record<string, Skills> {
  const order = shuffled(stream, types);
  const at = (place: number): string => order[place % order.length]!;
  return Object.fromEntries(
    agentIds.map((agentId, j) => {
      // Neighbours first; later agents pair types that lie further apart, so that few agents are alike.
      const round = Math.floor(j / order.length) % (order.length - 1);
      const own = [at(j), at(j + 1 + round)];
      const skills = types.map((type): [string, number] => [
        type,
        own.includes(type) ? between(stream, 0.9, 1.5) : between(stream, -1.1, -0.5),
      ]);
      return [agentId, fit(Object.fromEntries(skills), rate + between(stream, -0.01, 0.01), effects)];
    }),
  );
}

/** Pairs of agents that mirror each other around one overall rate, exactly the same for all. An agent left over is plain. */
export function opposites(
  stream: KeyedStream,
  agentIds: readonly string[],
  types: readonly string[],
  rate: number,
  effects: Effects,
  fit: FitRate = withRate,
): Record<string, Skills> {
  const skills: Record<string, Skills> = {};
  for (let j = 0; j < agentIds.length; j += 2) {
    const [one, other] = [agentIds[j]!, agentIds[j + 1]];
    const sign = balancedSigns(stream, types.length);
    const lean = types.map((type, k): [string, number] => [type, sign[k]! * between(stream, 0.8, 1.4)]);
    skills[one] = fit(Object.fromEntries(lean), rate, effects);
    if (other === undefined) continue;
    skills[other] = fit(Object.fromEntries(lean.map(([type, value]) => [type, -value])), rate, effects);
  }
  return skills;
}

/** Half of them +1, half −1; one left over is either. */
function balancedSigns(stream: KeyedStream, count: number): number[] {
  const odd = count % 2 === 1 ? [below(stream, 2) === 0 ? 1 : -1] : [];
  const half = Math.floor(count / 2);
  return shuffled(stream, [...Array<number>(half).fill(1), ...Array<number>(half).fill(-1), ...odd]);
}

/** Agents good at one risk each and poor at the two others, every risk with about as many experts. */
export function riskSpecialists(stream: KeyedStream, agentIds: readonly string[]): Record<string, RiskSkills> {
  const order = shuffled(stream, RISK_LEVELS);
  return Object.fromEntries(
    agentIds.map((agentId, j): [string, RiskSkills] => {
      const skillAt = (risk: RiskLevel): number =>
        risk === order[j % order.length] ? between(stream, 0.7, 1.2) : between(stream, -0.6, -0.2);
      return [agentId, { LOW: skillAt("LOW"), MEDIUM: skillAt("MEDIUM"), HIGH: skillAt("HIGH") }];
    }),
  );
}
