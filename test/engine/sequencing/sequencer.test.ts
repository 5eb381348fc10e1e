import { describe, expect, it } from "vitest";
import type { BoundCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { bruteForceMakespan } from "./brute-force.js";
import { randomProblem, type RandomShape } from "./random-problem.js";

/** Shapes in turn: densities, slots, real times, releases, deadlines. */
function tinyShape(seed: number): RandomShape {
  return {
    numTasks: 2 + (seed % 4),
    numAgents: 2 + (seed % 2),
    density: [0, 0.1, 0.3, 0.6][seed % 4]!,
    maxSlots: 1 + ((seed >> 2) % 2),
    isReal: seed % 3 === 0,
    hasReleases: seed % 5 === 0,
    deadlineShare: seed % 7 < 2 ? 0.6 : 0,
  };
}

function solve(problem: SequencingProblem, maxMoves: number, slice = maxMoves): Sequencer {
  const sequencer = new Sequencer(problem, { seed: 1 });
  while (!sequencer.isOver && sequencer.numMoves < maxMoves) sequencer.advance(slice);
  return sequencer;
}

function isClose(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= 1e-9 * Math.max(one, other);
}

describe("Sequencer", () => {
  it.each([1, 41, 81, 121])(
    "equals exhaustive search on tiny problems from %i on, with bounds that certificates prove",
    { timeout: 120_000 },
    (first) => {
      let [numInfeasible, numCertified] = [0, 0];
      for (let seed = first; seed < first + 40; seed++) {
        const problem = randomProblem(seed, tinyShape(seed));
        const truth = bruteForceMakespan(problem);
        const bounds: [number, BoundCertificate][] = [];
        const onBound = (bound: number, certificate: BoundCertificate): void => void bounds.push([bound, certificate]);
        const sequencer = new Sequencer(problem, { seed, listener: { onBound } });
        sequencer.advance(3e6);
        const { plan, makespanMs, boundMs } = sequencer.record;
        if (truth === Infinity) numInfeasible++;
        const isRight = truth === Infinity ? plan === null && boundMs === Infinity : isClose(makespanMs, truth);
        expect({ seed, isRight, isOver: sequencer.isOver }).toEqual({ seed, isRight: true, isOver: true });
        if (plan !== null) expect(checkSequencedPlan(problem, plan)).toEqual([]);
        const falseBounds = bounds.filter(([bound]) => bound > truth * (1 + 1e-9));
        const checkable = bounds.filter(([, certificate]) => certificate.kind !== "search");
        const unproven = checkable.filter(
          ([bound, certificate]) => !isClose(certifiedBound(problem, certificate), bound),
        );
        expect({ seed, falseBounds, unproven }).toEqual({ seed, falseBounds: [], unproven: [] });
        numCertified += checkable.length;
      }
      expect(numInfeasible).toBeGreaterThan(0);
      expect(numCertified).toBeGreaterThan(40);
    },
  );

  it("proves waves of 12 tasks and 4 agents", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const shape = { numTasks: 12, numAgents: 4, density: 0.2, maxSlots: 2, isReal: true, maxBusy: 100 };
      const problem = randomProblem(seed, shape);
      const { isOver, record } = solve(problem, 5e6);
      expect(isOver).toBe(true);
      expect(record.boundMs).toBeGreaterThanOrEqual(record.makespanMs * (1 - 1e-9));
    }
  });

  it("gives the same plan, bound and work for the same seed, whatever the slices", () => {
    const problem = randomProblem(4, { numTasks: 50, numAgents: 5, density: 0.06 });
    const [one, other] = [solve(problem, 400_000), solve(problem, 400_000, 1000)];
    expect(one.record.plan).toEqual(other.record.plan);
    expect(one.record.certificate).toEqual(other.record.certificate);
    expect(one.numMoves).toBe(other.numMoves);
  });

  it("meets deadlines that a known schedule meets", () => {
    for (let seed = 1; seed <= 4; seed++) {
      const shape = { numTasks: 40, numAgents: 6, density: 0.05, maxBusy: 100 };
      const free = randomProblem(seed, shape);
      const known = solve(free, 200_000).record.plan!;
      const deadlineMs = known.startMs.map((start, task) => {
        const end = start + free.busyMs[known.pairOf[task]!]!;
        return task % 5 < 3 ? Math.ceil(end * 1.02) : Infinity;
      });
      const planted = { ...free, deadlineMs, hasDeadlines: true };
      const sequencer = new Sequencer(planted, { seed });
      while (sequencer.record.plan === null && sequencer.numMoves < 2e7) sequencer.advance(100_000);
      expect(sequencer.record.plan).not.toBeNull();
      expect(checkSequencedPlan(planted, sequencer.record.plan!)).toEqual([]);
    }
  });

  it("tells of each better plan and higher bound", () => {
    const [ends, bounds]: [number[], number[]] = [[], []];
    const problem = randomProblem(9, { numTasks: 40, numAgents: 4, density: 0.1 });
    const listener = {
      onPlan: ({ makespanMs }: { makespanMs: number }): void => void ends.push(makespanMs),
      onBound: (bound: number): void => void bounds.push(bound),
    };
    const sequencer = new Sequencer(problem, { seed: 1, listener });
    sequencer.advance(300_000);
    expect(ends).toEqual(ends.toSorted((a, b) => b - a));
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    expect(ends.at(-1)).toBe(sequencer.record.makespanMs);
    expect(bounds.at(-1)).toBe(sequencer.record.boundMs);
  });

  it("scales: times twice as long end twice as late", () => {
    const problem = randomProblem(6, { numTasks: 10, numAgents: 3, density: 0.2 });
    const twice = { ...problem, busyMs: problem.busyMs.map((busy) => 2 * busy) };
    const doubled = { ...twice, leastBusyMs: problem.leastBusyMs.map((busy) => 2 * busy) };
    expect(solve(doubled, 5e6).record.makespanMs).toBe(2 * solve(problem, 5e6).record.makespanMs);
  });

  it("plans a wave without tasks", () => {
    const { isOver, record } = solve(randomProblem(1, { numTasks: 0, numAgents: 2 }), 1);
    expect([isOver, record.makespanMs]).toEqual([true, 0]);
  });
});
