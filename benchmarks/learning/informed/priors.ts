import type { KeyedStream } from "../../../src/domain/keyed-stream.js";
import { between } from "../draws.js";
import type { withRate } from "../skills.js";
import { opposites, plainAgent, riskSpecialists, type Skills, specialists } from "../skills.js";
import { overallRate, type RiskSkills, type Truth } from "../truth.js";
import type { WorldName } from "../worlds.js";

type Effects = Pick<Truth, "confidenceSlope" | "riskEffect">;

/** Skills as a prior may draw them. */
interface DrawnSkills {
  readonly skills: Skills;
  readonly ofRisk: RiskSkills | null;
}

/** Draws the skills of agents that hang together: one agent, or two that mirror each other. */
export type DrawSkills = (stream: KeyedStream, types: readonly string[], effects: Effects) => DrawnSkills[];

/** The distribution that a world's agents come from. */
export interface WorldPrior {
  /** Agents that are drawn together. */
  readonly unitSize: 1 | 2;
  readonly ordinary: DrawSkills;
  /** One agent of another kind: who it is; null where there is none. */
  readonly special: {
    readonly draw: DrawSkills;
    readonly who: "anyone" | "newcomer";
    /** Whether it loses at the wave of the change. */
    readonly changes: boolean;
  } | null;
}

const plain =
  (rate: number, spread: number): DrawSkills =>
  (stream, types, effects) => [{ skills: plainAgent(stream, types, rate, spread, effects, fitRate), ofRisk: null }];

/** Two of the types at random: who does not know how they go round. */
const specialist: DrawSkills = (stream, types, effects) =>
  Object.values(specialists(stream, ["one"], types, 0.65, effects, fitRate)).map((skills) => ({
    skills,
    ofRisk: null,
  }));

const mirrored: DrawSkills = (stream, types, effects) =>
  Object.values(opposites(stream, ["one", "other"], types, 0.65, effects, fitRate)).map((skills) => ({
    skills,
    ofRisk: null,
  }));

const riskSpecialist: DrawSkills = (stream, types, effects) => {
  const { one: ofRisk } = riskSpecialists(stream, ["one"]);
  const level = Object.fromEntries(types.map((type) => [type, 0]));
  return [{ skills: fitRate(level, 0.65, effects, ofRisk), ofRisk: ofRisk! }];
};

const anyRate: DrawSkills = (stream, types, effects) => plain(between(stream, 0.5, 0.8), 0)(stream, types, effects);

const alone = (ordinary: DrawSkills): WorldPrior => ({ unitSize: 1, ordinary, special: null });

/** Null where chances are not what is to be learned. */
export const PRIORS: Readonly<Record<WorldName, WorldPrior | null>> = {
  specialists: alone(specialist),
  sparse: alone(specialist),
  "hidden-types": alone(specialist),
  star: { ...alone(plain(0.62, 0.25)), special: { draw: plain(0.88, 0.25), who: "anyone", changes: false } },
  opposite: { unitSize: 2, ordinary: mirrored, special: null },
  degrades: { ...alone(specialist), special: { draw: plain(0.87, 0.15), who: "anyone", changes: true } },
  "new-agent-good": { ...alone(plain(0.6, 0.4)), special: { draw: plain(0.86, 0.2), who: "newcomer", changes: false } },
  "new-agent-bad": { ...alone(plain(0.7, 0.4)), special: { draw: plain(0.4, 0.2), who: "newcomer", changes: false } },
  "nothing-to-learn": null,
  throughput: null,
  "untyped-risk": alone(riskSpecialist),
  "useless-types": alone(riskSpecialist),
  "untyped-overall": alone(anyRate),
  "untyped-change": { ...alone(riskSpecialist), special: { draw: riskSpecialist, who: "anyone", changes: true } },
};

const MAX_STEPS = 20;
const RATE_TOLERANCE = 1e-5;

/** `withRate` by secants: the worlds need its last digit, thousands of draws from their prior do not. */
function fitRate(...[skills, rate, effects, ofRisk]: Parameters<typeof withRate>): Skills {
  const moved = (shift: number): Skills =>
    Object.fromEntries(Object.entries(skills).map(([type, skill]) => [type, skill + shift]));
  // Of the logit, on which the rate is nearly linear.
  const missAt = (shift: number): number => {
    const found = overallRate(moved(shift), effects, ofRisk);
    return Math.log(found / (1 - found)) - Math.log(rate / (1 - rate));
  };
  let [before, now] = [0, 1];
  let [missBefore, miss] = [missAt(before), missAt(now)];
  for (let step = 0; step < MAX_STEPS && Math.abs(miss) > RATE_TOLERANCE; step++) {
    const next = now - (miss * (now - before)) / (miss - missBefore);
    [before, missBefore, now] = [now, miss, next];
    miss = missAt(now);
  }
  return moved(now);
}
