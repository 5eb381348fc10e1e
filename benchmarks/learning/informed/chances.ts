import type { World } from "../worlds.js";
import { NUM_EFFECTS, NUM_SKILLS, Particles, type SeenTask } from "./particles.js";
import type { WorldPrior } from "./priors.js";

const NUM_PARTICLES = NUM_EFFECTS * NUM_SKILLS;
/** Shares of a prediction below which a draw is passed over. */
const NEGLIGIBLE = 1e-7;

/** What an agent may be. */
interface Role {
  readonly particles: Particles;
  /** Chance by draw, by member of a unit, at the tasks that were asked for: the same for every unit. */
  readonly chances: WeakMap<SeenTask, (Float64Array | undefined)[]>;
  /** Log likelihood of each draw, by unit. */
  readonly logLikelihoods: readonly Float64Array[];
}

/** A unit's draws that matter, with their weights. */
interface Weighted {
  readonly role: Role;
  readonly draws: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Chances under the posterior of one who knows the distribution that the world was drawn from: importance sampling from that
 * prior, weighted by the likelihood of all outcomes. Given the effects that all share, units are independent, so their
 * draws are weighted apart (Rao-Blackwell); who the special agent is follows from how well each agent fits either role.
 */
export class InformedChances {
  readonly #units: readonly (readonly string[])[];
  readonly #ordinary: Role;
  readonly #special: Role | null;
  readonly #placeOf = new Map<string, { readonly unit: number; readonly member: number }>();
  /** By unit; null until asked after the last outcome. */
  #posterior: readonly (readonly Weighted[])[] | null = null;

  constructor(
    world: World,
    private readonly prior: WorldPrior,
  ) {
    const { unitSize, ordinary, special } = prior;
    const numUnits = Math.ceil(world.agentIds.length / unitSize);
    this.#units = Array.from({ length: numUnits }, (_, u) => world.agentIds.slice(u * unitSize, (u + 1) * unitSize));
    this.#units.forEach((ids, unit) => ids.forEach((id, member) => this.#placeOf.set(id, { unit, member })));
    const roleOf = (particles: Particles): Role => ({
      particles,
      chances: new WeakMap(),
      logLikelihoods: this.#units.map(() => new Float64Array(NUM_PARTICLES)),
    });
    this.#ordinary = roleOf(new Particles(world, ordinary, unitSize, "ordinary", false));
    this.#special =
      special === null ? null : roleOf(new Particles(world, special.draw, unitSize, "special", special.changes));
  }

  learn(task: SeenTask, agentId: string, succeeded: boolean): void {
    const { unit, member } = this.#placeOf.get(agentId)!;
    for (const role of this.#roles()) {
      const known = role.logLikelihoods[unit]!;
      const chances = chancesAt(role, member, task);
      for (let k = 0; k < NUM_PARTICLES; k++) known[k]! += Math.log(succeeded ? chances[k]! : 1 - chances[k]!);
    }
    this.#posterior = null;
  }

  chance(task: SeenTask, agentId: string): number {
    const { unit, member } = this.#placeOf.get(agentId)!;
    this.#posterior ??= this.#weigh();
    let sum = 0;
    for (const { role, draws, weights } of this.#posterior[unit]!) {
      const chances = chancesAt(role, member, task);
      for (let i = 0; i < draws.length; i++) sum += weights[i]! * chances[draws[i]!]!;
    }
    return sum;
  }

  #roles(): Role[] {
    return this.#special === null ? [this.#ordinary] : [this.#ordinary, this.#special];
  }

  #weigh(): Weighted[][] {
    const ordinary = this.#units.map((_, u) => marginals(this.#ordinary.logLikelihoods[u]!));
    const special = this.#special;
    const specials = special === null ? null : this.#units.map((_, u) => marginals(special.logLikelihoods[u]!));
    const shares = this.#specialShares(ordinary, specials);
    const ofEffects = normalized(
      Float64Array.from({ length: NUM_EFFECTS }, (_, e) => {
        const all = ordinary.reduce((sum, own) => sum + own[e]!, 0);
        return all + (shares === null ? 0 : shares.logTotal[e]!);
      }),
    );
    return this.#units.map((_, u) => {
      const shareOf = (e: number): number => (shares === null ? 0 : shares.share[u]![e]!);
      const weigh = (role: Role, marginal: Float64Array, share: (e: number) => number): Weighted =>
        weighted(role, u, (e) => Math.log(ofEffects[e]! * share(e)) - marginal[e]!);
      const usual = weigh(this.#ordinary, ordinary[u]!, (e) => 1 - shareOf(e));
      return special === null ? [usual] : [usual, weigh(special, specials![u]!, shareOf)];
    });
  }

  /** Chance that each unit is the special one, by effect, and the log of what the doubt about it adds to the likelihood. */
  #specialShares(ordinary: readonly Float64Array[], specials: readonly Float64Array[] | null) {
    if (specials === null) return null;
    const candidates = this.prior.special!.who === "anyone" ? this.#units.map((_, u) => u) : [this.#units.length - 1];
    const share = this.#units.map(() => new Float64Array(NUM_EFFECTS));
    const logTotal = new Float64Array(NUM_EFFECTS);
    for (let e = 0; e < NUM_EFFECTS; e++) {
      const ratios = candidates.map((u) => specials[u]![e]! - ordinary[u]![e]!);
      const most = Math.max(...ratios);
      const total = ratios.reduce((sum, ratio) => sum + Math.exp(ratio - most), 0);
      logTotal[e] = most + Math.log(total);
      candidates.forEach((u, k) => (share[u]![e] = Math.exp(ratios[k]! - logTotal[e]!)));
    }
    return { share, logTotal };
  }
}

/** Kept as long as somebody holds the task. */
function chancesAt({ particles, chances }: Role, member: number, task: SeenTask): Float64Array {
  let ofMembers = chances.get(task);
  if (ofMembers === undefined) chances.set(task, (ofMembers = []));
  return (ofMembers[member] ??= particles.chances(member, task));
}

/** Log of the likelihood of all draws with the same effects together. */
function marginals(logLikelihoods: Float64Array): Float64Array {
  const found = new Float64Array(NUM_EFFECTS);
  for (let e = 0; e < NUM_EFFECTS; e++) {
    const [from, to] = [e * NUM_SKILLS, (e + 1) * NUM_SKILLS];
    let [most, sum] = [-Infinity, 0];
    for (let k = from; k < to; k++) most = Math.max(most, logLikelihoods[k]!);
    for (let k = from; k < to; k++) sum += Math.exp(logLikelihoods[k]! - most);
    found[e] = most + Math.log(sum);
  }
  return found;
}

function normalized(logs: Float64Array): Float64Array {
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const values = logs.map((value) => Math.exp(value - most));
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/** @param logFactor by effect, on the likelihood of its draws */
function weighted(role: Role, unit: number, logFactor: (effect: number) => number): Weighted {
  const draws: number[] = [];
  const weights: number[] = [];
  for (let e = 0; e < NUM_EFFECTS; e++) {
    const factor = logFactor(e);
    for (let k = e * NUM_SKILLS; k < (e + 1) * NUM_SKILLS; k++) {
      const weight = Math.exp(role.logLikelihoods[unit]![k]! + factor);
      if (weight < NEGLIGIBLE) continue;
      draws.push(k);
      weights.push(weight);
    }
  }
  return { role, draws: Int32Array.from(draws), weights: Float64Array.from(weights) };
}
