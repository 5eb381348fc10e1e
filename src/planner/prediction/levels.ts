import type { Kind } from "../../domain/index.js";
import type { LevelSpread } from "./spread-fit.js";

/** One way of grouping kinds, from the whole fleet down to agent × type × risk. */
export interface Grouping {
  /** What tells its groups apart, at most two; the level acts on kinds that have all of it. None: one group. */
  readonly by: readonly KindPart[];
  /** Whether it acts on what was seen before a change alone. */
  readonly isOfBefore?: boolean;
}
type KindPart = keyof Kind;
export type Level = Grouping & LevelSpread;

/** In place of a group: the level does not act on the kind; it does, but nothing was seen of the group. */
export const NO_GROUP = -1;
export const UNSEEN_GROUP = -2;

/** Numbers the groups of all levels in the order of their first mention. */
export class LevelIndex {
  /** Group by the key of its parts' numbers. */
  readonly #groups: Map<number, number>[];
  readonly #levelOf: number[] = [];
  /** Groups that were first mentioned with an agent. */
  readonly #mentions = new Map<string, number[]>();
  readonly #numbers: Readonly<Record<KindPart, Map<string, number>>> = {
    agentId: new Map(),
    taskType: new Map(),
    riskLevel: new Map(),
  };

  constructor(readonly levels: readonly Grouping[]) {
    this.#groups = levels.map(() => new Map());
  }

  /** Level of each group. */
  get levelOf(): Int32Array {
    return Int32Array.from(this.#levelOf);
  }

  /** Groups of the kind at each level it belongs to; new ones are added. */
  register(kind: Kind, isBefore: boolean, levels: readonly number[]): number[] {
    const groups: number[] = [];
    for (const level of levels) {
      const group = this.registerAt(level, kind, isBefore);
      if (group !== NO_GROUP) groups.push(group);
    }
    return groups;
  }

  /** Group of the kind at one level, added where it is new. O(1) */
  registerAt(level: number, kind: Kind, isBefore: boolean): number {
    const { by, isOfBefore } = this.levels[level]!;
    if (isOfBefore === true && !isBefore) return NO_GROUP;
    const [first, second] = by;
    let key = 0;
    if (first !== undefined) {
      if (kind[first] === null || (second !== undefined && kind[second] === null)) return NO_GROUP;
      key = pairKey(
        this.#register(first, kind[first]),
        second === undefined ? 0 : this.#register(second, kind[second]!),
      );
    }
    let group = this.#groups[level]!.get(key);
    if (group === undefined) {
      group = this.#levelOf.push(level) - 1;
      this.#groups[level]!.set(key, group);
      if (kind.agentId !== null) this.#mention(kind.agentId, group);
    }
    return group;
  }

  #register(part: KindPart, name: string): number {
    const numbers = this.#numbers[part];
    let number = numbers.get(name);
    if (number === undefined) numbers.set(name, (number = numbers.size));
    return number;
  }

  #mention(agentId: string, group: number): void {
    const known = this.#mentions.get(agentId);
    if (known === undefined) this.#mentions.set(agentId, [group]);
    else known.push(group);
  }

  /** Group of the kind as it is now at one level. */
  find(level: number, kind: Kind): number {
    const { by, isOfBefore } = this.levels[level]!;
    if (isOfBefore === true) return NO_GROUP;
    const [first, second] = by;
    let key = 0;
    if (first !== undefined) {
      if (kind[first] === null || (second !== undefined && kind[second] === null)) return NO_GROUP;
      const one = this.#numbers[first].get(kind[first]);
      const other = second === undefined ? 0 : this.#numbers[second].get(kind[second]!);
      if (one === undefined || other === undefined) return UNSEEN_GROUP;
      key = pairKey(one, other);
    }
    return this.#groups[level]!.get(key) ?? UNSEEN_GROUP;
  }

  /** Numbers of these agents; `UNSEEN_GROUP` of those that no group has. */
  agentNumbers(agentIds: readonly string[]): Int32Array {
    return Int32Array.from(agentIds, (agentId) => this.#numbers.agentId.get(agentId) ?? UNSEEN_GROUP);
  }

  /** `find` for each of these agents in the place of the kind's own, into an array. */
  findEach(level: number, kind: Kind, agents: Int32Array, into: Int32Array): void {
    const { by, isOfBefore } = this.levels[level]!;
    const [first, second] = by;
    if (isOfBefore === true || first !== "agentId") {
      into.fill(this.find(level, kind));
      return;
    }
    const name = second === undefined ? null : kind[second];
    const other = name === null ? 0 : this.#numbers[second!].get(name);
    if (second !== undefined && name === null) into.fill(NO_GROUP);
    else if (other === undefined) into.fill(UNSEEN_GROUP);
    else {
      const groups = this.#groups[level]!;
      for (let k = 0; k < agents.length; k++) {
        const agent = agents[k]!;
        into[k] = agent === UNSEEN_GROUP ? UNSEEN_GROUP : (groups.get(pairKey(agent, other)) ?? UNSEEN_GROUP);
      }
    }
  }

  /** Names the group of the kind as it is now at one level, seen or not. */
  nameAt(level: number, kind: Kind): string {
    return JSON.stringify([level, ...this.levels[level]!.by.map((part) => kind[part])]);
  }

  /** Every group of a level. */
  groupsAt(level: number): number[] {
    return [...this.#groups[level]!.values()];
  }

  /** The groups of each agent at levels whose keys begin with the agent, in the order of these levels. */
  agentGroups(levels: readonly number[]): number[][][] {
    return [...this.#mentions.values()].map((groups) =>
      levels.map((level) => groups.filter((group) => this.#levelOf[group] === level)),
    );
  }
}

/** One number for two, small where both are (Cantor's pairing). */
function pairKey(one: number, other: number): number {
  return ((one + other) * (one + other + 1)) / 2 + other;
}

/** Pairs of agents and types up to which the covariance of each is worth its place. */
const MAX_CROSSED = 20_000;

/** Levels by what their keys name. */
export interface LevelRoles {
  /** Neither agents nor types. */
  readonly shared: readonly number[];
  readonly types: readonly number[];
  /** An agent, and not a type. */
  readonly agents: readonly number[];
  /** An agent and a type. */
  readonly pairs: readonly number[];
}

/**
 * Effects whose covariances predictions ask for though no trial had them together: those of an agent with every type, and
 * those of a pair with every risk.
 */
export function crossedEffects(index: LevelIndex, { shared, types, agents, pairs }: LevelRoles): number[][] {
  const at = (levels: readonly number[]): number[] => levels.flatMap((level) => index.groupsAt(level));
  const [ofShared, ofTypes] = [at(shared), at(types)];
  const ofAgents = index.agentGroups([...agents, ...pairs]);
  if (ofTypes.length * ofAgents.length > MAX_CROSSED) return [];
  return ofAgents.flatMap((groups) => {
    const own = groups.slice(0, agents.length).flat();
    const ofPairs = groups.slice(agents.length).flat();
    return [[...ofShared, ...ofTypes, ...own], ...ofPairs.map((pair) => [...ofShared, ...own, pair])];
  });
}
