import { describe, expect, it } from "vitest";
import { ContentCover } from "../../../src/engine/sequencing/content-cover.js";
import { TimeWindows } from "../../../src/engine/sequencing/time-windows.js";
import { problemOf } from "./windows-until.js";

/** Five tasks of 10 on two agents with three slots and one: two slots of them take two tasks within 20. */
const five = problemOf({ busy: Array.from({ length: 5 }, () => [10, 10]), agentSlots: [3, 1] });

function windowsUntil(latestEndMs: number): TimeWindows {
  const windows = new TimeWindows(five, null);
  windows.open(latestEndMs);
  windows.propagate();
  return windows;
}

function refute(latestEndMs: number): Float64Array | null {
  const steps = ContentCover.of(five)!.refute(windowsUntil(latestEndMs));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe("ContentCover", () => {
  it("counts what fits once for each slot of an agent", () => {
    const [cover, alike] = [new ContentCover(5), new Float64Array(5).fill(1)];
    expect(cover.isRefutedBy(windowsUntil(19), alike)).toBe(true);
    expect(cover.isRefutedBy(windowsUntil(20), alike)).toBe(false);
  });

  it("refutes the time in which the slots take four tasks, and not the one in which they take all", () => {
    expect(refute(19)).not.toBeNull();
    expect(refute(20)).toBeNull();
  });
});
