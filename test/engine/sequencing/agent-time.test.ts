import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FleetTime, presentMs, skipAbsences, skipAbsencesBack } from "../../../src/engine/sequencing/agent-time.js";
import { buildSequencingProblem, type SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

/** When an agent is there, in whole milliseconds. */
interface Stay {
  readonly slots: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** [from, to] of each absence, in order and disjoint. */
  readonly absences: readonly (readonly [number, number])[];
}

const HORIZON = 60;
const anyStay: fc.Arbitrary<Stay> = fc.record({
  slots: fc.integer({ min: 1, max: 2 }),
  fromMs: fc.integer({ min: 0, max: 6 }),
  untilMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 40 })),
  absences: fc
    .uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 0, maxLength: 4 })
    .map((ends) => ends.sort((a, b) => a - b))
    .map((ends) => Array.from({ length: ends.length >> 1 }, (_, k) => [ends[2 * k]!, ends[2 * k + 1]!] as const)),
});

/** Two tasks that any of the agents may take, so that two slots of each count; pools that nothing uses. */
function problemOf(stays: readonly Stay[], poolLimits: readonly number[] = []): SequencingProblem {
  const pairs = [0, 1].flatMap(() => stays.map((_, agent) => agent));
  const absences = stays.flatMap((stay) => stay.absences);
  let numAbsences = 0;
  return buildSequencingProblem({
    ...{ numTasks: 2, numAgents: stays.length, agentSlots: stays.map(({ slots }) => slots) },
    ...{ availableFromMs: stays.map(({ fromMs }) => fromMs), dependencies: [], releaseMs: [0, 0] },
    ...{ pairStart: [0, stays.length, 2 * stays.length], pairAgent: pairs, busyMs: pairs.map(() => 1) },
    deadlineMs: [Infinity, Infinity],
    absences: {
      availableUntilMs: Float64Array.from(stays, ({ untilMs }) => untilMs),
      intervalStart: Int32Array.from([0, ...stays.map((stay) => (numAbsences += stay.absences.length))]),
      fromMs: Float64Array.from(absences, ([from]) => from),
      toMs: Float64Array.from(absences, ([, to]) => to),
    },
    pools: {
      limit: Float64Array.from(poolLimits),
      useStart: new Int32Array(3),
      usePool: new Int32Array(0),
      useAmount: new Float64Array(0),
    },
  });
}

/** Milliseconds of [from, to) in which the agent is there, counted one by one. */
function countPresent({ fromMs, untilMs, absences }: Stay, from: number, to: number): number {
  const isThere = (ms: number): boolean =>
    fromMs <= ms && ms < untilMs && absences.every(([start, end]) => ms < start || ms >= end);
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k).filter(isThere).length;
}

describe("the time of one agent", () => {
  const anyMoment = fc.integer({ min: 0, max: 40 });

  it("is what is left of a window after absences, counted millisecond by millisecond", () => {
    fc.assert(
      fc.property(anyStay, anyMoment, anyMoment, (stay, from, to) => {
        expect(presentMs(problemOf([stay]), 0, from, to)).toBe(countPresent(stay, from, to));
        const never = { ...problemOf([stay]), absences: null };
        expect(presentMs(never, 0, from, to)).toBe(Math.max(0, to - Math.max(from, stay.fromMs)));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("begins and ends a task beside the absences, as early and as late as any whole time does", () => {
    fc.assert(
      fc.property(anyStay, anyMoment, fc.integer({ min: 1, max: 6 }), (stay, moment, busy) => {
        const problem = problemOf([stay]);
        const fits = (start: number): boolean =>
          stay.absences.every(([from, to]) => start + busy <= from || start >= to);
        let start = moment;
        while (!fits(start)) start++;
        expect(skipAbsences(problem, 0, moment, busy, 0)).toBe(start);
        let end = moment;
        while (!fits(end - busy)) end--;
        expect(skipAbsencesBack(problem, 0, end, busy, 0)).toBe(end);
        expect(skipAbsencesBack(problem, 0, moment, busy, 0)).toBe(end);
        const never = { ...problem, absences: null };
        expect([skipAbsences(never, 0, moment, busy, 0), skipAbsencesBack(never, 0, moment, busy, 0)]).toEqual([moment, moment]); // prettier-ignore
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("forgives an end that passes the begin of an absence by rounding alone", () => {
    const problem = problemOf([{ slots: 1, fromMs: 0, untilMs: Infinity, absences: [[10, 20]] }]);
    expect([skipAbsences(problem, 0, 7.001, 3, 0.01), skipAbsences(problem, 0, 7.02, 3, 0.01)]).toEqual([7.001, 20]);
    expect([skipAbsencesBack(problem, 0, 22.999, 3, 0.01), skipAbsencesBack(problem, 0, 22.98, 3, 0.01)]).toEqual([22.999, 10]); // prettier-ignore
  });

  it("starts a task of no length in no absence", () => {
    const problem = problemOf([{ slots: 1, fromMs: 0, untilMs: Infinity, absences: [[10, 20]] }]);
    expect([9, 10, 19, 20].map((start) => skipAbsences(problem, 0, start, 0, 0))).toEqual([9, 20, 20, 20]);
  });
});

describe("the time of all agents", () => {
  const anyPrice = fc.integer({ min: 0, max: 3 });

  it("reaches a work at the first moment at which the priced milliseconds add up to it", () => {
    const anyAgents = fc.array(fc.tuple(anyStay, anyPrice), { minLength: 1, maxLength: 3 });
    const anyPools = fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), anyPrice), { maxLength: 2 });
    const [anyFrom, anyWork] = [fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 90 })];
    fc.assert(
      fc.property(anyAgents, anyPools, anyFrom, anyWork, (agents, pools, from, work) => {
        const problem = problemOf(
          agents.map(([stay]) => stay),
          pools.map(([limit]) => limit),
        );
        const doneBy = (time: number): number =>
          agents.reduce((sum, [stay, price]) => sum + price * stay.slots * countPresent(stay, from, time), 0) +
          pools.reduce((sum, [limit, price]) => sum + price * limit * (time - from), 0);
        let before = from;
        while (doneBy(before + 1) < work && before < from + HORIZON) before++;
        // Within one millisecond nobody comes or goes; beyond the horizon nobody does at all.
        const rate = doneBy(before + 1) - doneBy(before);
        const due = work === 0 ? from : rate === 0 ? Infinity : before + (work - doneBy(before)) / rate;
        const prices = Float64Array.from([...agents, ...pools], ([, price]) => price);
        const found = new FleetTime(problem).timeForWork(from, prices, work);
        expect(Number.isFinite(due) ? found - due : found).toBeCloseTo(Number.isFinite(due) ? 0 : Infinity, 9);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it("keeps the small price of an agent that stays when a dear one leaves", () => {
    const problem = problemOf([
      { slots: 1, fromMs: 0, untilMs: Infinity, absences: [[5, 10_000]] },
      { slots: 1, fromMs: 0, untilMs: Infinity, absences: [] },
    ]);
    // From 6 on the first agent is away until 10,000; the second does the work in 3 ms, whatever it costs.
    expect(new FleetTime(problem).timeForWork(6, Float64Array.of(1, 1e-20), 3e-20)).toBeCloseTo(9, 9);
  });
});
