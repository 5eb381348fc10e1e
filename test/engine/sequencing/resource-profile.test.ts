import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { ResourceProfile } from "../../../src/engine/sequencing/resource-profile.js";

const HORIZON = 60;

/** The earliest whole time from which the amount fits, looked for millisecond by millisecond. */
function earliest(used: readonly number[], limit: number, from: number, duration: number, amount: number): number {
  for (let start = from; ; start++) {
    const isFree = Array.from({ length: duration }, (_, k) => used[start + k] ?? 0).every(
      (own) => own + amount <= limit,
    );
    if (isFree) return start;
  }
}

describe("a resource profile", () => {
  it("finds the earliest fit, with steps that were joined and split", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = drawingRandom(seed);
      const limit = 1 + random.below(3);
      const profile = new ResourceProfile(limit);
      const used = new Array<number>(HORIZON).fill(0);
      for (let k = 0; k < 25; k++) {
        const [from, duration, amount] = [random.below(30), 1 + random.below(5), 1 + random.below(limit)];
        const start = profile.earliestFit(from, duration, amount);
        expect({ seed, k, start }).toEqual({ seed, k, start: earliest(used, limit, from, duration, amount) });
        profile.add(start, start + duration, amount);
        for (let t = start; t < start + duration; t++) used[t] = (used[t] ?? 0) + amount;
      }
    }
  });

  it("takes over a larger profile, and neither changes with the other afterwards", () => {
    const [original, copy] = [new ResourceProfile(2, 4), new ResourceProfile(2, 1)];
    for (const from of [0, 10, 20, 30]) original.add(from, from + 5, 2);
    copy.copyFrom(original);
    expect([0, 5, 10, 32].map((from) => copy.earliestFit(from, 5, 1))).toEqual([5, 5, 15, 35]);
    original.add(5, 10, 2);
    copy.add(15, 20, 2);
    expect([original.earliestFit(5, 5, 1), copy.earliestFit(5, 5, 1)]).toEqual([15, 5]);
    expect([original.earliestFit(15, 5, 1), copy.earliestFit(15, 5, 1)]).toEqual([15, 25]);
  });

  it("counts no use of no length, and never fits more than its limit", () => {
    const profile = new ResourceProfile(2);
    profile.add(3, 3, 2);
    expect([profile.earliestFit(0, 10, 2), profile.earliestFit(0, 1, 3)]).toEqual([0, Infinity]);
  });
});
