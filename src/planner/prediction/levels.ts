import type { Kind } from "../../domain/index.js";
import type { LevelSpread } from "./spread-fit.js";

/** One way of grouping kinds, from the whole fleet down to agent × type × risk. */
export interface Level extends LevelSpread {
  /** Parts of the key; null where the level does not apply to the kind. */
  readonly keyOf: (kind: Kind, isBefore: boolean) => readonly (string | null)[] | null;
}

/** Ids and types come without NUL characters, so joined keys cannot collide. */
const SEPARATOR = "\u0000";
const UNKNOWN = "\u0001";

/** Numbers the groups of all levels in the order of their first mention. */
export class LevelIndex {
  readonly #groups: Map<string, number>[];
  readonly #levelOf: number[] = [];
  /** Groups that were first mentioned with an agent. */
  readonly #mentions = new Map<string, number[]>();

  constructor(readonly levels: readonly Level[]) {
    this.#groups = levels.map(() => new Map());
  }

  /** Level of each group. */
  get levelOf(): Int32Array {
    return Int32Array.from(this.#levelOf);
  }

  /** Groups of the kind at each level it belongs to; new ones are added. */
  register(kind: Kind, isBefore: boolean): number[] {
    return this.levels.flatMap((_, level) => this.registerAt(level, kind, isBefore) ?? []);
  }

  /** Group of the kind at one level, added where it is new; undefined where the level does not apply. */
  registerAt(level: number, kind: Kind, isBefore: boolean): number | undefined {
    const key = joinKey(this.levels[level]!.keyOf(kind, isBefore));
    if (key === null) return undefined;
    let group = this.#groups[level]!.get(key);
    if (group === undefined) {
      group = this.#levelOf.push(level) - 1;
      this.#groups[level]!.set(key, group);
      if (kind.agentId !== null) this.#mention(kind.agentId, group);
    }
    return group;
  }

  #mention(agentId: string, group: number): void {
    const known = this.#mentions.get(agentId);
    if (known === undefined) this.#mentions.set(agentId, [group]);
    else known.push(group);
  }

  /** Group of the kind at one level, or undefined where history has none. */
  find(level: number, kind: Kind, isBefore = false): number | undefined {
    const key = joinKey(this.levels[level]!.keyOf(kind, isBefore));
    return key === null ? undefined : this.#groups[level]!.get(key);
  }

  /** Names the group of the kind as it is now at one level, seen or not; null where the level does not apply. */
  keyAt(level: number, kind: Kind): string | null {
    return joinKey(this.levels[level]!.keyOf(kind, false));
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

  /** Groups that act on the kind as it is now, and the levels that do but of whose group nothing was seen. */
  present(levels: readonly number[], kind: Kind): { known: number[]; unseen: number[] } {
    const known: number[] = [];
    const unseen: number[] = [];
    for (const level of levels) {
      const key = joinKey(this.levels[level]!.keyOf(kind, false));
      if (key === null) continue;
      const group = this.#groups[level]!.get(key);
      if (group === undefined) unseen.push(level);
      else known.push(group);
    }
    return { known, unseen };
  }
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

/** Keys have at most two parts. */
function joinKey(parts: readonly (string | null)[] | null): string | null {
  if (parts === null) return null;
  const [first, second] = parts;
  if (first === undefined) return "";
  return second === undefined ? (first ?? UNKNOWN) : (first ?? UNKNOWN) + SEPARATOR + (second ?? UNKNOWN);
}
