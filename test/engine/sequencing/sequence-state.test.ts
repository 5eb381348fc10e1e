import { expect, it } from "vitest";
import type { Random } from "../../../src/domain/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { dispatchOrders } from "../../../src/engine/sequencing/dispatch.js";
import { SequenceState } from "../../../src/engine/sequencing/sequence-state.js";
import { decodeOrder } from "../../../src/engine/sequencing/sequenced-plan.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { randomProblem } from "./random-problem.js";

const SHAPE = { numTasks: 30, numAgents: 4, density: 0.08, maxSlots: 2, hasReleases: true };

function dispatched(problem: SequencingProblem, seed: number): SequenceState {
  const state = new SequenceState(problem);
  state.load(
    dispatchOrders(
      problem,
      new Float64Array(problem.numTasks),
      new Float64Array(problem.numAgents).fill(1),
      drawingRandom(seed),
    ).next().value,
  );
  return state;
}

/** Everything that a move must keep up to date. */
function figures(state: SequenceState): object {
  const { order, before, after, head, tail, finish, reach, dependencyHead, dependencyTail, length } = state;
  const sequences = state.sequences.map((sequence, slot) => [...sequence.subarray(0, state.lengths[slot])]);
  const times = { head, tail, finish, reach, dependencyHead, dependencyTail, length };
  return structuredClone({ order, before, after, ...times, sequences });
}

it("keeps heads, tails and a topological order through random moves", () => {
  let [numMoved, numRefused] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const problem = randomProblem(seed, { ...SHAPE, isReal: seed % 2 === 0 });
    const state = dispatched(problem, seed);
    const random = drawingRandom(seed);
    for (let k = 0; k < 100; k++) {
      const task = random.below(problem.numTasks);
      const [from, to] = [problem.pairStart[task]!, problem.pairStart[task + 1]!];
      const pair = from + random.below(to - from);
      const agent = problem.pairAgent[pair]!;
      const slot = problem.slotStart[agent]! + random.below(problem.slotStart[agent + 1]! - problem.slotStart[agent]!);
      const length = state.lengths[slot]! - (state.slotOf[task] === slot ? 1 : 0);
      const before = figures(state);
      if (!state.move(task, pair, slot, random.below(length + 1))) {
        numRefused++;
        expect(figures(state)).toEqual(before);
        continue;
      }
      numMoved++;
      const fresh = new SequenceState(problem);
      fresh.load(state.save());
      expect(figures(state)).toEqual(figures(fresh));
      expect(decodeOrder(problem, state.save()).startMs).toEqual(state.head);
    }
  }
  expect(numMoved).toBeGreaterThan(300);
  expect(numRefused).toBeGreaterThan(30);
});

/** A random other place for a task. */
function randomPlace(state: SequenceState, task: number, random: Random): [pair: number, slot: number, place: number] {
  const { pairStart, pairAgent, slotStart } = state.problem;
  const pair = pairStart[task]! + random.below(pairStart[task + 1]! - pairStart[task]!);
  const agent = pairAgent[pair]!;
  const slot = slotStart[agent]! + random.below(slotStart[agent + 1]! - slotStart[agent]!);
  const length = state.lengths[slot]! - (state.slotOf[task] === slot ? 1 : 0);
  return [pair, slot, random.below(length + 1)];
}

it("settles several relocations at once, and none where they are taken back", () => {
  let [numSettled, numTakenBack] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const problem = randomProblem(seed, SHAPE);
    const state = dispatched(problem, seed);
    const random = drawingRandom(seed);
    for (let k = 0; k < 50; k++) {
      const before = figures(state);
      const done: [task: number, pair: number, slot: number, place: number][] = [];
      for (let count = 0; count < 3; count++) {
        const task = random.below(problem.numTasks);
        const old: (typeof done)[number] = [task, state.pairOf[task]!, state.slotOf[task]!, state.position[task]!];
        if (state.relocate(task, ...randomPlace(state, task, random))) done.push(old);
      }
      if (random.below(2) === 0) {
        state.settle();
        numSettled += done.length;
        const fresh = new SequenceState(problem);
        fresh.load(state.save());
        expect(figures(state)).toEqual(figures(fresh));
        continue;
      }
      expect(state.settleHeads(Infinity)).toBe(true);
      for (const old of done.reverse()) expect(state.relocate(...old)).toBe(true);
      state.settleTakenBack();
      numTakenBack += done.length;
      // The topological order may have changed to another one.
      expect({ ...before, order: null }).toEqual({ ...figures(state), order: null });
    }
  }
  expect(Math.min(numSettled, numTakenBack)).toBeGreaterThan(200);
});

it("gives heads up only where a path is too long, and puts them back", () => {
  let [numGivenUp, numComputed] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const problem = randomProblem(seed, SHAPE);
    const state = dispatched(problem, seed);
    const random = drawingRandom(seed);
    for (let k = 0; k < 100; k++) {
      const before = figures(state);
      const task = random.below(problem.numTasks);
      const old: [number, number, number] = [state.pairOf[task]!, state.slotOf[task]!, state.position[task]!];
      if (!state.relocate(task, ...randomPlace(state, task, random))) continue;
      const fresh = new SequenceState(problem);
      fresh.load(state.save());
      const longest = (0.85 + 0.2 * random.unit()) * fresh.length;
      const numUpdates = state.numUpdates;
      // A path ahead of the change may be as long as before.
      if (state.settleHeads(longest)) expect(state.length).toBe(fresh.length);
      else {
        expect(fresh.length).toBeGreaterThan(longest);
        numGivenUp++;
        numComputed += state.numUpdates - numUpdates;
      }
      state.relocate(task, ...old);
      state.settleTakenBack();
      expect({ ...figures(state), order: null }).toEqual({ ...before, order: null });
    }
  }
  expect(numGivenUp).toBeGreaterThan(100);
  // Of 30 heads few are computed until a path shows.
  expect(numComputed / numGivenUp).toBeLessThan(10);
});

it("adds deliveries to the length", () => {
  const problem = randomProblem(1, SHAPE);
  const state = dispatched(problem, 1);
  const last = state.finish.indexOf(state.length);
  const before = state.length;
  state.delivery[last] = 7;
  state.refresh();
  expect(state.length).toBe(before + 7);
  expect(state.head[last]! + state.reach[last]!).toBe(before + 7);
});
