import { describe, expect, it } from "vitest";
import type { RefutedWindow } from "../../../src/engine/sequencing/bound-certificate.js";
import { type Shape, until } from "./windows-until.js";

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
    expect(refuting(20, all(0, 0, 20), all(1, 0, 20))).toBe(0);
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
