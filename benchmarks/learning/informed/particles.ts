import { RISK_LEVELS, type RiskLevel } from "../../../src/domain/problem.js";
import { streamOf } from "../draws.js";
import { CHANCE_MAX, CHANCE_MIN, MIDDLE_CONFIDENCE } from "../truth.js";
import { CHANGE_LOSS, CHANGE_WAVE, drawEffects, type World } from "../worlds.js";
import { TASK_NOISE } from "../tasks.js";
import type { DrawSkills } from "./priors.js";

/** Draws of what all agents share, and of a unit's skills given each. */
export const NUM_EFFECTS = 40;
export const NUM_SKILLS = 120;

/** What is known of a task: chances of its types, where it shows none. */
export interface SeenTask {
  readonly wave: number;
  readonly riskLevel: RiskLevel;
  readonly confidence: number;
  /** Weight of each type of the world, summing to 1. */
  readonly ofType: readonly number[];
}

/** The noise of a task makes chances less extreme (MacKay, Neural Computation 4, 1992, section 4.2). */
const ATTENUATION = 1 / Math.sqrt(1 + (Math.PI / 8) * TASK_NOISE ** 2);

/** Draws from the prior of one unit: for every draw of the shared effects, draws of the skills of its agents. */
export class Particles {
  readonly #numTypes: number;
  /** By member of the unit: [effect][draw][type][risk] logits at the middle confidence. */
  readonly #logits: Float64Array[];
  readonly #slopes = new Float64Array(NUM_EFFECTS);

  constructor(
    world: World,
    draw: DrawSkills,
    unitSize: number,
    purpose: string,
    readonly changes: boolean,
  ) {
    const { types } = world;
    this.#numTypes = types.length;
    const width = types.length * RISK_LEVELS.length;
    this.#logits = Array.from({ length: unitSize }, () => new Float64Array(NUM_EFFECTS * NUM_SKILLS * width));
    // The same effects for every purpose: they are the world's.
    const ofEffects = streamOf(world.seed, "informed effects", world.world, world.numAgents);
    const ofSkills = streamOf(world.seed, "informed skills", purpose, world.world, world.numAgents);
    for (let e = 0; e < NUM_EFFECTS; e++) {
      const effects = drawEffects(ofEffects);
      this.#slopes[e] = effects.confidenceSlope;
      for (let d = 0; d < NUM_SKILLS; d++) {
        draw(ofSkills, types, effects).forEach(({ skills, ofRisk }, member) => {
          const start = (e * NUM_SKILLS + d) * width;
          types.forEach((type, t) => {
            RISK_LEVELS.forEach((risk, r) => {
              this.#logits[member]![start + t * RISK_LEVELS.length + r] =
                skills[type]! + (ofRisk?.[risk] ?? 0) - effects.riskEffect[risk];
            });
          });
        });
      }
    }
  }

  /** Chance of the member of the unit at the task by particle, if that draw were the truth. O(particles · types) */
  chances(member: number, { wave, riskLevel, confidence, ofType }: SeenTask): Float64Array {
    const logits = this.#logits[member]!;
    const width = this.#numTypes * RISK_LEVELS.length;
    const shown = ofType.flatMap((weight, t) => (weight === 0 ? [] : [{ weight, at: t * RISK_LEVELS.length }]));
    const loss = this.changes && wave >= CHANGE_WAVE ? CHANGE_LOSS : 0;
    const chances = new Float64Array(NUM_EFFECTS * NUM_SKILLS);
    for (const { weight, at } of shown) {
      const first = at + RISK_LEVELS.indexOf(riskLevel);
      for (let e = 0; e < NUM_EFFECTS; e++) {
        const ease = this.#slopes[e]! * (confidence - MIDDLE_CONFIDENCE);
        for (let particle = e * NUM_SKILLS; particle < (e + 1) * NUM_SKILLS; particle++) {
          const logit = logits[particle * width + first]! + ease;
          const p = 1 / (1 + Math.exp(-ATTENUATION * logit)) - loss;
          chances[particle]! += weight * Math.min(CHANCE_MAX, Math.max(CHANCE_MIN, p));
        }
      }
    }
    return chances;
  }
}
