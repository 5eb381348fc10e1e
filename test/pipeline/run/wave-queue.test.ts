import { PLAIN_TASK } from "../../../src/domain/index.js";
import { describe, expect, it } from "vitest";
import type { Phases } from "../../../src/pipeline/files/phases.js";
import { type OpenDeferral, WaveQueue } from "../../../src/pipeline/run/wave-queue.js";

type PlannedTask = Phases["tasks"][number];

function task(taskId: string, wave: number, dependsOn: readonly string[] = []): PlannedTask {
  return {
    task: { ...PLAIN_TASK, taskId, riskLevel: "LOW", confidence: 0.9, dependsOn },
    ...{ wave, approvalStatus: null, predictedSuccessRate: null, predictedConfidenceDelta: null },
    ...{ heuristicsApplied: [], place: "tasks:1", row: {} },
  };
}

function put(taskId: string, canChange: boolean, stage: OpenDeferral["stage"] = "gate"): OpenDeferral {
  return { taskId, wave: 1, stage, reason: `${taskId} waits`, canChange };
}

const idsIn = (queue: WaveQueue, wave: number) => queue.pending(wave).map((planned) => planned.task.taskId);

/** Books wave 1 and says of each deferral whether it is final. */
function settled(
  queue: WaveQueue,
  deferrals: readonly OpenDeferral[],
  ended: { finished?: string[]; failed?: string[] } = {},
): Record<string, boolean> {
  const rows = queue.settle(1, { finished: [], failed: [], ...ended, deferrals });
  return Object.fromEntries(rows.map(({ taskId, isFinal }) => [taskId, isFinal]));
}

describe("WaveQueue", () => {
  it("gives each wave its own tasks, by id, and leaves other waves aside", () => {
    const queue = new WaveQueue([task("b", 1), task("a", 1), task("c", 2), task("d", 7)], [1, 2]);
    expect([idsIn(queue, 1), idsIn(queue, 2), queue.numTasks]).toEqual([["a", "b"], ["c"], 3]);
  });

  it("carries what can change into the next wave, as a task of that wave, and lets the rest go", () => {
    const queue = new WaveQueue([task("open", 1), task("shut", 1), task("m", 2)], [1, 2]);
    expect(settled(queue, [put("open", true), put("shut", false)])).toEqual({ open: false, shut: true });
    expect(queue.pending(2).map((planned) => [planned.task.taskId, planned.wave])).toEqual([
      ["m", 2],
      ["open", 2],
    ]);
    expect(queue.view(2).find((planned) => planned.task.taskId === "open")!.wave).toBe(2);
    expect(queue.view(2).find((planned) => planned.task.taskId === "shut")!.wave).toBe(1);
  });

  it("makes every deferral of the last wave final", () => {
    const queue = new WaveQueue([task("open", 1)], [1]);
    expect(settled(queue, [put("open", true)])).toEqual({ open: true });
    expect(queue.hasNext(1)).toBe(false);
  });

  it("goes on with a task from wave to wave until it ends", () => {
    const queue = new WaveQueue([task("t", 1), task("u", 2), task("v", 3)], [1, 2, 3]);
    settled(queue, [put("t", true)]);
    queue.settle(2, { finished: ["u"], failed: [], deferrals: [{ ...put("t", true), wave: 2 }] });
    expect(idsIn(queue, 3)).toEqual(["t", "v"]);
    const last = queue.settle(3, { finished: ["v"], failed: [], deferrals: [{ ...put("t", true), wave: 3 }] });
    expect(last).toEqual([{ taskId: "t", wave: 3, stage: "gate", reason: "t waits", isFinal: true, wavesWaited: 3 }]);
    expect([...queue.finished].sort()).toEqual(["u", "v"]);
  });

  it("gives up a whole chain behind a task that failed or is given up", () => {
    const chain = [task("a", 1), task("b", 1, ["a"]), task("c", 1, ["b"]), task("d", 1, ["c"]), task("free", 1)];
    const behindFailure = new WaveQueue([...chain, task("z", 2)], [1, 2]);
    const deferrals = [put("d", true), put("c", true), put("b", true), put("free", true)];
    expect(settled(behindFailure, deferrals, { failed: ["a"] })).toEqual({ b: true, c: true, d: true, free: false });
    expect(idsIn(behindFailure, 2)).toEqual(["free", "z"]);
    const behindRefusal = new WaveQueue([...chain, task("z", 2)], [1, 2]);
    expect(settled(behindRefusal, [...deferrals, put("a", false)])).toMatchObject({ b: true, c: true, d: true });
  });

  it("keeps a chain that waits for a task which is carried on itself", () => {
    const queue = new WaveQueue([task("a", 1), task("b", 1, ["a"]), task("z", 2)], [1, 2]);
    expect(settled(queue, [put("b", true), put("a", true)])).toEqual({ a: false, b: false });
    expect(idsIn(queue, 2)).toEqual(["a", "b", "z"]);
  });

  it("counts the waves a task has waited, from what its row says, and hands the count to the next problem", () => {
    const waiting = task("w", 1);
    const before = { ...waiting, task: { ...waiting.task, wavesWaited: 1 } };
    const queue = new WaveQueue([before, task("x", 2), task("y", 3)], [1, 2, 3]);
    const waited = (wave: number): unknown =>
      queue.settle(wave, { finished: [], failed: [], deferrals: [{ ...put("w", true), wave }] })[0]?.wavesWaited;
    expect(waited(1)).toBe(2);
    expect(queue.view(2).map(({ task: { taskId, wavesWaited } }) => [taskId, wavesWaited])).toContainEqual(["w", 2]);
    expect(waited(2)).toBe(3);
    expect(waited(3)).toBe(4);
  });
});
