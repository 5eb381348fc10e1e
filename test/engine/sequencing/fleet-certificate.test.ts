import { describe, expect, it } from "vitest";
import type { BoundCertificate, FleetCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import type { DeferralLeft } from "../../../src/engine/sequencing/deferral-left.js";
import { buildSequencingProblem, type SequencingArrays } from "../../../src/engine/sequencing/sequencing-problem.js";

/** Three tasks of 10, 7 and 5 ms, each on any agent. */
function problemOf(numAgents: number, own: Partial<SequencingArrays> = {}) {
  const each = (value: number): number[] => Array.from({ length: numAgents }, () => value);
  return buildSequencingProblem({
    ...{ numTasks: 3, numAgents, agentSlots: each(1), availableFromMs: each(0) },
    ...{ pairStart: [0, 1, 2, 3].map((task) => task * numAgents), busyMs: [10, 7, 5].flatMap(each) },
    pairAgent: [0, 1, 2].flatMap(() => each(0).map((_, agent) => agent)),
    ...{ dependencies: [], releaseMs: [0, 0, 0], deadlineMs: [Infinity, Infinity, Infinity] },
    ...own,
  });
}

const ALL = [0, 1, 2];
const CHAIN = [
  [0, 1],
  [1, 2],
] as const;

interface Fleet extends Partial<Omit<FleetCertificate, "tasks" | "prices">> {
  readonly tasks?: readonly number[];
  readonly prices?: readonly number[];
}

function fleet(
  numAgents: number,
  own: Partial<SequencingArrays>,
  { tasks = ALL, prices = [1], headMs = 0, tailMs = 0 }: Fleet = {},
  deferral: DeferralLeft | null = null,
): number {
  const certificate = { tasks: Int32Array.from(tasks), prices: Float64Array.from(prices), headMs, tailMs };
  return certifiedBound(problemOf(numAgents, own), { kind: "fleet", ...certificate }, deferral);
}

const path = (tasks: readonly number[], own: Partial<SequencingArrays>, deferral: DeferralLeft | null = null): number =>
  certifiedBound(problemOf(1, own), { kind: "path", tasks: Int32Array.from(tasks) }, deferral);

const left = (most: number, ...weight: readonly number[]): DeferralLeft => ({
  weight: Float64Array.from(weight),
  most,
});

describe("a path", () => {
  it("is as long as its tasks, from the first start of the first one", () => {
    expect([path([0, 1, 2], { dependencies: CHAIN }), path([1, 2], { dependencies: CHAIN })]).toEqual([22, 12]);
    expect(path([0, 1, 2], { dependencies: CHAIN, availableFromMs: [3] })).toBe(25);
    expect(path([1, 2], { dependencies: CHAIN, availableFromMs: [3], releaseMs: [0, 4, 0] })).toBe(16);
    expect([path([0, 2], { dependencies: CHAIN }), path([1, 0], { dependencies: CHAIN }), path([], {})]).toEqual([
      0, 0, 0,
    ]);
  });

  it("counts where its last task runs in every schedule", () => {
    const on = { dependencies: CHAIN };
    expect(path([0, 1, 2], on, left(4, 1, 1, 5))).toBe(22);
    expect(path([0, 1, 2], on, left(5, 1, 1, 5))).toBe(0);
    expect(path([0, 1], on, left(4, 1, 1, 5))).toBe(17);
    expect(path([0], {}, left(4, 5, 1, 1))).toBe(10);
    expect(path([0], {}, left(5, 5, 1, 1))).toBe(0);
  });
});

describe("the work of a fleet", () => {
  it("is shared by all slots of all agents at their prices", () => {
    expect(fleet(1, {})).toBe(22);
    expect(fleet(1, { agentSlots: [2] })).toBe(11);
    expect(fleet(2, {}, { prices: [1, 1] })).toBe(11);
    // 22 = 1 · C + 3 · C at the lower price of 1, 5.5 rounded up.
    expect(fleet(2, {}, { prices: [1, 3] })).toBe(6);
    expect(fleet(2, { agentSlots: [1, 2] }, { prices: [1, 1] })).toBe(8);
    expect(fleet(1, {}, { prices: [7] })).toBe(22);
    expect(fleet(1, { busyMs: [10, 7, 5.5] })).toBeCloseTo(22.5, 9);
  });

  it("waits for agents, and ends before they leave", () => {
    const away = (until: number, from = 0, to = 0) => ({
      absences: {
        ...{ availableUntilMs: Float64Array.of(until), intervalStart: Int32Array.of(0, to > 0 ? 1 : 0) },
        ...{ fromMs: Float64Array.of(from), toMs: Float64Array.of(to) },
      },
    });
    expect(fleet(1, { availableFromMs: [4] })).toBe(26);
    expect(fleet(1, away(Infinity, 3, 9))).toBe(28);
    expect([fleet(1, away(22)), fleet(1, away(21))]).toEqual([22, Infinity]);
    expect([fleet(1, away(28, 3, 9)), fleet(1, away(27, 3, 9))]).toEqual([28, Infinity]);
  });

  it("is that of a pool where pools are priced", () => {
    const pools = {
      ...{ limit: Float64Array.of(2), useStart: Int32Array.of(0, 1, 2, 3), usePool: new Int32Array(3) },
      useAmount: Float64Array.of(1, 1, 2),
    };
    // 10 + 7 + 2 · 5 in 2 · C: 13.5 rounded up.
    expect(fleet(3, { pools }, { prices: [0, 0, 0, 1] })).toBe(14);
    // An agent's price and the pool's add up: 20 + 14 + 15 in 3 · C + 2 · C.
    expect(fleet(3, { pools }, { prices: [1, 1, 1, 1] })).toBe(10);
    // From 2 ms on, of which each may be 2 ms early: 8 + 5 + 2 · 3 in 2 · (C − 2).
    expect(fleet(3, { pools }, { prices: [0, 0, 0, 1], headMs: 2 })).toBe(12);
    expect(fleet(3, { pools }, { prices: [1, 1, 1] })).toBe(8);
    expect(fleet(3, {}, { prices: [1, 1, 1, 1] })).toBe(0);
    expect(fleet(3, { pools }, { prices: [1, 1] })).toBe(0);
  });

  it("is that of each pool at its own price", () => {
    const pools = {
      ...{ limit: Float64Array.of(1, 2), useStart: Int32Array.of(0, 1, 2, 3), usePool: Int32Array.of(0, 1, 1) },
      useAmount: Float64Array.of(1, 1, 2),
    };
    // Only the second pool: 7 + 2 · 5 in 2 · C, 8.5 rounded up. At 2 and 1 for the pools: 20 + 7 + 10 in 2 · C + 2 · C.
    expect(fleet(3, { pools }, { prices: [0, 0, 0, 0, 1] })).toBe(9);
    expect(fleet(3, { pools }, { prices: [0, 0, 0, 2, 1] })).toBe(10);
  });

  it("has no price below 0, whatever the other agents cost", () => {
    // Nothing runs on agent 1, which would take from the room.
    const alone = { pairStart: [0, 1, 2, 3], pairAgent: [0, 0, 0], busyMs: [10, 7, 5] };
    const at = (...prices: number[]): number => fleet(2, alone, { prices });
    expect([at(1, 0), at(1, -1), at(1, NaN), at(1, Infinity), at(NaN, 1)]).toEqual([22, 0, 0, 0, 0]);
  });

  it("leaves the problem as it was", () => {
    const problem = problemOf(1, { dependencies: CHAIN });
    const certificate = {
      kind: "fleet",
      tasks: Int32Array.of(0),
      headMs: 0,
      tailMs: 12,
      prices: Float64Array.of(1),
    } as const;
    expect([1, 2, 3].map(() => certifiedBound(problem, certificate))).toEqual([22, 22, 22]);
  });

  it("is counted less what a task can do before its head and behind its tail", () => {
    const on = { dependencies: CHAIN };
    // Before task 2 run 17 ms, behind task 0 run 12.
    expect(fleet(1, on, { tasks: [2], headMs: 17 })).toBe(22);
    expect(fleet(1, on, { tasks: [2], headMs: 19 })).toBe(22);
    expect(fleet(1, on, { tasks: [0], tailMs: 12 })).toBe(22);
    expect(fleet(1, on, { tasks: [0], tailMs: 14 })).toBe(22);
    // Task 1 has 10 before it and 5 behind it.
    expect(fleet(1, on, { tasks: [1], headMs: 10, tailMs: 5 })).toBe(22);
    expect(fleet(1, on, { tasks: [1], headMs: 12, tailMs: 5 })).toBe(22);
    expect(fleet(1, on, { tasks: [1], headMs: 17, tailMs: 5 })).toBe(0);
  });

  it("is lessened by what may be left out", () => {
    // Of 10, 7 and 5 ms the first may be left out, or the other two.
    expect(fleet(1, {}, {}, left(1, 1, 1, 1))).toBe(12);
    expect(fleet(1, {}, {}, left(2, 2, 1, 1))).toBe(10);
    expect(fleet(1, {}, {}, left(3, 1, 1, 1))).toBe(0);
    // Nothing is behind task 0 for certain where task 1 may be left out; a fifth of task 0 counts as left out.
    expect(fleet(1, { dependencies: [[0, 1]] }, { tasks: [0], tailMs: 7 }, left(1, 5, 1, 1))).toBe(10);
    expect(fleet(1, { dependencies: [[0, 1]] }, { tasks: [0], tailMs: 7 }, left(1, 5, 2, 1))).toBe(15);
  });

  it.each<[string, Fleet]>([
    ["no task", { tasks: [] }],
    ["a task twice", { tasks: [0, 0] }],
    ["a price below 0", { prices: [-1] }],
    ["a price beyond all numbers", { prices: [Infinity] }],
    ["no number", { prices: [NaN] }],
    ["no price", { prices: [] }],
    ["prices of nothing", { prices: [0] }],
  ])("proves nothing with %s", (_, change) => expect(fleet(1, {}, change)).toBe(0));
});

describe("other certificates", () => {
  it("prove nothing by a search or by nothing, nor by windows where tasks may be left out", () => {
    const windows = { kind: "windows", latestEndMs: 21, refuted: [], prices: null, pricings: [] } as const;
    const bounds = (certificate: BoundCertificate, deferral: DeferralLeft | null = null): number =>
      certifiedBound(problemOf(1), certificate, deferral);
    expect([bounds({ kind: "none" }), bounds({ kind: "search" })]).toEqual([0, 0]);
    expect([bounds(windows), bounds(windows, left(1, 1, 1, 1))]).toEqual([22, 0]);
    // No useful schedule is longer than all busy times in a row.
    expect(bounds({ ...windows, latestEndMs: 22 })).toBe(0);
  });

  it("say that there is no schedule where none ends by the last useful time", () => {
    const tight = problemOf(1, { deadlineMs: [9, Infinity, Infinity] });
    const at = (latestEndMs: number): number =>
      certifiedBound(tight, { kind: "windows", latestEndMs, refuted: [], prices: null, pricings: [] });
    expect([at(21), at(22), at(99)]).toEqual([22, Infinity, Infinity]);
  });
});
