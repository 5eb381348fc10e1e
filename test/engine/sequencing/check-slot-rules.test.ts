import { describe, expect, it } from "vitest";
import {
  hasExcess,
  isOverloaded,
  type Option,
  orderOnSlot,
  windowOf,
} from "../../../src/engine/sequencing/check-slot-rules.js";

type Window = readonly [busy: number, from: number, to: number];

/** Options of tasks 0, 1, … on agent 0. */
const optionsOf = (...windows: readonly Window[]): Option[] =>
  windows.map(([busy, from, to], task) => ({ task, agent: 0, busy, from, to }));

const always = (): boolean => true;
/** All but the last task can only be here. */
const butLast = (here: readonly Option[]) => (option: Option) => option !== here.at(-1);

function order(windows: readonly Window[], isLastOpen = false): { fits: boolean; left: [number, number][] } {
  const here = optionsOf(...windows);
  const fits = orderOnSlot(here, isLastOpen ? butLast(here) : always, 0);
  return { fits, left: here.map(({ from, to }) => [from, to]) };
}

describe("an order on one slot", () => {
  it("narrows nothing where every order is possible", () => {
    expect(
      order([
        [3, 0, 20],
        [4, 2, 19],
      ]),
    ).toEqual({
      fits: true,
      left: [
        [0, 20],
        [2, 19],
      ],
    });
  });

  it("puts a task behind another that cannot come second", () => {
    // Task 1 would end at 13, so it is first: task 0 starts at 5 at the earliest, and task 1 ends by 17.
    expect(
      order([
        [3, 0, 20],
        [10, 0, 12],
      ]),
    ).toEqual({
      fits: true,
      left: [
        [10, 20],
        [0, 12],
      ],
    });
    expect(
      order([
        [3, 0, 20],
        [10, 8, 30],
      ]),
    ).toEqual({
      fits: true,
      left: [
        [0, 20],
        [8, 30],
      ],
    });
    expect(
      order([
        [3, 0, 12],
        [10, 8, 30],
      ]),
    ).toEqual({
      fits: true,
      left: [
        [0, 12],
        [8, 30],
      ],
    });
  });

  it("needs no more than the tasks take, to the millisecond", () => {
    expect(
      order([
        [3, 0, 12],
        [9, 0, 12],
      ]),
    ).toEqual({
      fits: true,
      left: [
        [0, 12],
        [0, 12],
      ],
    });
    expect(
      order([
        [3, 0, 12],
        [10, 0, 12],
      ]).fits,
    ).toBe(false);
  });

  it("puts a task behind a set of tasks that must come before it", () => {
    // 4 + 4 + 4 within 0 to 13 leave no room for task 3: it starts at 12.
    const three: Window[] = [
      [4, 0, 13],
      [4, 0, 13],
      [4, 0, 13],
    ];
    expect(order([...three, [2, 0, 40]]).left[3]).toEqual([12, 40]);
    expect(order([...three, [2, 5, 40]]).left[3]).toEqual([12, 40]);
    // With one millisecond less it fits between them.
    expect(order([...three, [1, 0, 40]]).left[3]).toEqual([0, 40]);
    // From 2 on there is room for 14 before 16; the set cannot end before 3 + 12.
    const later: Window[] = [
      [4, 3, 16],
      [4, 3, 16],
      [4, 3, 16],
    ];
    expect(order([...later, [2, 2, 40]]).left[3]).toEqual([2, 40]);
    expect(order([...later, [3, 2, 40]]).left[3]).toEqual([15, 40]);
  });

  it("puts a task before a set of tasks that must come after it", () => {
    const three: Window[] = [
      [4, 27, 40],
      [4, 27, 40],
      [4, 27, 40],
    ];
    expect(order([...three, [2, 0, 40]]).left[3]).toEqual([0, 28]);
    expect(order([...three, [1, 0, 40]]).left[3]).toEqual([0, 40]);
  });

  it("starts a task after the latest end that any part of the set forces", () => {
    // Tasks 0 and 1 alone end at 8 at the earliest, task 2 by itself at 13.
    const left = order([
      [4, 0, 14],
      [4, 0, 14],
      [4, 9, 14],
      [3, 0, 40],
    ]).left;
    expect(left[3]).toEqual([13, 40]);
  });

  it("takes tasks that may be elsewhere as no reason for others", () => {
    const open = order(
      [
        [3, 0, 12],
        [10, 0, 12],
      ],
      true,
    );
    // Task 1 may be on another agent: it is left with nothing here, and task 0 stays as it was.
    expect(open.left[0]).toEqual([0, 12]);
    expect(open.left[1]![0] + 10).toBeGreaterThan(open.left[1]![1]);
    expect(open.fits).toBe(true);
  });

  it("lets rounding pass", () => {
    const here = optionsOf([3, 0, 12], [9.0005, 0, 12]);
    expect(orderOnSlot(here, always, 1e-3)).toBe(true);
    expect(orderOnSlot(optionsOf([3, 0, 12], [9.002, 0, 12]), always, 1e-3)).toBe(false);
  });
});

describe("work on several slots", () => {
  /** Two slots. */
  const room = (from: number, to: number): number => 2 * (to - from);

  it("is too much where required tasks exceed an interval", () => {
    const tight = optionsOf([6, 0, 10], [7, 0, 10], [7, 0, 10]);
    expect(isOverloaded(tight, always, room)).toBe(false);
    expect(isOverloaded(optionsOf([7, 0, 10], [7, 0, 10], [7, 0, 10]), always, room)).toBe(true);
    expect(isOverloaded(optionsOf([7, 0, 10], [7, 0, 10], [7, 0, 11]), always, room)).toBe(false);
    expect(isOverloaded(optionsOf([9, 0, 99], [7, 5, 10], [4, 5, 10]), always, room)).toBe(true);
    expect(isOverloaded([], always, room)).toBe(false);
  });

  it("leaves no window to a task that may be elsewhere and does not fit", () => {
    const here = optionsOf([9, 0, 10], [9, 0, 10], [3, 0, 10]);
    expect(isOverloaded(here, butLast(here), room)).toBe(false);
    expect(here.map(({ to }) => to)).toEqual([10, 10, -Infinity]);
    const fitting = optionsOf([9, 0, 10], [9, 0, 10], [2, 0, 10]);
    expect(isOverloaded(fitting, butLast(fitting), room)).toBe(false);
    expect(fitting[2]!.to).toBe(10);
    for (const outside of [
      [3, 0, 11],
      [3, -1, 10],
    ] as const) {
      const other = optionsOf([9, 0, 10], [9, 0, 10], outside);
      isOverloaded(other, butLast(other), room);
      expect(other[2]!.to).toBe(outside[2]);
    }
  });
});

describe("windows", () => {
  it("reach from the first start to the last end", () => {
    expect(windowOf(optionsOf([1, 4, 9], [1, 2, 6], [1, 5, 7]))).toEqual({ from: 2, to: 9 });
  });

  it("have too much work where an interval is exceeded by what lies within", () => {
    const room = (from: number, to: number): number => to - from;
    const excess = (...windows: readonly (readonly [from: number, to: number, work: number])[]): boolean =>
      hasExcess(
        windows.map(([from, to, work]) => ({ from, to, work })),
        room,
      );
    expect(excess()).toBe(false);
    expect(excess([0, 10, 6], [0, 10, 4])).toBe(false);
    expect(excess([0, 10, 6], [0, 10, 5])).toBe(true);
    expect(excess([0, 10, 6], [0, 11, 5])).toBe(false);
    expect(excess([0, 20, 1], [5, 10, 3], [6, 10, 3])).toBe(true);
    expect(excess([0, 20, 9], [5, 10, 3], [8, 10, 2])).toBe(false);
    expect(excess([8, 10, 3], [0, 20, 1])).toBe(true);
  });
});
