import { describe, expect, it } from "vitest";
import { awayOf, type Shape, until } from "./windows-until.js";

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

describe("what one rule alone refutes", () => {
  const ends = (shape: Shape, ...at: readonly number[]): number[] => at.map((end) => until(shape, end));

  it("is that several tasks start after one, or end before one", () => {
    // Two of 5 ms on agent 1 behind 10 ms on agent 0; and two of 5 ms on agent 0 before 10 ms on agent 1.
    const behind: Shape = {
      busy: [
        [10, NO],
        [NO, 5],
        [NO, 5],
      ],
      dependencies: [
        [0, 1],
        [0, 2],
      ],
    };
    expect(ends(behind, 19, 20)).toEqual([20, 0]);
    const before: Shape = {
      busy: [
        [NO, 10],
        [5, NO],
        [5, NO],
      ],
      dependencies: [
        [1, 0],
        [2, 0],
      ],
    };
    expect(ends(before, 19, 20)).toEqual([20, 0]);
  });

  it("is that several tasks start behind an absence, or end before one", () => {
    const two: Shape = { busy: [[6], [6]] };
    // Behind 5 to 10 both, since neither fits before it.
    expect(ends({ ...two, ...awayOf([[[5, 10]]], [Infinity]) }, 21, 22)).toEqual([22, 0]);
    // Only one fits before 11, and the other ends at 24.
    expect(ends({ ...two, ...awayOf([[[11, 18]]], [Infinity]) }, 20, 23, 24)).toEqual([21, 24, 0]);
    const second = awayOf([[[0, 1]], [[5, 10]]], [Infinity, Infinity]);
    expect(
      ends(
        {
          busy: [
            [NO, 6],
            [NO, 6],
          ],
          ...second,
        },
        21,
        22,
      ),
    ).toEqual([22, 0]);
  });

  it("is that a pool puts one task behind another", () => {
    // Tasks 0 and 1 exclude each other, task 2 (5 ms) waits for 1, tasks 3 and 4 (3 ms each on one agent) for 0.
    const shape: Shape = {
      busy: [
        [10, NO, NO, NO],
        [NO, 10, NO, NO],
        [NO, 5, NO, NO],
        [NO, NO, NO, 3],
        [NO, NO, NO, 3],
      ],
      dependencies: [
        [1, 2],
        [0, 3],
        [0, 4],
      ],
      pools: {
        ...{ limit: Float64Array.of(9, 1), useStart: Int32Array.of(0, 1, 3, 3, 3, 3) },
        ...{ usePool: Int32Array.of(1, 0, 1), useAmount: Float64Array.of(1, 9, 1) },
      },
    };
    expect(ends(shape, 24, 25)).toEqual([25, 0]);
  });
});
