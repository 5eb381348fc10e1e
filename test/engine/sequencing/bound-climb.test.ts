import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { BoundClimb } from "../../../src/engine/sequencing/bound-climb.js";
import { ExactSearch } from "../../../src/engine/sequencing/exact-search.js";
import { rootBound } from "../../../src/engine/sequencing/root-bound.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import type { SequencedPlan } from "../../../src/engine/sequencing/sequenced-plan.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { randomProblem } from "./random-problem.js";

interface Case {
  readonly problem: SequencingProblem;
  /** The least makespan, proven. */
  readonly truth: number;
  /** A plan a tenth longer. */
  readonly longer: SequencedPlan;
}

/** Releases and one slot, or absences and pools with several; whole times in every third. */
function provenCase(seed: number): Case | null {
  const isOdd = seed % 2 === 1;
  const shape = { numTasks: 9, numAgents: 3, density: 0.15, maxSlots: isOdd ? 1 : 2, maxBusy: 40 };
  const features = { isReal: seed % 3 > 0, hasReleases: isOdd, hasProfiles: !isOdd };
  const problem = randomProblem(seed, { ...shape, ...features });
  const sequencer = new Sequencer(problem, { seed: 1 });
  sequencer.advance(2e6);
  const { plan, makespanMs: truth } = sequencer.record;
  if (plan === null || !sequencer.isOver) return null;
  const makespanMs = problem.isWhole ? Math.ceil(1.1 * truth) + 1 : 1.1 * truth;
  return { problem, truth, longer: { ...plan, makespanMs } };
}

const CASES = Array.from({ length: 16 }, (_, k) => provenCase(k + 1)).filter((one) => one !== null);

function begin({ problem, longer }: Case): { readonly record: SearchRecord; readonly search: ExactSearch } {
  const record = new SearchRecord(problem);
  record.offerPlan(longer);
  const root = rootBound(problem);
  record.offerBound(root.boundMs, root.certificate);
  return { record, search: new ExactSearch(record, root) };
}

describe("BoundClimb", () => {
  it("raises the bound up to the least makespan and never above it", () => {
    let numRaised = 0;
    for (const one of CASES) {
      const { record, search } = begin(one);
      const before = record.boundMs;
      const steps = new BoundClimb(record, search).run();
      for (let step = 0; step < 3_000 && steps.next().done !== true; step++);
      expect(record.boundMs).toBeLessThanOrEqual(one.truth * (1 + 1e-9));
      expect(record.makespanMs).toBeGreaterThanOrEqual(one.truth * (1 - 1e-9));
      expect(record.boundMs).toBeGreaterThan(0.99 * one.truth - 1);
      if (record.boundMs > before) numRaised += 1;
    }
    expect(CASES.length).toBeGreaterThan(10);
    expect(numRaised).toBeGreaterThan(6);
  });

  it("refutes no end that a schedule reaches, but goes on below the plans that it finds, to the least makespan", () => {
    let numFound = 0;
    for (const one of CASES) {
      const { record, search } = begin(one);
      const steps = search.refute(record.latestOfInterest);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      if (step.value === null) continue;
      expect(record.makespanMs).toBeLessThan(one.truth * (1 + 1e-8));
      expect(step.value).toBeLessThan(one.truth);
      expect(step.value).toBeGreaterThanOrEqual(one.problem.isWhole ? one.truth - 1 : one.truth * (1 - 1e-8));
      numFound += 1;
    }
    expect(numFound).toBe(CASES.length);
  });

  it("refutes ends just below the least makespan", () => {
    for (const one of CASES) {
      const end = one.problem.isWhole ? one.truth - 1 : 0.999 * one.truth;
      const steps = begin(one).search.refute(end);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      expect(step.value).toBe(end);
    }
  });

  it("begins no search that it does not expect to end within the moves left, and says so", () => {
    const problem = chains(48, 5);
    const sequencer = new Sequencer(problem, { seed: 1 });
    sequencer.advance(1e5);
    const climbWithin = (
      maxMoves: number,
    ): { readonly climb: BoundClimb; readonly isOver: boolean; readonly boundMs: number } => {
      const { record, search } = begin({ problem, truth: NaN, longer: sequencer.record.plan! });
      const climb = new BoundClimb(record, search, () => Math.max(0, maxMoves - search.numMoves));
      const steps = climb.run();
      let isOver = false;
      while (!isOver && climb.numMoves < 2 * maxMoves) isOver = steps.next().done === true;
      expect(record.isDone).toBe(false);
      return { climb, isOver, boundMs: record.boundMs };
    };
    const [few, more] = [climbWithin(4e6), climbWithin(8e6)];
    for (const { climb, isOver } of [few, more]) {
      expect(isOver).toBe(true);
      expect(climb.isPaying).toBe(false);
    }
    expect(few.climb.numMoves).toBeLessThan(5e6);
    expect(more.climb.numMoves).toBeLessThan(1e7);
    expect(more.boundMs).toBeGreaterThan(few.boundMs);
  });
});

/** Chains of eight tasks with real times on agents of one slot. */
function chains(numTasks: number, numAgents: number): SequencingProblem {
  const numChains = numTasks / 8;
  const random = drawingRandom(3);
  const pairAgent = Array.from({ length: numTasks * numAgents }, (_, pair) => pair % numAgents);
  const speed = Array.from({ length: numAgents }, () => 0.7 + 0.6 * random.unit());
  const length = Array.from({ length: numTasks }, () => 500 + 4_500 * random.unit());
  return buildSequencingProblem({
    ...{ numTasks, numAgents, pairAgent, agentSlots: speed.map(() => 1), availableFromMs: speed.map(() => 0) },
    pairStart: Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    busyMs: pairAgent.map((agent, pair) => {
      return length[Math.floor(pair / numAgents)]! * speed[agent]! * (0.8 + 0.45 * random.unit());
    }),
    dependencies: length.flatMap((_, task): [number, number][] => (task < numChains ? [] : [[task - numChains, task]])),
    ...{ releaseMs: length.map(() => 0), deadlineMs: length.map(() => Infinity) },
  });
}
