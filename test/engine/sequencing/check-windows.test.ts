import { describe, expect, it } from "vitest";
import type { RefutedWindow, WindowsCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { buildSequencingProblem, type SequencingArrays } from "../../../src/engine/sequencing/sequencing-problem.js";

type Shape = Partial<SequencingArrays> & { readonly busy: readonly (readonly number[])[] };

/** Tasks with their busy time on each agent; NaN where the agent cannot take the task. */
function problemOf({ busy, ...own }: Shape) {
  const numAgents = busy[0]!.length;
  const pairs = busy.map((times) => times.flatMap((ms, agent) => (Number.isNaN(ms) ? [] : [{ agent, ms }])));
  const start = [0];
  for (const here of pairs) start.push(start.at(-1)! + here.length);
  return buildSequencingProblem({
    ...{ numTasks: busy.length, numAgents, agentSlots: busy[0]!.map(() => 1), availableFromMs: busy[0]!.map(() => 0) },
    ...{
      pairStart: start,
      pairAgent: pairs.flat().map(({ agent }) => agent),
      busyMs: pairs.flat().map(({ ms }) => ms),
    },
    ...{ dependencies: [], releaseMs: busy.map(() => 0), deadlineMs: busy.map(() => Infinity) },
    ...own,
  });
}

/** The bound by an end that is refuted, 0 where it is not. */
function until(shape: Shape, latestEndMs: number, own: Partial<WindowsCertificate> = {}): number {
  const certificate = { kind: "windows", latestEndMs, refuted: [], prices: null, pricings: [], ...own } as const;
  return certifiedBound(problemOf(shape), certificate);
}

function awayOf(intervals: readonly (readonly (readonly [number, number])[])[], leaves: readonly number[]) {
  const all = intervals.flat();
  const starts = [0];
  for (const here of intervals) starts.push(starts.at(-1)! + here.length);
  return {
    absences: {
      ...{ availableUntilMs: Float64Array.from(leaves), intervalStart: Int32Array.from(starts) },
      ...{ fromMs: Float64Array.from(all, ([from]) => from), toMs: Float64Array.from(all, ([, to]) => to) },
    },
  };
}

const NO = NaN;

describe("an end that windows alone refute", () => {
  it("is before a task can have run: release, arrival, absence", () => {
    const bounds = (shape: Shape, ends: readonly number[]): number[] => ends.map((end) => until(shape, end));
    expect(bounds({ busy: [[6]], releaseMs: [3] }, [8, 9])).toEqual([9, 0]);
    expect(bounds({ busy: [[6]], availableFromMs: [4], releaseMs: [3] }, [9, 10])).toEqual([10, 0]);
    // Away from 5 to 10: 6 ms fit only behind that, 5 ms before it.
    expect(bounds({ busy: [[6]], ...awayOf([[[5, 10]]], [Infinity]) }, [15, 16])).toEqual([16, 0]);
    expect(bounds({ busy: [[5]], ...awayOf([[[5, 10]]], [Infinity]) }, [4, 5])).toEqual([5, 0]);
    const twice = awayOf(
      [
        [
          [5, 10],
          [14, 20],
        ],
      ],
      [Infinity],
    );
    expect(bounds({ busy: [[6]], ...twice }, [25, 26])).toEqual([26, 0]);
    expect(bounds({ busy: [[4]], releaseMs: [3], ...twice }, [13, 14])).toEqual([14, 0]);
    // Absences of the other agent do not count.
    expect(bounds({ busy: [[6, NO]], ...awayOf([[], [[0, 50]]], [Infinity, Infinity]) }, [5, 6])).toEqual([6, 0]);
  });

  it("is any end where a task can nowhere be", () => {
    expect(until({ busy: [[6]], deadlineMs: [5] }, 1000)).toBe(Infinity);
    expect(until({ busy: [[6]], deadlineMs: [6] }, 1000)).toBe(0);
    expect(until({ busy: [[6]], ...awayOf([[]], [5]) }, 1000)).toBe(Infinity);
    expect(until({ busy: [[6]], ...awayOf([[[3, 9]]], [12]) }, 1000)).toBe(Infinity);
    expect(until({ busy: [[6, 4]], deadlineMs: [5] }, 1000)).toBe(0);
  });

  it("is before tasks that wait for each other can have run", () => {
    const chain: Shape = {
      busy: [
        [6, 4],
        [5, 7],
        [3, 3],
      ],
      dependencies: [
        [0, 1],
        [1, 2],
      ],
    };
    expect([until(chain, 11), until(chain, 12)]).toEqual([12, 0]);
    // Task 1 has to end by 8, so task 0 by 3.
    expect(until({ ...chain, deadlineMs: [Infinity, 8, Infinity] }, 1000)).toBe(Infinity);
    expect(until({ ...chain, deadlineMs: [Infinity, 9, Infinity] }, 1000)).toBe(0);
  });

  it("is before one slot can have done all, or several of them", () => {
    expect([until({ busy: [[6], [5]] }, 10), until({ busy: [[6], [5]] }, 11)]).toEqual([11, 0]);
    const two: Shape = { busy: [[10], [10], [10]], agentSlots: [2] };
    expect([until(two, 14), until(two, 15)]).toEqual([15, 0]);
    const away = awayOf([[[2, 4]]], [Infinity]);
    expect([until({ ...two, ...away }, 16), until({ ...two, ...away }, 22)]).toEqual([17, 0]);
  });

  it("is before tasks of one pool can have run", () => {
    const pools = (limit: number, ...amounts: readonly number[]) => ({
      pools: {
        limit: Float64Array.of(limit),
        useStart: Int32Array.from({ length: amounts.length + 1 }, (_, k) => k),
        usePool: new Int32Array(amounts.length),
        useAmount: Float64Array.from(amounts),
      },
    });
    const apart: Shape = {
      busy: [
        [10, NO, NO],
        [NO, 10, NO],
        [NO, NO, 10],
      ],
    };
    // Two of them are more than the pool: one after another.
    expect([until({ ...apart, ...pools(1, 1, 1, 1) }, 29), until({ ...apart, ...pools(1, 1, 1, 1) }, 30)]).toEqual([
      30, 0,
    ]);
    // Two fit, three do not: 30 of work on 2.
    expect([until({ ...apart, ...pools(2, 1, 1, 1) }, 14), until({ ...apart, ...pools(2, 1, 1, 1) }, 15)]).toEqual([
      15, 0,
    ]);
    expect(until({ ...apart, ...pools(3, 1, 1, 1) }, 10)).toBe(0);
    // Only the first two exclude each other; beside either the last one fits.
    const mixed = pools(5, 3, 3, 2);
    expect([until({ ...apart, ...mixed }, 19), until({ ...apart, ...mixed }, 20)]).toEqual([20, 0]);
    // What a task may use least of all decides, on whichever agent it is quickest.
    const quick: Shape = {
      busy: [
        [10, 4],
        [NO, 6],
      ],
      ...pools(1, 1, 1),
    };
    expect([until(quick, 9), until(quick, 10)]).toEqual([10, 0]);
    // Whoever takes nothing of the pool, or no time, is free.
    expect(
      until(
        {
          busy: [
            [10, NO],
            [NO, 10],
          ],
          ...pools(1, 1, 0),
        },
        10,
      ),
    ).toBe(0);
    expect(
      until(
        {
          busy: [
            [10, NO],
            [NO, 0],
          ],
          ...pools(1, 1, 1),
        },
        10,
      ),
    ).toBe(0);
  });

  it("is before agents together can have done the work, at prices", () => {
    const three: Shape = {
      busy: [
        [10, 10],
        [10, 10],
        [10, 10],
      ],
    };
    const prices = Float64Array.of(1, 1);
    expect([until(three, 14, { prices }), until(three, 15, { prices })]).toEqual([15, 0]);
    expect(until(three, 14)).toBe(0);
    // 3 · 10 at the least price of 1, on 1 and 3 · 1 of room.
    const uneven: Shape = {
      busy: [
        [10, 30],
        [10, 30],
        [10, 30],
      ],
      agentSlots: [1, 1],
    };
    expect(until(uneven, 22, { prices: Float64Array.of(3, 1) })).toBe(23);
    expect(until(uneven, 30, { prices: Float64Array.of(3, 1) })).toBe(0);
    const away = awayOf([[[0, 4]], []], [Infinity, Infinity]);
    expect([until({ ...three, ...away }, 16, { prices }), until({ ...three, ...away }, 17, { prices })]).toEqual([
      17, 0,
    ]);
    for (const wrong of [[1], [1, 1, 1], [1, -1], [1, NaN]])
      expect(until(three, 14, { prices: Float64Array.from(wrong) })).toBe(0);
  });

  it("is not rounded up where times are parts", () => {
    expect([until({ busy: [[6.5]] }, 6), until({ busy: [[6.5]] }, 6.5)]).toEqual([6, 0]);
    expect(until({ busy: [[6], [5]] }, 10.5)).toBe(11);
  });
});

describe("an end that refuted windows refute", () => {
  /** Three tasks of 10 ms on two agents: pair 2 i + j is task i on agent j. */
  const three: Shape = {
    busy: [
      [10, 10],
      [10, 10],
      [10, 10],
    ],
  };
  const all = (pair: number, fromMs = 0, toMs = 19): RefutedWindow => ({ pair, fromMs, toMs });
  const refuting = (latestEndMs: number, ...refuted: readonly RefutedWindow[]): number =>
    until(three, latestEndMs, { refuted });

  it("is proven by each assumption in turn", () => {
    // With task 0 on agent 0 there is no room there for another, and none on agent 1 for both; then it is on agent 1.
    expect(refuting(19, all(0))).toBe(20);
    expect(refuting(19)).toBe(0);
  });

  it("may leave out the first or the last starts only", () => {
    // Starts 0 to 4, then the rest: 5 to 9.
    expect(refuting(19, all(0, 0, 4), all(0, 5, 9))).toBe(20);
    expect(refuting(19, all(0, 5, 9), all(0, 0, 4))).toBe(20);
    // What is refuted in the middle leaves both ends.
    expect(refuting(19, all(0, 3, 6))).toBe(0);
    // A start between is missing: from 4 to 5 no whole time lies, from 4 to 6 one does.
    expect(refuting(19, all(0, 0, 4), all(0, 6, 9))).toBe(0);
    expect(refuting(19, all(0, 0, 4.5), all(0, 4.6, 9))).toBe(20);
  });

  it("is not believed where a window is not refuted, or is none", () => {
    expect(refuting(20, all(0, 0, 20))).toBe(0);
    expect(refuting(19, all(0, 9, 0))).toBe(0);
    expect(refuting(19, all(0, NaN, 19))).toBe(0);
    expect(refuting(19, all(99))).toBe(0);
    expect(refuting(19, all(99), all(0))).toBe(20);
  });

  it("is not looked at where it would take too long", () => {
    // Passes over 3 tasks, 2 agents and 6 pairs cost 301.8: 13 252 windows are as many as are checked.
    const known = Array.from({ length: 13_251 }, () => all(99));
    expect(refuting(19, all(0), ...known)).toBe(20);
    expect(refuting(19, all(0), ...known, all(99))).toBe(0);
  });
});
