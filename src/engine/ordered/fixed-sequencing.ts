import { ExactSearch } from "../sequencing/exact-search.js";
import { pathTimes } from "../sequencing/path-times.js";
import type { RootBound } from "../sequencing/root-bound.js";
import { SearchRecord } from "../sequencing/search-record.js";
import type { SequencedPlan } from "../sequencing/sequenced-plan.js";
import { buildSequencingProblem, type SequencingProblem } from "../sequencing/sequencing-problem.js";

/** Moves for the best schedule of an assignment, and for each check whether some tasks of it are in conflict. */
const MOVES = { plan: 3e5, check: 3e4 } as const;

export interface FixedOutcome {
  /** `conflict`: no schedule ends in time. */
  readonly verdict: "scheduled" | "conflict" | "open";
  readonly plan: SequencedPlan | null;
}

/** Whether tasks on given agents can be sequenced to end by a time, and which few of them cannot. For problems without absences, pools and limits. */
export class FixedSequencing {
  /** Windows computed so far. */
  numMoves = 0;
  readonly #head: Float64Array;
  readonly #tail: Float64Array;
  /** Tasks that come before each task, at any distance. */
  readonly #ahead: readonly ReadonlySet<number>[];

  constructor(private readonly problem: SequencingProblem) {
    ({ head: this.#head, tail: this.#tail } = pathTimes(problem));
    this.#ahead = tasksAhead(problem);
  }

  /** @param pairOf pair of each task */
  sequence(pairOf: Int32Array, latestEndMs: number): FixedOutcome {
    const { problem } = this;
    const part = this.#part(Array.from(pairOf.keys()), pairOf, latestEndMs);
    const { verdict, record } = this.#search(part, latestEndMs, MOVES.plan);
    if (record.plan === null) return { verdict, plan: null };
    const slotOf = record.plan.slotOf.map((slot) => {
      const agent = part.slotAgent[slot]!;
      return problem.slotStart[agent]! + slot - part.slotStart[agent]!;
    });
    return { verdict, plan: { ...record.plan, pairOf: pairOf.slice(), slotOf } };
  }

  /** Of tasks that no schedule ends by the time, some of which that is true already: without any agent's or any task of them it is not known. */
  conflict(pairOf: Int32Array, latestEndMs: number): readonly number[] {
    const { pairAgent, numAgents } = this.problem;
    const agentOf = (task: number): number => pairAgent[pairOf[task]!]!;
    let kept = Array.from(pairOf.keys());
    const without = (isOut: (task: number) => boolean): void => {
      const fewer = kept.filter((task) => !isOut(task));
      if (fewer.length < kept.length && this.#isConflict(fewer, pairOf, latestEndMs)) kept = fewer;
    };
    for (let agent = 0; agent < numAgents; agent++) without((task) => agentOf(task) === agent);
    for (const one of kept) without((task) => task === one);
    return kept;
  }

  #isConflict(tasks: readonly number[], pairOf: Int32Array, latestEndMs: number): boolean {
    if (tasks.length === 0) return false;
    return this.#search(this.#part(tasks, pairOf, latestEndMs), latestEndMs, MOVES.check).verdict === "conflict";
  }

  #search(part: SequencingProblem, latestEndMs: number, maxMoves: number) {
    const record = new SearchRecord(part);
    const exact = new ExactSearch(record, withoutBound(part));
    const steps = exact.run(latestEndMs);
    let isOver = false;
    while (!isOver && exact.numMoves < maxMoves) isOver = steps.next().done === true;
    this.numMoves += exact.numMoves;
    const verdict = record.plan !== null ? "scheduled" : record.boundMs === Infinity ? "conflict" : "open";
    return { verdict, record } as const;
  }

  /** Some tasks on their agents, within what the others leave them at least. */
  #part(tasks: readonly number[], pairOf: Int32Array, latestEndMs: number): SequencingProblem {
    const { numAgents, slotStart, pairAgent, busyMs, availableFromMs, releaseMs, deadlineMs } = this.problem;
    const dependencies: [number, number][] = [];
    tasks.forEach((after, k) => {
      tasks.forEach((before, b) => {
        if (this.#ahead[after]!.has(before)) dependencies.push([b, k]);
      });
    });
    return buildSequencingProblem({
      ...{ numTasks: tasks.length, numAgents, dependencies, availableFromMs },
      agentSlots: Int32Array.from({ length: numAgents }, (_, agent) => slotStart[agent + 1]! - slotStart[agent]!),
      pairStart: Array.from({ length: tasks.length + 1 }, (_, k) => k),
      pairAgent: tasks.map((task) => pairAgent[pairOf[task]!]!),
      busyMs: tasks.map((task) => busyMs[pairOf[task]!]!),
      releaseMs: tasks.map((task) => Math.max(releaseMs[task]!, this.#head[task]!)),
      deadlineMs: tasks.map((task) => Math.min(deadlineMs[task]!, latestEndMs - this.#tail[task]!)),
    });
  }
}

function tasksAhead({ numTasks, topologicalOrder, predecessorStart, predecessors }: SequencingProblem): Set<number>[] {
  const ahead = Array.from({ length: numTasks }, () => new Set<number>());
  for (const task of topologicalOrder) {
    for (const before of predecessors.subarray(predecessorStart[task], predecessorStart[task + 1])) {
      ahead[task]!.add(before);
      for (const one of ahead[before]!) ahead[task]!.add(one);
    }
  }
  return ahead;
}

/** Nothing is known of the problem but itself. */
function withoutBound({ numAgents }: SequencingProblem): RootBound {
  return { boundMs: 0, certificate: { kind: "none" }, windows: [], prices: new Float64Array(numAgents).fill(1) };
}
