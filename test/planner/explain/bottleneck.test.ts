import { describe, expect, it } from "vitest";
import { bottleneckOf, type PlacedTask } from "../../../src/planner/explain/bottleneck.js";

const task = (id: string, agent: string, start: number, end: number, depends_on: string[] = []): PlacedTask => ({
  ...{ task_id: id, agent_id: agent, slot: 0, start_ms: start, end_ms: end, depends_on },
});

describe("the bottleneck of a schedule", () => {
  it("is the chain of slots and dependencies that sets the end, and what it can save", () => {
    const tasks = [task("a", "x", 0, 10), task("b", "y", 0, 4), task("c", "y", 10, 30, ["a"]), task("d", "z", 0, 22)];
    expect(bottleneckOf(tasks)).toMatchObject({
      ...{ task_id: "c", agent_id: "y", end_ms: 30, chain: ["a", "c"], saves_at_most_ms: 8 },
      next: { task_id: "d", agent_id: "z", end_ms: 22 },
      words:
        "c on y is planned to end last, at 30 ms. The chain behind it: a → c; each starts when the one before it ends. Less time for them saves at most 8 ms in this order: then d on z ends last, at 22 ms or later.",
    });
  });

  it("moves up what waits for the chain, by its slot or through others, with the time that it takes itself", () => {
    const tasks = [
      task("a", "x", 0, 20),
      task("b", "x", 20, 30),
      task("c", "y", 20, 29, ["a"]),
      task("d", "y", 29, 29.5),
    ];
    expect(bottleneckOf(tasks)).toMatchObject({
      ...{ chain: ["a", "b"], saves_at_most_ms: 20.5 },
      next: { task_id: "d", agent_id: "y", end_ms: 9.5 },
    });
  });

  it("names no other task where the chain begins after all others would have ended", () => {
    const late = [task("a", "x", 50, 60), task("b", "y", 0, 10), task("c", "y", 60, 65, ["a"])];
    expect(bottleneckOf(late)).toMatchObject({ chain: ["a", "c"], saves_at_most_ms: 15, next: { task_id: "b" } });
    expect(bottleneckOf(late)!.words).toMatch(/saves at most 15 ms in this order\.$/);
  });

  it("says where two ends are the same, and where a task starts late by itself", () => {
    const words = (tasks: readonly PlacedTask[]): string => bottleneckOf(tasks)!.words;
    expect(words([task("a", "x", 0, 20), task("b", "y", 0, 20)])).toContain("b on y ends just as late");
    expect(words([task("a", "x", 5, 20)])).toContain("It starts at 5 ms: its release");
    expect(bottleneckOf([])).toBeNull();
  });
});
