import type { CoverProgram } from "../bounds/cover-program.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { SlotContents } from "./slot-contents.js";

/** How far a sum of amounts must be from whole numbers to be branched on. */
const FRACTION = 0.02;
/** Kinds of tasks are of one class where no group has times for them that differ by more, relative. */
const CLASS_WIDTH = 0.25;
/** Candidates whose two sides are solved at one node, at most. Measured, as the next two. */
const MAX_PROBES = 6;
/** Times that both sides of a candidate were solved from which on their mean is believed. */
const RELIABLE = 1;
/** Candidates in a row that are no better, after which no more are looked at. */
const MAX_VAIN = 4;
/** Least lack of a side that counts in a score: a side that lacks nothing must not hide what the other does. */
const LEAST_LACK = 1e-4;

/** Sides of a branch: at least the next whole number, at most the one before. */
const SIDES = [1, -1] as const;

/** A sum of amounts that is not whole, and the two programs that leave its fraction out, solved over the contents so far. */
export interface Branch {
  readonly sides: readonly [CoverProgram, CoverProgram];
}

interface Candidate {
  readonly group: number;
  readonly members: Uint8Array;
  readonly sum: number;
  /** One for each group and set of kinds. */
  readonly id: number;
}

/** Means of what sides came to lack for each unit that the branch moved them. */
class Experience {
  readonly #sum = [0, 0];
  readonly #count = [0, 0];

  get isReliable(): boolean {
    return Math.min(this.#count[0]!, this.#count[1]!) >= RELIABLE;
  }

  note(side: number, lackOfUnit: number): void {
    this.#sum[side]! += lackOfUnit;
    this.#count[side]! += 1;
  }

  /** Null where there was none. */
  mean(side: number): number | null {
    return this.#count[side]! === 0 ? null : this.#sum[side]! / this.#count[side]!;
  }
}

/**
 * Where the tree of contents branches: on how many tasks a group of slots has, then on how many of a class of similar tasks, then on how many
 * of one kind; the first of these that has a fraction. Among its candidates, where both sides lack most: what a side lacks once it is solved
 * over the contents so far is measured for candidates that are little known, and expected from earlier nodes for the others (reliability
 * branching: Achterberg, Koch, Martin, Operations Research Letters 33, 2005). Against the largest fraction, levels close with a third less work
 * in the mean.
 */
export class ContentsBranching {
  /** Sets of kinds by what they are; the last are single kinds. */
  readonly #sets: readonly (readonly Uint8Array[])[];
  readonly #ofCandidate = new Map<number, Experience>();
  readonly #ofAll = new Experience();

  constructor(
    private readonly contents: SlotContents,
    private readonly meter: WorkMeter,
  ) {
    const numKinds = contents.kinds.length;
    this.#sets = [
      [new Uint8Array(numKinds).fill(1)],
      classesOf(contents),
      Array.from({ length: numKinds }, (_, kind) =>
        Uint8Array.from({ length: numKinds }, (_one, k) => (k === kind ? 1 : 0)),
      ),
    ];
  }

  /** The set of one kind alone. */
  single(kind: number): Uint8Array {
    return this.#sets.at(-1)![kind]!;
  }

  /**
   * Null where all sums are whole; yields after each candidate that was solved.
   *
   * @param program solved
   * @param amounts tasks of each kind in it, by group and kind
   */
  *choose(program: CoverProgram, amounts: readonly Float64Array[]): Generator<void, Branch | null> {
    const candidates = this.#candidates(amounts);
    if (candidates.length === 0) return null;
    if (candidates.length === 1) return this.#split(program, candidates[0]!);
    const expected = candidates.map((candidate) => this.#expect(candidate));
    const order = Array.from(candidates.keys()).sort((a, b) => expected[b]! - expected[a]! || a - b);
    let [best, most, branch]: [Candidate | null, number, Branch | null] = [null, -1, null];
    for (let k = 0, numProbes = 0, numVain = 0; k < order.length && numVain < MAX_VAIN; k++) {
      const candidate = candidates[order[k]!]!;
      let [score, split]: [number, Branch | null] = [expected[order[k]!]!, null];
      if (numProbes < MAX_PROBES && this.#ofCandidate.get(candidate.id)?.isReliable !== true) {
        numProbes += 1;
        split = this.#split(program, candidate);
        score = scoreOf(split.sides[0].lack, split.sides[1].lack);
        yield;
      }
      if (score > most) [best, most, branch, numVain] = [candidate, score, split, 0];
      else numVain += 1;
    }
    return branch ?? this.#split(program, best!);
  }

  #candidates(amounts: readonly Float64Array[]): Candidate[] {
    this.meter.spend(amounts.length * this.contents.kinds.length * 4);
    let firstId = 0;
    for (const sets of this.#sets) {
      const found: (Candidate & { fraction: number })[] = [];
      amounts.forEach((ofKind, group) => {
        for (const [index, members] of sets.entries()) {
          let sum = 0;
          for (let kind = 0; kind < ofKind.length; kind++) if (members[kind] === 1) sum += ofKind[kind]!;
          const fraction = Math.min(sum - Math.floor(sum), Math.ceil(sum) - sum);
          if (fraction > FRACTION)
            found.push({ group, members, sum, fraction, id: firstId + group * sets.length + index });
        }
      });
      // Of candidates that promise as much, the largest fraction is first.
      if (found.length > 0) return found.sort((a, b) => b.fraction - a.fraction);
      firstId += amounts.length * sets.length;
    }
    return [];
  }

  /** What both sides are expected to lack, by what they did at other nodes, or else all candidates did. */
  #expect(candidate: Candidate): number {
    const own = this.#ofCandidate.get(candidate.id);
    const [up, down] = SIDES.map((_, side) => {
      const lackOfUnit = own?.mean(side) ?? this.#ofAll.mean(side) ?? 1;
      return lackOfUnit * distance(candidate, side);
    });
    return scoreOf(up!, down!);
  }

  #split(program: CoverProgram, candidate: Candidate): Branch {
    const { group, members, sum, id } = candidate;
    const own = this.#ofCandidate.get(id) ?? new Experience();
    this.#ofCandidate.set(id, own);
    const [up, down] = SIDES.map((sign, side) => {
      const rhs = sign === 1 ? Math.ceil(sum) : -Math.floor(sum);
      const child = program.withSide({ group, members, sign, rhs });
      child.solve();
      const lackOfUnit = child.lack / distance(candidate, side);
      own.note(side, lackOfUnit);
      this.#ofAll.note(side, lackOfUnit);
      return child;
    });
    return { sides: [up!, down!] };
  }
}

/** How far a side moves the sum. */
function distance({ sum }: Candidate, side: number): number {
  return side === 0 ? Math.ceil(sum) - sum : sum - Math.floor(sum);
}

function scoreOf(up: number, down: number): number {
  return Math.max(LEAST_LACK, up) * Math.max(LEAST_LACK, down);
}

/** Kinds with times alike on every group, as sets; sets of one are left out. */
function classesOf({ groups, kinds }: SlotContents): Uint8Array[] {
  const leaders: number[] = [];
  const sets: Uint8Array[] = [];
  for (let kind = 0; kind < kinds.length; kind++) {
    let at = leaders.findIndex((leader) =>
      groups.every(({ use }) => {
        const [a, b] = [use[kind]!, use[leader]!];
        return a === b || Math.abs(a - b) <= CLASS_WIDTH * b;
      }),
    );
    if (at < 0) {
      at = leaders.push(kind) - 1;
      sets.push(new Uint8Array(kinds.length));
    }
    sets[at]![kind] = 1;
  }
  return sets.filter((set) => set.reduce((sum, one) => sum + one, 0) > 1);
}
